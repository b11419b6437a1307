package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
)

// A session that has planned the statements of enforcement while there was no reservation reads none that holds something, however many there
// are later, as long as none has ended: neither by the index of API keys, in which all of them are, nor by that of expiry.
func TestPlansOfEmptyTablesReadNoHolds(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	g := newGatewayIn(t, server.Pool(t, server.NewURL(t))) // not one that other tests have planned and counted in
	g.tokenBudget(1_000_000_000)
	connection, err := g.Pool.Acquire(context.Background())
	must(t, 0, err)
	defer connection.Release()
	const holds, size = 600, 20
	for i := range holds / size {
		batch := make([]estimate, size)
		for j := range batch {
			batch[j] = estimateTokens(5).named(fmt.Sprint(i, " ", j)).lasting(time.Hour)
		}
		answers, err := g.reserveOn(connection, new(g.now.Add(time.Duration(i)*time.Second)), batch...)
		must(t, 0, err)
		wantReasons(t, answers[size-1])
	}
	_, err = connection.Exec(context.Background(), `select pg_stat_force_next_flush()`)
	must(t, 0, err)
	var byKey, byExpiry int64
	must(t, 0, connection.QueryRow(context.Background(), `select
		sum(idx_tup_read) filter (where indexrelname = 'reservations_api_key_id_idx'), sum(idx_tup_read) filter (where indexrelname = 'reservations_expires_at_idx')
		from pg_stat_user_indexes where relname = 'reservations'`).Scan(&byKey, &byExpiry))
	equal(t, "holds read by API key", byKey, 0)
	equal(t, "holds read by expiry", byExpiry, 0)
	equal(t, "holds", query[int](g, `select count(*)::integer from reservations where status = 'HELD'`), holds)
}

// Reports that are booked on leases read no other hold of their organization, and write each counter once, whatever they use and give back: a counter that a transaction
// writes twice has its limit looked up again, for each.
func TestReportsOnLeasesReadNoHoldsAndWriteCountersOnce(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	g := newGatewayIn(t, server.Pool(t, server.NewURL(t)))
	g.tokenBudget(1_000_000_000)
	g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodNONE, 1_000_000_000)
	const holds, reports = 200, 50
	connection, err := g.Pool.Acquire(context.Background()) // one, because others tell what they have read and written later
	must(t, 0, err)
	defer connection.Release()
	for i := range holds {
		answers, err := g.reserveOn(connection, &g.now, estimateTokens(5).named(fmt.Sprint("hold ", i)).lasting(5*time.Second)) // ends before the lease
		wantReasons(t, must(t, answers, err)[0])
	}
	granted, err := g.leaseOn(connection, &g.now, wishTokens(100, 3000).costing(1000))
	lease := g.leased(must(t, granted, err)[0].Reservation, 100, 3000, 1000)
	first, err := g.recordOn(connection, &g.now, reportTokens(0).settling(lease.ID)) // makes the month's partition
	wantError(t, must(t, first, err)[0], "")
	read := func() (byExpiry, counters int64) {
		_, err := connection.Exec(context.Background(), `select pg_stat_force_next_flush()`)
		must(t, 0, err)
		must(t, 0, connection.QueryRow(context.Background(), `select
			(select idx_tup_read from pg_stat_user_indexes where indexrelname = 'reservations_expires_at_idx'),
			(select n_tup_upd from pg_stat_user_tables where relname = 'counters')`).Scan(&byExpiry, &counters))
		return byExpiry, counters
	}
	byExpiryBefore, countersBefore := read()
	batch := make([]report, reports)
	for i := range batch {
		batch[i] = reportTokens(30).costing(10).settling(lease.ID)
	}
	answers, err := g.recordOn(connection, &g.now, batch...)
	for _, answer := range must(t, answers, err) {
		wantError(t, answer, "")
	}
	byExpiry, counters := read()
	equal(t, "holds read by expiry", byExpiry-byExpiryBefore, 0)
	equal(t, "counters written", counters-countersBefore, 2)
	g.holding(lease, 49, 1500, 500)
	g.verified()
}
