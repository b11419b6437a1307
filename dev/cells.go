package dev

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells/identity"
	"bursar/db/session"
	"bursar/id"
)

// Cell is a further database in the embedded PostgreSQL, with an organization in it.
type Cell struct {
	Name           string
	URL            string
	Pool           *pgxpool.Pool // as its owner
	Slug           string        // of the organization
	OrganizationID string        // external id
}

// OpenCells makes databases beside home's until there are a number in all, which are cells then: cell-2, cell-3 and so on, each with an organization. migrate brings one to
// this binary's schema. What is there already stays. The pools must be closed.
func OpenCells(ctx context.Context, home *pgxpool.Pool, address string, number int, migrate func(*pgxpool.Pool) error) (all []*Cell, err error) {
	defer func() {
		if err != nil {
			for _, c := range all {
				c.Pool.Close()
			}
		}
	}()
	for n := 2; n <= number; n++ {
		c := &Cell{Name: fmt.Sprintf("cell-%d", n), Slug: fmt.Sprintf("demo-%d", n)}
		if c.URL, err = createDatabase(ctx, home, address, fmt.Sprintf("_cell_%d", n)); err != nil {
			return all, err
		}
		if c.Pool, err = db.NewPool(ctx, db.PoolConfig{URL: c.URL, ApplicationName: "bursar dev", Cell: session.AnyCell{}}); err != nil {
			return all, err
		}
		all = append(all, c)
		if err := migrate(c.Pool); err != nil {
			return all, fmt.Errorf("%s: %w", c.Name, err)
		}
		if _, err := identity.Add(ctx, home, c.Pool, c.Name, nil); err != nil {
			return all, fmt.Errorf("%s: %w", c.Name, err)
		}
		organizationID, err := c.organization(ctx, home)
		if err != nil {
			return all, fmt.Errorf("%s: make its organization: %w", c.Name, err)
		}
		c.OrganizationID = id.Organization.Format(organizationID)
	}
	return all, nil
}

// createDatabase returns the URL of a database beside another one, whose name has a suffix. It makes the database if there is none.
func createDatabase(ctx context.Context, beside *pgxpool.Pool, address, suffix string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", errors.New("the URL of the embedded PostgreSQL cannot be read")
	}
	parsed.Path += suffix
	name := parsed.Path[1:]
	var exists bool
	if err := beside.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists); err != nil || exists {
		return parsed.String(), err
	}
	_, err = beside.Exec(ctx, `create database `+pgx.Identifier{name}.Sanitize()+` encoding 'UTF8' template template0`)
	return parsed.String(), err
}

// organization returns the cell's organization. It claims the slug at home, makes the organization and settles the claim, as createOrganization does; a run that was killed
// in between is gone on with.
func (c *Cell) organization(ctx context.Context, home *pgxpool.Pool) (uuid.UUID, error) {
	var organizationID uuid.UUID
	err := home.QueryRow(ctx, `select o.organization_id from organization_cells o where o.slug = $1`, c.Slug).Scan(&organizationID)
	if errors.Is(err, pgx.ErrNoRows) {
		if organizationID, err = uuid.NewV7(); err != nil {
			return uuid.Nil, err
		}
		_, err = db.New().ClaimOrganization(ctx, home, &db.ClaimOrganizationParams{OrganizationID: organizationID, Slug: c.Slug, Cell: &c.Name})
	}
	if err != nil {
		return uuid.Nil, err
	}
	made, err := db.New().HasOrganization(ctx, c.Pool, organizationID)
	if err == nil && !made {
		err = db.InTx(ctx, c.Pool, db.Actor{Name: "bursar dev", Action: "createDemo"}, func(tx pgx.Tx) error {
			_, err := db.New().CreateOrganization(ctx, tx, &db.CreateOrganizationParams{
				ID: &organizationID, Name: "Demo in " + c.Name, Slug: c.Slug, Plan: db.PlanENTERPRISE,
			})
			return err
		})
	}
	if err != nil {
		return uuid.Nil, err
	}
	return organizationID, db.New().SettleClaim(ctx, home, &db.SettleClaimParams{OrganizationID: organizationID, Made: true})
}
