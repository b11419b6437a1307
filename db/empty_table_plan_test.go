package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

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
