package bench

import (
	"context"
	"fmt"
)

// measureManyKeys measures row k: row c once more, then the same over many keys that are loaded in between.
func (r *runner) measureManyKeys(ctx context.Context) error {
	if _, err := r.measure(ctx, r.reserveAll("k").called("k before", ", before many are loaded")); err != nil {
		return err
	}
	if err := r.tell("loading %d keys with %d limits", r.ManyKeys, 3*r.ManyKeys); err != nil {
		return err
	}
	many, err := loadMany(ctx, r.Pool, r.ManyKeys)
	if err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	_, err = r.measure(ctx, row{
		letter: "k", name: "k", newWorker: r.graphQL(many, "k", all, (*caller).reserve, r.Server),
		what: fmt.Sprintf("reserve, %d keys with %d limits, five a request", r.ManyKeys, 3*r.ManyKeys),
	})
	return err
}

// measureLongLedger measures row l: rows c and d once more, the same after a ledger is loaded, and bursar verify.
func (r *runner) measureLongLedger(ctx context.Context) error {
	before, after := ", before the ledger is loaded", fmt.Sprintf(", after %d ledger rows", r.LedgerRows)
	err := r.measureAll(ctx, r.reserveAll("l").called("l c before", before), r.pairs("l").called("l d before", before))
	if err != nil {
		return err
	}
	if err := r.tell("loading %d ledger rows", r.LedgerRows); err != nil {
		return err
	}
	if err := loadLedger(ctx, r.Pool, r.Data, r.LedgerRows); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	err = r.measureAll(ctx, r.reserveAll("l").called("l c", after), r.pairs("l").called("l d", after))
	if err != nil {
		return err
	}
	return r.measureVerify(ctx)
}

// settle has PostgreSQL write to its files what a load changed, which it would otherwise do in the middle of a row. Roles
// that may not ask for it are left with that.
func (r *runner) settle(ctx context.Context) error {
	var may bool
	err := r.Pool.QueryRow(ctx, "select pg_has_role('pg_checkpoint', 'usage')").Scan(&may)
	if err == nil && may {
		_, err = r.Pool.Exec(ctx, "checkpoint")
	}
	if err != nil {
		return fmt.Errorf("have PostgreSQL write what was loaded: %w", err)
	}
	return nil
}
