package standby_test

import (
	"context"
	"errors"
	"log/slog"
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
	before := time.Now()
	r.renameElsewhere("changed")
	changed := time.Now()
	r.awaitAnswer("the change", func(a answer) bool {
		if now := time.Now(); a.name != "changed" && now.Sub(changed) > bound+500*time.Millisecond {
			t.Fatalf("%v after the change it is not seen, want %v at most", now.Sub(changed), bound)
		}
		if a.standby && a.name == "changed" {
			t.Fatal("a standby that replays nothing has the change")
		}
		return a.name == "changed"
	})
	t.Logf("the change was seen after %v", time.Since(before))
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

// Guarantee: a standby that has lost what it had replayed, as after a crash, is not believed to have it: each statement is held against what the
// standby says in its own transaction.
func TestStandbyThatWentBackIsNotRead(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, 1, time.Hour)
	r.awaitStandby()
	ctx := r.set.Begin(t.Context())
	reading := standby.Of(ctx).Choose(ctx, &r.tenant.Organization.ID)
	if reading == nil {
		t.Fatal("no standby is chosen")
	}
	if err := reading.Check(standby.Checks{Before: 1, After: 1 << 60, Recovers: true}); err == nil {
		t.Error("an answer from the begin of the log is accepted")
	}
	if err := reading.Check(standby.Checks{Before: 1 << 60, After: 1 << 60}); err == nil {
		t.Error("an answer of a primary is accepted")
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
