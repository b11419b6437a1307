package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// Usage equals a plain sum over the ledger after every single step of any interleaving of reports, settlements, roll-ups of
// any size, rebuilds, crashes of each, and the passing of time.
func TestUsageIsTheLedgerAfterEveryStep(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		g := newGatewayIn(t, pool)
		keys := []report{reportTokens(0), reportTokens(0).by(g.newKey())}
		some := func() report {
			r := rapid.SampledFrom(keys).Draw(rt, "key").from(rapid.SampledFrom([]string{"", "openai"}).Draw(rt, "provider"),
				rapid.SampledFrom([]string{"", "small", "large"}).Draw(rt, "model"))
			r.requests, r.input, r.nanos = rapid.Int64Range(0, 3).Draw(rt, "requests"), rapid.Int64Range(0, 1000).Draw(rt, "input"),
				rapid.Int64Range(0, 1e12).Draw(rt, "nanos")
			r.output, r.cached, r.written = r.nanos%7, r.input/2, r.input/3
			r.parts = model.Parts{Written1h: r.written / 2, AudioInput: r.input, Reasoning: r.output / 2, AudioOutput: r.output / 3, Images: r.nanos % 3,
				Searches: r.nanos % 2, Tier: rapid.SampledFrom([]string{"", "BATCH", "PRIORITY"}).Draw(rt, "tier")}
			return r
		}
		// crash runs something on a connection that ends before the transaction does.
		crash := func(do func(on db.DBTX) error) {
			connection, err := pgx.ConnectConfig(ctx, pool.Config().ConnConfig)
			must(t, 0, err)
			tx, err := connection.Begin(ctx)
			must(t, 0, err)
			must(t, 0, do(tx))
			must(t, 0, connection.PgConn().Conn().Close())
		}
		steps := map[string]func(){
			"record":         func() { g.book(some()) },
			"record many":    func() { _, err := g.recordOn(pool, &g.now, some(), some(), some()); must(t, 0, err) },
			"settle":         func() { g.book(some().settling(g.admit(estimateTokens(1)))) },
			"roll some up":   func() { _, err := g.rollUpOn(pool, rapid.Int32Range(1, 4).Draw(rt, "rows")); must(t, 0, err) },
			"roll all up":    func() { g.rollUp() },
			"rebuild":        func() { _, err := db.New().RebuildRollups(ctx, pool, g.Organization.ID); must(t, 0, err) },
			"crashed report": func() { crash(func(on db.DBTX) error { _, err := g.recordOn(on, &g.now, some()); return err }) },
			"crashed roll-up": func() {
				crash(func(on db.DBTX) error { _, err := g.rollUpOn(on, 100); return err })
			},
			"crashed rebuild": func() {
				crash(func(on db.DBTX) error { _, err := db.New().RebuildRollups(ctx, on, g.Organization.ID); return err })
			},
			"time": func() { g.now = g.now.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Hour)).Draw(rt, "later"))) },
		}
		names := []string{"record", "record", "record many", "settle", "roll some up", "roll some up", "roll all up", "rebuild",
			"crashed report", "crashed roll-up", "crashed rebuild", "time"}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			steps[rapid.SampledFrom(names).Draw(rt, "step")]()
			interval := rapid.SampledFrom(db.AllUsageIntervalValues()).Draw(rt, "interval")
			g.sameAsLedger(interval, rapid.SampledFrom(db.AllUsageDimensionValues()).Draw(rt, "dimension"))
			g.sameAsLedger("DAY", "API_KEY", "WORKSPACE", "PROVIDER", "MODEL", "SERVICE_TIER")
		}
		g.verified()
	})
}
