package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// measureManyKeys measures row k: row c again, and the same among many keys, which are loaded in between.
func (r *runner) measureManyKeys(ctx context.Context) error {
	if _, err := r.measure(ctx, r.row(ReserveUniformKeys(), "k").called("k before", ", before many are loaded")); err != nil {
		return err
	}
	if err := r.tell("loading %d keys with %d limits", r.ManyKeys, 3*r.ManyKeys); err != nil {
		return err
	}
	many, err := loadMany(ctx, r.Pool, r.ManyKeys)
	if err != nil {
		return err
	}
	if err := Checkpoint(ctx, r.Pool); err != nil {
		return err
	}
	_, err = r.measure(ctx, row{
		letter: "k", name: "k", newWorker: ReserveUniformKeys().workers(many, "k", r.Server),
		what: fmt.Sprintf("reserve, %d keys with %d limits, five a request", r.ManyKeys, 3*r.ManyKeys),
	})
	return err
}

// measureLongLedger measures row l: rows c and d again, the same after a ledger is loaded, and bursar verify.
func (r *runner) measureLongLedger(ctx context.Context) error {
	before, after := ", before the ledger is loaded", fmt.Sprintf(", after %d ledger rows", r.LedgerRows)
	err := r.measureAll(ctx, r.row(ReserveUniformKeys(), "l").called("l c before", before),
		r.row(ReserveAndRecord(), "l").called("l d before", before))
	if err != nil {
		return err
	}
	if err := r.tell("loading %d ledger rows", r.LedgerRows); err != nil {
		return err
	}
	if err := LoadLedger(ctx, r.Pool, r.Data, r.LedgerRows); err != nil {
		return err
	}
	if err := Checkpoint(ctx, r.Pool); err != nil {
		return err
	}
	err = r.measureAll(ctx, r.row(ReserveUniformKeys(), "l").called("l c", after), r.row(ReserveAndRecord(), "l").called("l d", after))
	if err != nil {
		return err
	}
	return r.measureVerify(ctx)
}

// Checkpoint has PostgreSQL write the changes of a load to its files, so that it does not do so during a measurement. It does
// nothing when the login may not run a checkpoint.
func Checkpoint(ctx context.Context, pool *pgxpool.Pool) error {
	var may bool
	err := pool.QueryRow(ctx, "select pg_has_role('pg_checkpoint', 'usage')").Scan(&may)
	if err == nil && may {
		_, err = pool.Exec(ctx, "checkpoint")
	}
	if err != nil {
		return fmt.Errorf("write a checkpoint: %w", err)
	}
	return nil
}
