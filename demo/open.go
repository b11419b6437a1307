package demo

import (
	"context"
	"errors"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// Open returns the demo organization with working secrets whenever it can: made now, or with the secrets that a folder
// keeps, or with new ones when the folder has none for this organization (a run that was killed before it saved them, or a
// file or a database that was taken away). A file that cannot be read is an error and is left alone.
func Open(ctx context.Context, pool *pgxpool.Pool, dataDir string) (*Demo, error) {
	d, err := Create(ctx, pool)
	if err != nil {
		return nil, err
	}
	if !d.Created {
		kept, err := Load(dataDir)
		if err == nil && kept.OrganizationID == d.OrganizationID {
			return kept, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err := d.replaceTokens(ctx, pool); err != nil {
			return nil, err
		}
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
	return inTx(ctx, pool, "createDemoTokens", func(tx pgx.Tx) error { return d.issueTokens(ctx, tx, organization) })
}
