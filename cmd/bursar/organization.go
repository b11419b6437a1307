package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells/command"
	"bursar/db/fitness"
	"bursar/id"
	"bursar/observe"
)

// ofOrganization are the flags of commands about one organization or all of them.
type ofOrganization struct {
	Organization string             `placeholder:"SLUG|ID" help:"Of this organization alone, by its slug or id (org_…); unset, of all."`
	Where        databaseOrEmbedded `embed:""`
	Log          logFlags           `embed:""`
}

// with calls use with a pool, whose schema it has checked, and the organization's id (nil: all). Of several cells it is the organization's, or that of --cell,
// else home.
func (f *ofOrganization) with(ctx context.Context, p *program, name string, use func(*pgxpool.Pool, *uuid.UUID) error) error {
	logger := f.Log.logger(p.stderr, observe.JSON)
	if f.Organization != "" && f.Where.areSeveral() {
		return f.together(ctx, p, name, func(all []*pgxpool.Pool, organizationID *uuid.UUID) error {
			return use(all[0], organizationID)
		})
	}
	return f.Where.with(ctx, name, logger, func(pool *pgxpool.Pool) error { return f.in(ctx, pool, use) })
}

// in calls use with a pool whose schema it has checked.
func (f *ofOrganization) in(ctx context.Context, pool *pgxpool.Pool, use func(*pgxpool.Pool, *uuid.UUID) error) error {
	if err := fitness.Require(ctx, pool); err != nil {
		return err
	}
	organizationID, err := findOrganization(ctx, pool, f.Organization)
	if err != nil {
		return err
	}
	return use(pool, organizationID)
}

// each is with for every cell where no organization is named, and for what writes lines.
func (f *ofOrganization) each(ctx context.Context, p *program, name string, use func(io.Writer, *pgxpool.Pool, *uuid.UUID) error) error {
	if f.Organization != "" {
		return f.with(ctx, p, name, func(pool *pgxpool.Pool, organizationID *uuid.UUID) error { return use(p.stdout, pool, organizationID) })
	}
	return f.Where.each(ctx, p, name, f.Log.logger(p.stderr, observe.JSON), (*command.Databases).Each, func(to io.Writer, pool *pgxpool.Pool) error {
		return f.in(ctx, pool, func(pool *pgxpool.Pool, _ *uuid.UUID) error { return use(to, pool, nil) })
	})
}

// together calls use with the databases of all cells at once, or with that of the organization alone.
func (f *ofOrganization) together(ctx context.Context, p *program, name string, use func([]*pgxpool.Pool, *uuid.UUID) error) error {
	logger := f.Log.logger(p.stderr, observe.JSON)
	if !f.Where.areSeveral() {
		return f.Where.with(ctx, name, logger, func(pool *pgxpool.Pool) error {
			return f.in(ctx, pool, func(pool *pgxpool.Pool, organizationID *uuid.UUID) error {
				return use([]*pgxpool.Pool{pool}, organizationID)
			})
		})
	}
	look := func(pool *pgxpool.Pool) (*uuid.UUID, error) { return lookForOrganization(ctx, pool, f.Organization) }
	if f.Organization == "" {
		look = nil
	}
	err := f.Where.databases(name, logger).Together(ctx, look, func(pool *pgxpool.Pool) error { return fitness.Require(ctx, pool) }, use)
	if errors.Is(err, command.ErrNowhere) {
		return unknownOrganization(f.Organization)
	}
	return err
}

func unknownOrganization(named string) error {
	return &misuse{fmt.Sprintf("--organization: there is no organization %q", named)}
}

// findOrganization returns the id of the organization that --organization names, by its slug or its id; nil if the flag is not
// set.
func findOrganization(ctx context.Context, pool *pgxpool.Pool, named string) (*uuid.UUID, error) {
	if named == "" {
		return nil, nil
	}
	found, err := lookForOrganization(ctx, pool, named)
	if err == nil && found == nil {
		return nil, unknownOrganization(named)
	}
	return found, err
}

// lookForOrganization returns the id of an organization that is named by its slug or its id; nil: there is none.
func lookForOrganization(ctx context.Context, pool *pgxpool.Pool, named string) (*uuid.UUID, error) {
	var found []*db.Organization
	var err error
	if prefix, parsed, ok := id.Parse(named); ok && prefix == id.Organization {
		found, err = db.New().FindOrganizations(ctx, pool, &db.FindOrganizationsParams{IDs: []uuid.UUID{parsed}})
	} else {
		found = make([]*db.Organization, 1)
		found[0], err = db.New().FindOrganizationBySlug(ctx, pool, named)
	}
	if errors.Is(err, pgx.ErrNoRows) || err == nil && len(found) == 0 {
		return nil, nil //nolint:nilnil // it is no error
	}
	if err != nil {
		return nil, fmt.Errorf("find the organization: %w", err)
	}
	return &found[0].ID, nil
}
