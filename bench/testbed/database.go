package testbed

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/bench"
	"bursar/db"
	"bursar/db/session"
)

// Prepare brings the build's database, which must be empty, to the build's schema, and loads a number of API keys into it. The
// build's schema must be that of this program. The pool is the caller's to close.
func Prepare(ctx context.Context, build Build, keys int, progress io.Writer) (*pgxpool.Pool, *bench.Data, error) {
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: build.DatabaseURL, ApplicationName: "bursar bench"})
	if err != nil {
		return nil, nil, err
	}
	data, err := prepare(ctx, pool, build, keys, progress)
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	return pool, data, nil
}

func prepare(ctx context.Context, pool *pgxpool.Pool, build Build, keys int, progress io.Writer) (*bench.Data, error) {
	if err := bench.RefuseUsed(ctx, pool); err != nil {
		return nil, err
	}
	if err := build.Migrate(ctx); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(progress, "loading %d keys\n", keys); err != nil {
		return nil, err
	}
	return bench.Load(ctx, pool, keys)
}

// LoadOrganization creates an organization with a number of API keys in a database with this program's schema.
func LoadOrganization(ctx context.Context, databaseURL, slug string, keys int) (*bench.Data, error) {
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: databaseURL, ApplicationName: "bursar bench", Cell: session.AnyCell{}})
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	return bench.LoadOrganization(ctx, pool, slug, keys)
}
