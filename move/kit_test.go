package move

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/enforce"
	"bursar/verify"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// fixture is a tenant at home of an installation with a further cell, eu. Its methods fail the test on any error.
type fixture struct {
	*dbtest.Tenant // its pool is home's
	cells          *Cells
	eu             *pgxpool.Pool
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	dbtest.Unraced(t, "copies rows from PostgreSQL to PostgreSQL")
	return newFixtureIn(t, server.New(t), server.New(t))
}

func newFixtureIn(t *testing.T, home, eu *pgxpool.Pool) *fixture {
	t.Helper()
	const installation = "00000000-0000-7000-8000-000000000001"
	for name, pool := range map[string]*pgxpool.Pool{"home": home, "eu": eu} {
		exec(t, pool, `insert into cell_identity (name, installation, incarnation) values ($1, $2, $2)`, name, installation)
	}
	exec(t, home, `insert into cells (name, incarnation) values ('home', $1), ('eu', $1)`, installation)
	// the trigger note_organization_cell enters it in the directory
	return &fixture{Tenant: dbtest.NewTenant(t, home), cells: &Cells{Home: home, Others: []Cell{{"eu", eu}}}, eu: eu}
}

func exec(t testing.TB, pool *pgxpool.Pool, statement string, arguments ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), statement, arguments...); err != nil {
		t.Fatalf("%v in %s", err, statement)
	}
}

func value[V any](t testing.TB, pool *pgxpool.Pool, query string, arguments ...any) (v V) {
	t.Helper()
	if err := pool.QueryRow(context.Background(), query, arguments...).Scan(&v); err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	return v
}

func equal[V comparable](t testing.TB, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// begin returns a move of the tenant's organization.
func (f *fixture) begin(to string) *Move {
	f.T.Helper()
	m, err := f.cells.Begin(context.Background(), f.Organization.Slug, to)
	if err != nil {
		f.T.Fatal(err)
	}
	return m
}

// move moves the organization.
func (f *fixture) move(to string) *Move {
	f.T.Helper()
	m := f.begin(to)
	if err := m.Run(context.Background()); err != nil {
		f.T.Fatalf("move to %s: %v", to, err)
	}
	return m
}

// residences returns who decides: that of home and that of eu.
func (f *fixture) residences() string {
	f.T.Helper()
	var all []string
	for _, pool := range []*pgxpool.Pool{f.Pool, f.eu} {
		all = append(all, value[string](f.T, pool, `select coalesce((select o.residence::text from organizations o where o.id = $1), '-')`, f.Organization.ID))
	}
	return strings.Join(all, " ")
}

// rows returns the rows of the organization by table, as texts: but for what is of the database, and for the entries of the audit log about the move itself.
func (f *fixture) rows(pool *pgxpool.Pool) map[string]string {
	f.T.Helper()
	tables, err := tablesOf(context.Background(), pool)
	if err != nil {
		f.T.Fatal(err)
	}
	all := map[string]string{}
	for _, t := range tables {
		var columns []string
		for _, column := range t.Columns {
			name, _, _ := strings.Cut(column, " ")
			if !slices.Contains(t.Local, name) && !(t.Name == organizations && strings.HasPrefix(name, "residence")) {
				columns = append(columns, "t."+quoted(name))
			}
		}
		row := "row (" + strings.Join(columns, ", ") + ")::text"
		condition := t.of(f.Organization.ID)
		if t.Name == "audit_log" {
			condition += " and action <> 'moveOrganization'"
		}
		all[t.Name] = value[string](f.T, pool, fmt.Sprintf(`select coalesce(string_agg(%s, E'\n' order by %s), '') from %s t where %s`, row, row, quoted(t.Name), condition))
	}
	return all
}

// same fails the test for each table whose rows are not the same, and returns how many tables have rows.
func (f *fixture) same(what string, got, want map[string]string) (tables int) {
	f.T.Helper()
	for name := range want {
		if got[name] != want[name] {
			f.T.Errorf("%s: %s has %.2000q, want %.2000q", what, name, got[name], want[name])
		}
		if want[name] != "" {
			tables++
		}
	}
	return tables
}

// verified fails the test unless the books of both databases are right.
func (f *fixture) verified() {
	f.T.Helper()
	for name, pool := range map[string]*pgxpool.Pool{"home": f.Pool, "eu": f.eu} {
		var out bytes.Buffer
		v := verify.New(&out)
		if err := v.Run(context.Background(), pool, &bytes.Buffer{}); err != nil || v.Differences > 0 {
			f.T.Errorf("verify %s: %v\n%s", name, err, out.String())
		}
	}
}

// rollUp adds all of the ledger to the roll-ups, and returns how many rows that were.
func (f *fixture) rollUp(pool *pgxpool.Pool) int64 {
	f.T.Helper()
	added, err := db.New().RollUpUsage(context.Background(), pool, &db.RollUpUsageParams{OrganizationID: f.Organization.ID, Number: 1_000_000})
	if err != nil {
		f.T.Fatal(err)
	}
	return added
}

// unrolled returns how many ledger rows are not in the roll-ups once they have been rolled up.
func (f *fixture) unrolled(pool *pgxpool.Pool) int64 {
	f.T.Helper()
	f.rollUp(pool)
	return value[int64](f.T, pool, `select count(*) - (select sum(requests) from usage_hours where organization_id = $1) from usage_events where organization_id = $1`, f.Organization.ID)
}

// budget makes a budget of tokens of the key, in whatever period.
func (f *fixture) budget(period db.LimitPeriod, amount int64) {
	f.T.Helper()
	value[string](f.T, f.Pool, `select id::text from create_limit($1, null, $2, 'BUDGET', 'TOKENS', $3, $4, '{}')`, f.Organization.ID, f.Key.ID, period, amount)
}

func (f *fixture) scope() db.Scope {
	return db.Scope{OrganizationID: f.Organization.ID, APIKeyID: f.Key.ID}
}

func fingerprint(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func (f *fixture) reserveRequest(id string, tokens int64) *enforce.ReserveRequest {
	return &enforce.ReserveRequest{Scope: f.scope(), RequestID: id, Fingerprint: fingerprint(id), TTLSeconds: 600, Estimate: enforce.Estimate{Requests: 1, Tokens: tokens}}
}

func (f *fixture) recordRequest(id string, tokens int64) *enforce.RecordRequest {
	return &enforce.RecordRequest{Scope: f.scope(), RequestID: id, Fingerprint: fingerprint(id),
		Usage: db.ReportedUsage{Requests: 1, InputTokens: tokens, CostNanos: tokens, Provider: "openai", Model: "gpt", Metadata: "{}"}}
}

// traffic books usage, holds and releases, through one enforcer on a database.
func (f *fixture) traffic(pool *pgxpool.Pool, name string, number int) {
	f.T.Helper()
	ctx := context.Background()
	enforcer := enforce.New(pool, enforce.Config{Lanes: 1})
	defer enforcer.Close()
	for i := range number {
		id := fmt.Sprint(name, i)
		if answer, err := enforcer.Record(ctx, f.recordRequest(id, 3)); err != nil || answer.Error != nil {
			f.T.Fatalf("record: %v", err)
		}
		answer, err := enforcer.Reserve(ctx, f.reserveRequest(id, 5))
		if err != nil || !answer.Allowed {
			f.T.Fatalf("reserve: %v", err)
		}
		if i%2 == 0 {
			settle := f.recordRequest(id+" settled", 4)
			settle.ReservationID = *answer.ReservationID
			if answer, err := enforcer.Record(ctx, settle); err != nil || answer.Error != nil {
				f.T.Fatalf("settle: %v", err)
			}
		}
	}
}

// crash ends a move after a step, as the end of the process would: its connections are gone, and nothing is put right.
func crash(m *Move, at step) (ended *Move) {
	m.after = func(s step) error {
		if s == at {
			return errEnded
		}
		return nil
	}
	return m
}

// ends fails the test unless a move ends with the error of crash.
func (f *fixture) ends(m *Move) {
	f.T.Helper()
	if err := m.Run(context.Background()); !errors.Is(err, errEnded) {
		f.T.Fatalf("the move ended with %v", err)
	}
}

// month is the first instant of this month.
func month() time.Time {
	now := time.Now().UTC()
	return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// testLease is longer than a test.
const testLease = time.Hour

// awaitLocked waits until a claim of webhook deliveries waits for a lock.
func awaitLocked(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	dbtest.AwaitLocked(t, pool, 1, "claim_webhook_deliveries")
}

// load gives the tenant keys, limits, holds and ledger rows, whose books are right.
func (f *fixture) load(large dbtest.Large) {
	f.T.Helper()
	f.Load(large)
	exec(f.T, f.Pool, `update counters c set used_units = 0 where c.organization_id = $1`, f.Organization.ID)
	exec(f.T, f.Pool, `update counters c set used_units = e.cost_nanos
		from (select u.id, sum(e.cost_nanos) as cost_nanos from usage_events e, unnest(e.counter_ids) u (id) where e.organization_id = $1 group by 1) e
		where c.organization_id = $1 and c.id = e.id`, f.Organization.ID)
	exec(f.T, f.Pool, `update counters c set used_units = (
		select count(*) from reservations r where r.organization_id = c.organization_id and c.id = any (r.counter_ids))
		where c.organization_id = $1 and c.kind = 'RATE'`, f.Organization.ID)
}
