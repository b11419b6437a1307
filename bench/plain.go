package bench

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// plainRows is the number of table rows that row g updates when it spreads its updates.
const plainRows = 10_000

// Tables of rows f and g, in a schema of their own: minimal, with the fillfactor for heap-only updates that Bursar's own
// tables have.
const (
	createPlainTables = `
		create schema bursar_bench
		create table limits (id integer primary key, type text not null, max_units bigint not null,
			used_units bigint not null default 0, reserved_units bigint not null default 0) with (fillfactor = 50)
		create table reservations (id uuid primary key default gen_random_uuid(), request_id text not null unique,
			limit_ids integer[] not null, tokens bigint not null, cost_nanos bigint not null,
			admitted_at timestamptz not null default now())
		create table counters (id integer primary key, used_units bigint not null default 0) with (fillfactor = 50)`
	insertPlainLimits = `
		insert into bursar_bench.limits (id, type, max_units)
		values (1, 'COST', $1::bigint), (2, 'REQUESTS', $1), (3, 'COST', $1), (4, 'COST', $1)`
	insertPlainRows = `insert into bursar_bench.counters (id) select generate_series(1, $1::integer)`
)

const (
	lockPlainLimits = `
		select type, max_units, used_units, reserved_units from bursar_bench.limits where id = any ($1) order by id for update`
	chargePlainLimits = `
		update bursar_bench.limits set
			used_units = used_units + case type when 'REQUESTS' then 1 else 0 end,
			reserved_units = reserved_units + case type when 'COST' then $2::bigint else 0 end
		where id = any ($1)`
	insertPlainReservation = `
		insert into bursar_bench.reservations (request_id, limit_ids, tokens, cost_nanos) values ($1, $2, $3, $4)`
	addToCounter = `update bursar_bench.counters set used_units = used_units + 1 where id = $1`
)

var errPlainDenied = errors.New("a limit that is far away denied")

// transactions returns workers that decide in Go, one request in a transaction: they lock the four limits of one key, check
// and update them, insert the reservation and commit. That takes five round trips.
func (r *runner) transactions() newWorker {
	return func(_ context.Context, number int) (*worker, error) {
		prefix, calls := requestPrefix("f", number), 0
		return &worker{
			do: func(ctx context.Context) error {
				calls++
				return pgx.BeginFunc(ctx, r.Pool, func(tx pgx.Tx) error {
					return reservePlainly(ctx, tx, prefix+strconv.Itoa(calls))
				})
			},
			close: func() error { return nil }, // the pool owns the connections
		}, nil
	}
}

func reservePlainly(ctx context.Context, tx pgx.Tx, requestID string) error {
	limitIDs := []int32{1, 2, 3, 4}
	rows, err := tx.Query(ctx, lockPlainLimits, limitIDs)
	if err != nil {
		return err
	}
	var kind string
	var most, used, reserved int64
	_, err = pgx.ForEachRow(rows, []any{&kind, &most, &used, &reserved}, func() error {
		units := int64(estimateCostNanos)
		if kind == "REQUESTS" {
			units = 1
		}
		if used+reserved+units > most {
			return errPlainDenied
		}
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, chargePlainLimits, limitIDs, estimateCostNanos); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertPlainReservation, requestID, limitIDs, estimateTokens, estimateCostNanos)
	return err
}

// updates returns workers that add one to a random one of the first rows of a table, each time in a transaction: the rate of
// PostgreSQL and pgx alone.
func (r *runner) updates(first int) newWorker {
	return func(_ context.Context, number int) (*worker, error) {
		random := newRandom(number)
		return &worker{
			do: func(ctx context.Context) error {
				_, err := r.Pool.Exec(ctx, addToCounter, 1+random.IntN(first))
				return err
			},
			close: func() error { return nil }, // the pool owns the connections
		}, nil
	}
}
