package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
	"bursar/observe"
)

// ofOrganization are the flags of commands about one organization or all of them.
type ofOrganization struct {
	Organization string             `placeholder:"SLUG|ID" help:"Of this organization alone, by its slug or id (org_…); unset, of all."`
	Where        databaseOrEmbedded `embed:""`
	Log          logFlags           `embed:""`
}

// with calls use with a pool, whose schema it has checked, and the organization's id (nil: all).
func (f *ofOrganization) with(ctx context.Context, p *program, command string, use func(*pgxpool.Pool, *uuid.UUID) error) error {
	return f.Where.with(ctx, command, f.Log.logger(p.stderr, observe.JSON), func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		organizationID, err := findOrganization(ctx, pool, f.Organization)
		if err != nil {
			return err
		}
		return use(pool, organizationID)
	})
}

// findOrganization returns the id of the organization that --organization names, by its slug or its id; nil if the flag is not
// set.
func findOrganization(ctx context.Context, pool *pgxpool.Pool, named string) (*uuid.UUID, error) {
	if named == "" {
		return nil, nil
	}
	var found []*db.Organization
	var err error
	if prefix, parsed, ok := id.Parse(named); ok && prefix == id.Organization {
		found, err = db.New().FindOrganizations(ctx, pool, &db.FindOrganizationsParams{IDs: []uuid.UUID{parsed}})
	} else {
		found = make([]*db.Organization, 1)
		found[0], err = db.New().FindOrganizationBySlug(ctx, pool, named)
	}
	if errors.Is(err, pgx.ErrNoRows) || err == nil && len(found) == 0 {
		return nil, &misuse{fmt.Sprintf("--organization: there is no organization %q", named)}
	}
	if err != nil {
		return nil, fmt.Errorf("find the organization: %w", err)
	}
	return &found[0].ID, nil
}
