package standby_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/standby"
)

// Guarantee: a caller sees their own change with the next read, also while no standby has it; once one has replayed it, that answers.
func TestOwnChangeIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	r.awaitStandby()
	r.standbys[0].Exec(`select pg_wal_replay_pause()`)
	r.rename("changed")
	if got := r.read(); got.standby || got.name != "changed" {
		t.Errorf("the read after a change is %+v, want the primary's", got)
	}
	if r.counts.reasons[standby.ReasonBehind] == 0 {
		t.Errorf("the reasons are %v, want one more %q", r.counts.reasons, standby.ReasonBehind)
	}
	r.standbys[0].Exec(`select pg_wal_replay_resume()`)
	if got := r.awaitStandby(); got.name != "changed" {
		t.Errorf("the standby answers %q before it has the change", got.name)
	}
}

// Guarantee: what was changed through another server is seen no later than the bound; a standby that is further behind answers nothing.
func TestLagIsBounded(t *testing.T) {
	t.Parallel()
	const bound = 2 * time.Second
	r := newReplicated(t, 1, bound)
	r.awaitStandby()
	r.standbys[0].Exec(`select pg_wal_replay_pause()`)
	r.renameElsewhere("changed")
	changed, began := time.Now(), time.Time{}
	for a := (answer{}); a.name != "changed"; {
		began = time.Now()
		a = r.read()
		switch {
		case a.name != "changed" && began.Sub(changed) > bound:
			t.Fatalf("a read that begins %v after the change does not see it, want %v at most", began.Sub(changed), bound)
		case a.name == "changed" && a.standby:
			t.Fatal("a standby that replays nothing has the change")
		}
	}
	t.Logf("the change was seen after %v", began.Sub(changed))
	if got := r.read(); got.standby {
		t.Error("a standby beyond the bound answers")
	}
	r.standbys[0].Exec(`select pg_wal_replay_resume()`)
	r.awaitStandby()
}

// Guarantee: a standby that is killed under a load of reads costs nobody an error, and another one and the primary go on.
func TestKilledStandbyCostsNoError(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 2, time.Hour)
	r.awaitStandby()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var reading sync.WaitGroup
	var after atomic.Int64 // reads that began after the kill
	var killed atomic.Bool
	enough := make(chan struct{})
	for range 8 {
		reading.Go(func() {
			for ctx.Err() == nil {
				late := killed.Load()
				if _, err := r.tryRead(ctx); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				if late && after.Add(1) == 200 {
					close(enough)
				}
			}
		})
	}
	r.standbys[0].Kill()
	killed.Store(true)
	select {
	case <-enough:
	case <-time.After(promptly):
		t.Error("reads do not go on")
	}
	cancel()
	reading.Wait()
	r.awaitStandby()
	for _, state := range r.set.States() {
		t.Logf("%+v", state)
	}
}

// Guarantee: a standby that was promoted takes writes of its own, and is not read, whether the promotion has been noticed or not.
func TestPromotedStandbyIsNotRead(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	r.awaitStandby()
	promoted := r.standbys[0]
	promoted.Exec(`select pg_promote(true)`)
	promoted.Exec(`update organizations set name = 'of the other primary'`)
	for range 100 {
		if got := r.read(); got.standby || got.name == "of the other primary" {
			t.Fatalf("%+v, want the primary's answer", got)
		}
	}
	if state := r.set.States()[0]; state.Used {
		t.Error("the promoted server counts as a standby")
	}
}

// Guarantee: a server that is a standby of a copy of this primary, with its system identifier and timeline and ahead of it, is not read.
func TestStandbyOfACopyIsNotRead(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 0, time.Hour)
	original := dbtest.NewPrimary(t) // a copy, too: of the cluster that tests keep
	for range 3 {
		original.Exec(`select pg_switch_wal()`)
		original.Exec(`create table of_the_copy ()`)
		original.Exec(`drop table of_the_copy`)
	}
	other, log := original.Standby(), &lines{}
	r.set = r.start(standby.Config{
		Primary: r.primary.ServerPool(), Standbys: []*pgxpool.Pool{other.ServerPool()}, MaxLag: time.Hour, History: db.AuditHistory{},
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	log.await(t, "standby of a")
	for range 20 {
		if got := r.read(); got.standby || got.name == "" {
			t.Fatalf("%+v, want the primary's answer", got)
		}
	}
}

// Guarantee: a standby that hangs is waited for once, for a bounded time, and by no later read; it is used again when it goes on.
func TestHangingStandbyIsLeft(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	r.awaitStandby()
	const bound = 3 * time.Second // 0.75 s on a machine that has time
	resume := r.standbys[0].Halt()
	began := time.Now()
	for range 3 {
		if got := r.read(); got.standby {
			t.Error("a server that is halted answers")
		}
	}
	took := time.Since(began)
	if t.Logf("three reads took %v", took); took > bound {
		t.Errorf("three reads took %v, want %v at most", took, bound)
	}
	began = time.Now()
	for range 10 {
		r.read()
	}
	if took := time.Since(began); took > bound/2 {
		t.Errorf("reads after that took %v: each waits for the server", took)
	}
	resume()
	r.awaitStandby()
}

// Guarantee: a caller is never answered from before what they were answered last, whichever standby and the primary answer: neither after the
// primary has answered, nor when standbys are at different positions.
func TestReadsAreMonotonic(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 2, time.Hour)
	r.awaitStandby()
	r.standbys[0].Exec(`select pg_wal_replay_pause()`)
	r.renameElsewhere("new")
	r.standbys[1].CatchUp(r.primary)
	r.awaitAnswer("the change by the other standby", func(a answer) bool { return a.standby && a.name == "new" })
	for range 50 {
		if got := r.read(); got.name != "new" {
			t.Fatalf("%+v is older than the answer before", got)
		}
	}
	r.standbys[1].Exec(`select pg_wal_replay_pause()`)
	r.renameElsewhere("newer")
	exact := r.set.BeginExact(t.Context())
	var name string
	if err := r.rows.For(&r.tenant.Organization.ID).QueryRow(exact, `select name from organizations`).Scan(&name); err != nil || name != "newer" {
		t.Fatal(name, err)
	}
	for range 5 {
		if got := r.read(); got.standby || got.name != "newer" {
			t.Fatalf("%+v is older than what the primary has answered", got)
		}
	}
}

// Guarantee: an operation is read from one server: also what it asks for after a change elsewhere.
func TestOperationHasOneSource(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	r.awaitStandby()
	ctx, rows := r.set.Begin(t.Context()), r.rows.For(&r.tenant.Organization.ID)
	for i := range 3 {
		var recovers bool
		if err := rows.QueryRow(ctx, `select pg_is_in_recovery()`).Scan(&recovers); err != nil || !recovers {
			t.Errorf("statement %d: %t, %v", i, recovers, err)
		}
		r.rename(string(rune('a' + i)))
	}
	if r.counts.byStandby == 0 {
		t.Error("no operation is counted as a standby's")
	}
}

// Guarantee: row-level security is the primary's: a standby shows an organization its own rows, and the operator all. Errors of the caller's are
// answered as they are, and not asked for again on the primary.
func TestStandbyHasThePrimarysRights(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	other := r.tenant.Factory.Organization(db.PlanENTERPRISE)
	r.standbys[0].CatchUp(r.primary)
	r.awaitStandby()
	ask := func(organization *uuid.UUID, statement string, into ...any) error {
		return r.rows.For(organization).QueryRow(r.set.Begin(t.Context()), statement).Scan(into...)
	}
	var recovers bool
	var number int
	const count = `select pg_is_in_recovery(), count(*) from organizations`
	if err := ask(&other.ID, count, &recovers, &number); err != nil || !recovers || number != 1 {
		t.Errorf("an organization sees %d organizations, standby %t, %v", number, recovers, err)
	}
	if err := ask(nil, count, &recovers, &number); err != nil || !recovers || number < 2 {
		t.Errorf("the operator sees %d organizations, standby %t, %v", number, recovers, err)
	}
	if err := ask(&other.ID, `select name from organizations where false`, new(string)); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("no row is %v", err)
	}
	if r.counts.reasons[standby.ReasonError] != 0 {
		t.Errorf("%v statements failed on the standby", r.counts.reasons)
	}
}

// Guarantee: a statement that PostgreSQL cancels on a standby because of what it replays is answered by the primary, and the standby is used on.
func TestCanceledStatementIsThePrimarys(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	r.standbys[0].Exec(`alter system set max_standby_streaming_delay = 0`)
	r.standbys[0].Exec(`select pg_reload_conf()`)
	r.awaitStandby()
	const statement = `select pg_is_in_recovery() from organizations, pg_sleep(case when pg_is_in_recovery() then 60 else 0 end)`
	answered := make(chan error, 1)
	var recovers bool
	go func() {
		rows := r.rows.For(&r.tenant.Organization.ID)
		answered <- rows.QueryRow(r.set.Begin(t.Context()), statement).Scan(&recovers)
	}()
	dbtest.Await(t, r.standbys[0].Pool, `select exists (select from pg_stat_activity where query = $1 and state = 'active')`, statement)
	r.primary.Exec(`do $$ begin lock table organizations in access exclusive mode; end $$`)
	if err := <-answered; err != nil || recovers {
		t.Errorf("the answer is a standby's, %t, %v, want the primary's", recovers, err)
	}
	if !r.set.States()[0].Used || r.counts.reasons[standby.ReasonError] != 1 {
		t.Errorf("the standby is %+v and the reasons are %v, want one failed statement and nothing else", r.set.States(), r.counts.reasons)
	}
}

// Guarantee: after a failover the standby that follows the new primary is read again, once it has made a restart point on the new timeline, and not
// before.
func TestSurvivingStandbyIsReadAfterItFollows(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 2, time.Hour)
	next, survivor := r.standbys[0], r.standbys[1]
	both, err := url.Parse(r.primary.Server.URL())
	if err != nil {
		t.Fatal(err)
	}
	other, err := url.Parse(next.Server.URL())
	if err != nil {
		t.Fatal(err)
	}
	both.Host += "," + other.Host
	both.RawQuery = "sslmode=disable&target_session_attrs=read-write"
	pool, err := db.NewPool(t.Context(), db.PoolConfig{URL: both.String(), MaxConnections: 4, Role: db.ServerRole, AllowSuperuser: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	log := &lines{}
	r.rows = db.NewTenantDB(pool)
	r.set = r.start(standby.Config{
		Primary: pool, Standbys: []*pgxpool.Pool{survivor.ServerPool()}, MaxLag: time.Hour, History: db.AuditHistory{},
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	r.awaitStandby()
	r.primary.Kill()
	next.Exec(`select pg_promote(true)`)
	next.Exec(`update organizations set name = 'after the failover'`)
	pool.Reset() // whose connections are to the one that is gone
	log.await(t, "timeline")
	for range 20 {
		if got := r.read(); got.standby || got.name != "after the failover" {
			t.Fatalf("%+v, want the new primary's answer", got)
		}
	}
	survivor.Exec(`alter system set primary_conninfo = '` + next.Server.URL() + `'`)
	survivor.Exec(`select pg_reload_conf()`)
	survivor.CatchUp(next)
	next.Exec(`checkpoint`)
	survivor.CatchUp(next)
	survivor.Exec(`checkpoint`)
	if got := r.awaitStandby(); got.name != "after the failover" {
		t.Errorf("the standby that follows answers %q", got.name)
	}
}
