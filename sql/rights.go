package sql

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// errSettled rolls a transaction back that would change nothing, or that has to wait.
var errSettled = errors.New("rolled back on purpose")

// takeRights takes away the rights that servers of the release before had and this release does not grant. applyFunctions leaves them,
// for calls that are under way go on with the functions that they began with. Those calls have ended when this takes place; without a
// right to take away it waits for none.
func (u *upgrade) takeRights(ctx context.Context) error {
	take := func(drained bool) (changes bool, err error) {
		err = u.change(ctx, "take rights away", func(tx pgx.Tx) error {
			before, err := functionRights(ctx, tx)
			if err != nil {
				return err
			}
			tables, err := u.grantTables(ctx, tx)
			if err != nil {
				return err
			}
			all := append(append([]function(nil), u.source.access...), u.source.functions...)
			if err := u.grantFunctions(ctx, tx, all); err != nil {
				return err
			}
			after, err := functionRights(ctx, tx)
			if err != nil {
				return err
			}
			if changes = tables || before != after; changes && !drained {
				return errSettled
			}
			return nil
		})
		if errors.Is(err, errSettled) {
			err = nil
		}
		return changes, err
	}
	changes, err := take(false)
	if err != nil || !changes {
		return err
	}
	if err := u.drain(ctx); err != nil {
		return err
	}
	_, err = take(true)
	return err
}

// functionRights returns a hash of who may call which function.
func functionRights(ctx context.Context, tx pgx.Tx) (sum string, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(md5(string_agg(concat_ws(' ', p.oid, p.proacl), ',' order by p.oid)), '') from pg_proc p
		where p.pronamespace = current_schema()::regnamespace`).Scan(&sum)
	return sum, err
}
