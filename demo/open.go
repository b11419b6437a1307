package demo

import (
	"context"
	"errors"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// Open returns the demo organization with valid secrets: it creates the organization, or reads the secrets that a folder has, or
// issues new tokens when the folder has none for this organization (a run was killed before it saved them, or the file or the
// database was replaced). A file that cannot be read is an error and is not changed.
func Open(ctx context.Context, pool *pgxpool.Pool, dataDir string) (*Demo, error) {
	d, err := Create(ctx, pool)
	if err != nil {
		return nil, err
	}
	if !d.Created {
		kept, err := Load(dataDir)
		if err == nil && kept.OrganizationID == d.OrganizationID {
			kept.folder = dataDir
			return kept, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err := d.replaceTokens(ctx, pool); err != nil {
			return nil, err
		}
	}
	// without the file nobody knows whether they were imported: see importPrices
	d.PricesDue, d.folder = true, dataDir
	if err := Save(dataDir, d); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Demo) replaceTokens(ctx context.Context, pool *pgxpool.Pool) error {
	organization, err := db.New().FindOrganizationBySlug(ctx, pool, Slug)
	if err != nil {
		return db.Fault(err)
	}
	return inTx(ctx, pool, "createDemoTokens", func(tx pgx.Tx) error { return d.issueTokens(ctx, tx, organization.ID) })
}
