package sql

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// CloseOut is [Release.CloseOut] of this binary's schema.
func CloseOut(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	return ThisRelease().CloseOut(ctx, pool, logger)
}

// CloseOut refuses servers of older releases from now on, and takes away the rights that only they need. It is for a database that Up has
// upgraded, when all servers are of this release. It does nothing in one that no older release has worked on, or that is closed out.
func (r Release) CloseOut(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	// the lock is the session's and ends with it
	defer func() { _ = connection.Hijack().Close(context.WithoutCancel(ctx)) }()
	if err := r.lockPeers(ctx, connection.Conn(), logger); err != nil {
		return err
	}
	status, err := r.StatusOf(ctx, pool)
	if err != nil {
		return err
	}
	if problem := status.Problem(); problem != nil {
		return problem
	}
	if !status.Current() {
		return errors.New("the database's schema is not this binary's")
	}
	bounded, own, err := boundedPool(ctx, pool)
	if err != nil {
		return err
	}
	defer bounded.Close()
	u := &upgrade{release: r, pool: bounded, own: own, logger: logger}
	return u.change(ctx, "close out older releases", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update schema_release set oldest = number where oldest < number`); err != nil {
			return err
		}
		// grants.sql looks for what an older release has made
		if _, err := tx.Exec(ctx, `update schema_objects set release = $1 where release < $1`, r.Number); err != nil {
			return err
		}
		_, err := u.grantTables(ctx, tx)
		return err
	})
}
