package denials_test

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/denials"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// fixture is a database with one tenant, and the rows that counters have written to it.
type fixture struct {
	*dbtest.Tenant
	t    *testing.T
	pool *pgxpool.Pool // as its owner
	lost atomic.Int64
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	pool := server.New(t)
	return &fixture{Tenant: dbtest.NewTenant(t, pool), t: t, pool: pool}
}

// counter returns a counter with the role of servers. Without an interval it writes only when it is closed.
func (f *fixture) counter(config denials.Config) *denials.Counter {
	f.t.Helper()
	if config.Pool == nil {
		config.Pool = server.ServerPool(f.t, f.pool)
	}
	if config.Interval == 0 {
		config.Interval = time.Hour
	}
	config.Logger, config.Lost = slog.New(slog.NewTextHandler(f.t.Output(), nil)), func(requests int64) { f.lost.Add(requests) }
	return denials.New(config)
}

// counts returns the sums of a condition's rows, and how many rows there are.
func (f *fixture) counts(condition string) (rows, denied, requests int64) {
	f.t.Helper()
	err := f.pool.QueryRow(f.t.Context(), `select count(*), coalesce(sum(denials), 0), coalesce(sum(requests), 0) from denial_counts where `+condition).
		Scan(&rows, &denied, &requests)
	if err != nil {
		f.t.Fatal(err)
	}
	return rows, denied, requests
}

func (f *fixture) want(condition string, rows, denied, requests int64) {
	f.t.Helper()
	if r, d, q := f.counts(condition); r != rows || d != denied || q != requests {
		f.t.Errorf("%s: %d rows with %d denials of %d requests, want %d with %d of %d", condition, r, d, q, rows, denied, requests)
	}
}

// refusedBy is an answer that limits refuse, the first one decides.
func (f *fixture) refusedBy(limits ...uuid.UUID) *db.UsageAnswer {
	answer := &db.UsageAnswer{APIKeyID: &f.Key.ID, DecidedAt: time.Now()}
	for _, limitID := range limits {
		answer.Denials = append(answer.Denials, &db.Denial{
			Reason: db.DenialReasonRATELIMITED, Limit: &db.LimitStatus{ID: limitID, Kind: db.LimitKindRATE}})
	}
	return answer
}

func unknownKey() *db.UsageAnswer {
	return &db.UsageAnswer{DecidedAt: time.Now(), Denials: []*db.Denial{{Reason: db.DenialReasonKEYNOTFOUND}}}
}

// Requests with keys that do not exist make one row in memory and in the table, however many there are, whoever asks: callers cannot make
// them grow. The operator's are of no organization, and are not counted.
func TestUnknownKeysAreOneRow(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.counter(denials.Config{MaxRows: 1})
	for i := range 10_000 {
		c.Denied(f.Organization.ID, fmt.Sprint("request ", i), unknownKey())
		c.Denied(uuid.Nil, "", unknownKey())
	}
	c.Close()
	f.want(`api_key_id is null and limit_id is null and reason = 'KEY_NOT_FOUND'`, 1, 10_000, 10_000)
	f.want(`true`, 1, 10_000, 10_000)
	if lost := f.lost.Load(); lost != 0 {
		t.Errorf("%d are lost", lost)
	}
}

// No more rows are held than the bound. What has no room is lost and told, and takes nothing away from the rows that are held.
func TestRowsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.counter(denials.Config{MaxRows: 3})
	for range 5 {
		for n := range byte(10) {
			c.Denied(f.Organization.ID, "", f.refusedBy(uuid.UUID{15: n + 1}))
		}
	}
	c.Close()
	f.want(`true`, 3, 15, 15)
	if lost := f.lost.Load(); lost != 5*7 {
		t.Errorf("%d are lost, want 35", lost)
	}
}

// A request that several limits refuse is in the row of each, and one request; one that is asked again with its requestId is counted once,
// and the same requestId of another organization is another request.
func TestRequestsAreCountedOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.counter(denials.Config{})
	one, two := uuid.New(), uuid.New()
	for range 3 {
		c.Denied(f.Organization.ID, "again", f.refusedBy(one, two))
		c.Denied(f.Organization.ID, "", f.refusedBy(two, one))
	}
	c.Denied(uuid.Nil, "again", f.refusedBy(one))
	c.Denied(f.Organization.ID, "", &db.UsageAnswer{APIKeyID: &f.Key.ID, DecidedAt: time.Now()})
	c.Close()
	f.want(fmt.Sprintf(`limit_id = '%s' and limit_kind = 'RATE'`, one), 1, 1+3+1, 1+1)
	f.want(fmt.Sprintf(`limit_id = '%s'`, two), 1, 1+3, 3)
	f.want(`workspace_id is not null and api_key_id is not null`, 2, 9, 5)
}

// Servers that write the same rows at the same time, in whatever order they counted them, lose nothing and do not deadlock.
func TestServersAddUp(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pool := server.ServerPool(t, f.pool)
	var callers sync.WaitGroup
	for s := range 4 {
		c := f.counter(denials.Config{Pool: pool, Interval: time.Millisecond})
		callers.Go(func() {
			for i := range 2_000 {
				c.Denied(f.Organization.ID, "", f.refusedBy(uuid.UUID{15: byte((i*(s+1) + s) % 50)}, uuid.UUID{14: 1, 15: byte(i % 7)}))
			}
			c.Close()
		})
	}
	callers.Wait()
	f.want(`true`, 49+7+1, 2*8_000, 8_000)
	if lost := f.lost.Load(); lost != 0 {
		t.Errorf("%d are lost", lost)
	}
}

// What could not be written is written later, while the database is away and after it: once, in the hour in which it was denied. Nobody waits
// for it.
func TestFailedWritesAreRepeated(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	execute := func(statement string) {
		t.Helper()
		if _, err := f.pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	execute(`alter table denial_counts rename to away`)
	c := f.counter(denials.Config{Interval: time.Millisecond})
	denied := f.refusedBy(uuid.New())
	denied.DecidedAt = time.Now().Add(-2 * time.Hour)
	c.Denied(f.Organization.ID, "", denied)
	dbtest.Await(t, f.pool, `select pg_stat_clear_snapshot() is not null and xact_rollback > 2 from pg_stat_database where datname = current_database()`)
	execute(`alter table away rename to denial_counts`)
	dbtest.Await(t, f.pool, `select exists (select from denial_counts)`)
	c.Close()
	f.want(`hour = date_trunc('hour', now() at time zone 'UTC') at time zone 'UTC' - interval '2 hours'`, 1, 1, 1)
	if lost := f.lost.Load(); lost != 0 {
		t.Errorf("%d are lost", lost)
	}
}

// BenchmarkDenied is what a denied request costs the lane that answers it.
func BenchmarkDenied(b *testing.B) {
	c := denials.New(denials.Config{Interval: time.Hour, Logger: slog.New(slog.DiscardHandler)})
	key := uuid.New()
	answer := &db.UsageAnswer{APIKeyID: &key, DecidedAt: time.Now(), Denials: []*db.Denial{{
		Reason: db.DenialReasonRATELIMITED, Limit: &db.LimitStatus{ID: uuid.New(), Kind: db.LimitKindRATE}}}}
	for name, requestID := range map[string]string{"without a requestId": "", "with a requestId": "request"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Denied(uuid.Nil, requestID, answer)
			}
		})
	}
}

// What limits in SHADOW would have denied is counted by key, limit and hour, apart from what was denied and in none of its sums, whether the request was
// admitted or denied. A denied request that is asked again is counted once there, too, and one that was admitted takes nothing from a later denial.
func TestShadowIsCountedApart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.counter(denials.Config{})
	enforced, shadow := uuid.New(), uuid.New()
	admitted := &db.UsageAnswer{APIKeyID: &f.Key.ID, DecidedAt: time.Now(), Allowed: true}
	admitted.Denials = f.refusedBy(shadow).Denials
	denied := f.refusedBy(enforced)
	shadowed := f.refusedBy(shadow).Denials
	for _, denial := range slices.Concat(admitted.Denials, shadowed) {
		denial.Shadow = true
	}
	denied.Denials = append(denied.Denials, shadowed...)
	for range 3 {
		c.Denied(f.Organization.ID, "", admitted)
		c.Denied(f.Organization.ID, "denied", denied)
	}
	c.Denied(f.Organization.ID, "admitted", admitted)
	c.Denied(f.Organization.ID, "admitted", f.refusedBy(enforced))
	c.Close()
	f.want(`not shadow`, 1, 2, 2)
	f.want(fmt.Sprintf(`shadow and limit_id = '%s'`, shadow), 1, 5, 0)
}
