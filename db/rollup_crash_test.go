package db_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
)

// rollUpOn rolls up at most a number of rows on a connection, a transaction or a pool.
func (g *gateway) rollUpOn(on db.DBTX, number int32) (int64, error) {
	return db.New().RollUpUsage(context.Background(), on, &db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: number})
}

// awaitLock waits until a backend waits for a lock.
func (g *gateway) awaitLock(backend uint32) {
	g.T.Helper()
	dbtest.Await(g.T, g.Pool, `select exists (select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock')`, int64(backend))
}

// A report whose transaction is still open when later ones are rolled up is not missed: of one organization none can be
// later, because it waits for the lock, and of another one the watermark is its own.
func TestOverlappingTransactionsAreRolledUp(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	ctx := context.Background()
	g.exec(`select create_usage_partitions(0, $1)`, g.now) // or the first report makes it, and the other organization waits for that one
	open, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	_, err = g.recordOn(open, &g.now, reportTokens(1)) // draws the lowest position, and stays invisible
	must(t, 0, err)

	waiting, err := g.Pool.Acquire(ctx)
	must(t, 0, err)
	defer waiting.Release()
	recorded := make(chan error, 1)
	go func() {
		_, err := g.recordOn(waiting, &g.now, reportTokens(10))
		recorded <- err
	}()
	g.awaitLock(waiting.Conn().PgConn().PID())
	other.book(reportTokens(100))
	equal(t, "rolled up of the other", other.rollUp(), 1)
	equal(t, "rolled up while one is open", g.rollUp(), 0)
	must(t, 0, open.Commit(ctx))
	must(t, 0, <-recorded)
	equal(t, "rolled up in the end", g.rollUp(), 2)
	equal(t, "the later position", query[bool](g, `select max(position) = (
			select position from rollup_watermarks w where w.organization_id = $1)
		from usage_events where organization_id = $1`, g.Organization.ID), true)
	equal(t, "tokens", query[int64](g, `select sum(input_tokens)::bigint from usage_hours where organization_id = $1`, g.Organization.ID), 11)
	g.sameAsLedger("HOUR")
	g.verified()
	other.verified()
}

// A roll-up that is killed in the middle of its statements leaves nothing behind, and the next one adds every row once.
func TestKilledRollUpLeavesNothing(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := context.Background()
	g.book(reportTokens(1))
	g.rollUp()
	g.book(reportTokens(2))

	// It comes to the day of the key after the hour of the key, and has to wait there.
	holding, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	_, err = holding.Exec(ctx, `select from usage_days for update`)
	must(t, 0, err)
	victim, err := pgx.ConnectConfig(ctx, g.Pool.Config().ConnConfig)
	must(t, 0, err)
	backend := victim.PgConn().PID()
	killed := make(chan error, 1)
	go func() {
		_, err := g.rollUpOn(victim, 100)
		killed <- err
	}()
	g.awaitLock(backend)
	g.sameAsLedger("DAY", "API_KEY")
	g.exec(`select pg_terminate_backend($1)`, int64(backend))
	if err := <-killed; err == nil {
		t.Error("the roll-up was not killed")
	}
	must(t, 0, holding.Rollback(ctx))
	g.sameAsLedger("HOUR", "API_KEY")
	equal(t, "tokens of hours", query[int64](g, `select sum(input_tokens)::bigint from usage_hours`), 1)
	equal(t, "rolled up by the next", g.rollUp(), 1)
	g.sameAsLedger("DAY", "API_KEY")
	g.verified()
}
