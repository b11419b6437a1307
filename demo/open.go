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
// database was replaced). The key for first calls is made, or given a new secret, in the same way. A file that cannot be read is an error and is not changed.
func Open(ctx context.Context, pool *pgxpool.Pool, dataDir string) (*Demo, error) {
	d, err := Create(ctx, pool)
	if err != nil {
		return nil, err
	}
	known := false
	if !d.Created {
		kept, err := Load(dataDir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		known = err == nil && kept.OrganizationID == d.OrganizationID
		if known {
			kept.folder = dataDir
			if d = kept; d.APIKey != "" {
				return d, nil
			}
		} else if err := d.replaceTokens(ctx, pool); err != nil {
			return nil, err
		}
	}
	// without the file nobody knows whether prices were imported: see importPrices
	d.PricesDue, d.folder = d.PricesDue || !known, dataDir
	if err := d.issueKey(ctx, pool); err != nil {
		return nil, err
	}
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
