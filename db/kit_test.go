package db_test

import (
	"context"
	"flag"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/db/dbtest"
)

var server *dbtest.Server

func TestMain(m *testing.M) {
	// each of rapid's sequences calls the database some hundred times; -rapid.checks=N is for a change of enforcement
	if err := flag.Set("rapid.checks", strconv.Itoa(dbtest.Repeat(10))); err != nil {
		panic(err)
	}
	dbtest.Main(m, func(s *dbtest.Server) {
		server = s
		server.Prepare = `select create_usage_partitions(0, '` + noon.Format(time.RFC3339) + `')` // else most tests would make it
	})
}

// noon is when a test's gateway begins: a Wednesday, inside every period and window.
var noon = time.Date(2026, time.March, 11, 12, 0, 30, 0, time.UTC)

// gateway calls the database's functions for one tenant at one instant, and fails the test on any error.
type gateway struct {
	*dbtest.Tenant
	now time.Time
}

// newGateway makes a tenant in a database of the test's own.
func newGateway(t *testing.T) *gateway {
	t.Helper()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	return newGatewayIn(t, server.New(t))
}

// newGatewayIn makes a tenant in a database that the cases of one test share.
func newGatewayIn(t *testing.T, pool *pgxpool.Pool) *gateway {
	t.Helper()
	return &gateway{Tenant: dbtest.NewTenant(t, pool), now: noon}
}

// at returns the gateway at another instant.
func (g *gateway) at(now time.Time) *gateway { return &gateway{Tenant: g.Tenant, now: now} }

// after returns the gateway at a later instant.
func (g *gateway) after(d time.Duration) *gateway { return g.at(g.now.Add(d)) }

// neighbour returns a gateway of another tenant in the same database.
func (g *gateway) neighbour() *gateway {
	g.T.Helper()
	return &gateway{Tenant: dbtest.NewTenant(g.T, g.Pool), now: g.now}
}

// exec runs a statement.
func (g *gateway) exec(statement string, arguments ...any) {
	g.T.Helper()
	_, err := g.Pool.Exec(context.Background(), statement, arguments...)
	must(g.T, 0, err)
}

// query returns the only value of a query.
func query[V any](g *gateway, statement string, arguments ...any) V {
	g.T.Helper()
	rows, err := g.Pool.Query(context.Background(), statement, arguments...)
	must(g.T, 0, err)
	value, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[V])
	return must(g.T, value, err)
}

// rowsOf returns the rows of a query whose columns are the fields of a struct.
func rowsOf[V any](g *gateway, statement string, arguments ...any) []*V {
	g.T.Helper()
	rows, err := g.Pool.Query(context.Background(), statement, arguments...)
	must(g.T, 0, err)
	values, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[V])
	return must(g.T, values, err)
}

// must returns a value or fails the test.
func must[V any](t testing.TB, value V, err error) V {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// equal fails the test, and goes on, unless a value is the wanted one.
func equal[V comparable](t testing.TB, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// equalTime is equal for instants, in whatever zone.
func equalTime(t testing.TB, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s, want %s", what, got.UTC().Format(time.RFC3339Nano), want.UTC().Format(time.RFC3339Nano))
	}
}

// whole returns a numeric as an integer of any size.
func whole(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

// verified fails the test unless counters and roll-ups are what reservations and the ledger say. To plan that statement takes 25 ms, to execute it 5: a
// session of a test plans it once.
func (g *gateway) verified() {
	g.T.Helper()
	err := pgx.BeginFunc(context.Background(), g.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `set local plan_cache_mode = force_generic_plan`); err != nil {
			return err
		}
		differences, err := db.New().FindLedgerDifferences(context.Background(), tx, g.Organization.ID)
		for _, d := range differences {
			g.T.Errorf("%s of %s: stored %s, expected %s", d.What, d.Subject, d.Stored, d.Expected)
		}
		return err
	})
	must(g.T, 0, err)
}

// rollUp adds all of the ledger to the roll-ups.
func (g *gateway) rollUp() int64 {
	g.T.Helper()
	added, err := db.New().RollUpUsage(context.Background(), g.Pool,
		&db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: 1_000_000})
	return must(g.T, added, err)
}

// closePeriods runs the reset job's statement.
func (g *gateway) closePeriods() int32 {
	g.T.Helper()
	closed, err := db.New().ClosePeriods(context.Background(), g.Pool,
		&db.ClosePeriodsParams{Number: 10_000, OrganizationID: g.Organization.ID, Now: &g.now})
	return must(g.T, closed, err)
}

// sweep runs the expiry job's statement.
func (g *gateway) sweep() int32 {
	g.T.Helper()
	swept, err := db.New().SweepReservations(context.Background(), g.Pool,
		&db.SweepReservationsParams{OrganizationID: g.Organization.ID, Number: 1000, Now: &g.now})
	return must(g.T, swept, err)
}

// newKey returns the id of a new key in the tenant's workspace.
func (g *gateway) newKey() uuid.UUID {
	g.T.Helper()
	key, _ := g.Factory.Key(g.Organization.ID, &g.Workspace.ID, &g.Owner.ID)
	return key.ID
}

// rolledBack runs a change in a transaction that is rolled back.
func (g *gateway) rolledBack(change func(on db.DBTX)) {
	g.T.Helper()
	tx, err := g.Pool.Begin(context.Background())
	must(g.T, 0, err)
	change(tx)
	must(g.T, 0, tx.Rollback(context.Background()))
}
