package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/confirmed"
	"bursar/db/dbtest"
	"bursar/fault"
)

// alone is a database whose commits wait for a synchronous standby that is not there.
type alone struct {
	*testing.T
	owner *pgxpool.Pool // whose commits do not wait
	url   string
}

func newAlone(t *testing.T) *alone {
	t.Helper()
	server := dbtest.Alone(t)
	a := &alone{T: t, url: server.NewURL(t)}
	a.owner = server.Pool(t, a.url)
	a.execute(`create table notes (way text)`)
	a.execute(`grant select, insert on notes to public`)
	a.execute(`do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$`)
	a.await(`nobody`)
	return a
}

func (a *alone) execute(statement string, arguments ...any) {
	a.Helper()
	if _, err := a.owner.Exec(a.Context(), statement, arguments...); err != nil {
		a.Fatal(statement, err)
	}
}

// await names the standbys that commits wait for, and returns when they do; "" when they do not.
func (a *alone) await(standbys string) {
	a.Helper()
	a.execute(`alter system set synchronous_standby_names = '` + standbys + `'`)
	a.execute(`select pg_reload_conf()`)
	if standbys == "" {
		return
	}
	pool, err := db.NewPool(a.Context(), db.PoolConfig{URL: a.url})
	if err != nil {
		a.Fatal(err)
	}
	defer pool.Close()
	for err == nil { // as long as the server has not taken notice
		ctx, cancel := context.WithTimeout(a.Context(), 200*time.Millisecond)
		_, err = pool.Exec(ctx, `insert into notes values ('waits')`)
		cancel()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		a.Fatal(err)
	}
	a.execute(`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`)
	dbtest.Await(a, a.owner, `select not exists (select from pg_stat_activity where wait_event = 'SyncRep')`)
}

// enforcement returns a database of enforcement with one connection, and its pool.
func (a *alone) enforcement() (db.DBTX, *pgxpool.Pool) {
	a.Helper()
	control, err := db.NewPool(a.Context(), db.PoolConfig{URL: a.url, StopAbandoned: true})
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(control.Close)
	pool, err := db.NewEnforcementPool(a.Context(), control, 1, nil)
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(pool.Close)
	return confirmed.NewDB(a.Context(), pool), pool
}

const insertNote = `insert into notes values ($1) returning way`

// A transaction whose wait for its synchronous standby ends without the standby is no success, although PostgreSQL reports one: the answer
// is UNAVAILABLE, and not known to have had no effect. That holds for every way to the database that clients' requests take. The
// connection goes on afterwards, and its next success counts.
func TestUnconfirmedCommitIsUnavailable(t *testing.T) {
	t.Parallel()
	a := newAlone(t)
	enforcement, _ := a.enforcement()
	pool, err := db.NewPool(t.Context(), db.PoolConfig{URL: a.url, MaxConnections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	tenants := db.NewTenantDB(pool)
	ways := map[string]func(way string) error{
		"enforcement exec": func(way string) error { return errorOf(enforcement.Exec(t.Context(), insertNote, way)) },
		"enforcement row":  func(way string) error { return enforcement.QueryRow(t.Context(), insertNote, way).Scan(&way) },
		"enforcement rows": func(way string) error { return drain(enforcement.Query(t.Context(), insertNote, way)) },
		"tenant exec":      func(way string) error { return errorOf(tenants.For(nil).Exec(t.Context(), insertNote, way)) },
		"tenant row":       func(way string) error { return tenants.For(nil).QueryRow(t.Context(), insertNote, way).Scan(&way) },
		"tenant rows":      func(way string) error { return drain(tenants.For(nil).Query(t.Context(), insertNote, way)) },
		"transaction": func(way string) error {
			return tenants.InTx(t.Context(), nil, db.Actor{Name: "test", Action: "test"}, func(tx pgx.Tx) error {
				return errorOf(tx.Exec(t.Context(), insertNote, way))
			})
		},
	}
	for name, run := range ways {
		ended := make(chan error, 1)
		go func() { ended <- run(name) }()
		dbtest.Await(t, a.owner, `select exists (select from pg_stat_activity where wait_event = 'SyncRep')`)
		a.execute(`select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`)
		if err := <-ended; fault.CodeOf(db.Fault(err)) != fault.Unavailable || db.TookNoEffect(err) {
			t.Errorf("%s: %v, want UNAVAILABLE of which the effect is not known", name, err)
		}
		dbtest.Await(t, a.owner, `select exists (select from notes where way = $1)`, name) // as the caller cannot know
	}
	a.await("")
	for name, run := range ways {
		if err := run(name); err != nil {
			t.Errorf("%s, when no standby is waited for: %v", name, err)
		}
	}
}

// A statement of enforcement is not canceled at its deadline: its transaction goes on waiting for the standby, on the same connection. A
// success that comes after the deadline is no success either.
func TestLateCommitIsUnavailable(t *testing.T) {
	t.Parallel()
	a := newAlone(t)
	enforcement, pool := a.enforcement()
	if err := pool.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- drain(enforcement.Query(ctx, insertNote, "late")) }()
	<-ctx.Done()
	dbtest.Await(t, a.owner, `select exists (select from pg_stat_activity where wait_event = 'SyncRep' and clock_timestamp() > query_start + interval '1 second')`)
	select {
	case err := <-ended:
		t.Fatalf("the statement ended at its deadline: %v", err)
	default:
	}
	a.await("")
	if err := <-ended; fault.CodeOf(db.Fault(err)) != fault.Unavailable || db.TookNoEffect(err) {
		t.Errorf("after the deadline: %v, want UNAVAILABLE of which the effect is not known", err)
	}
	if err := drain(enforcement.Query(t.Context(), insertNote, "in time")); err != nil {
		t.Error(err)
	}
	if opened := pool.Stat().NewConnsCount(); opened != 1 {
		t.Errorf("%d connections were opened, want the first to be kept", opened)
	}
}

// Once nobody waits for it any more, a statement that is past its deadline gives up its connection at once. Even that does not cancel it in
// PostgreSQL.
func TestLateStatementIsGivenUp(t *testing.T) {
	t.Parallel()
	control := server.New(t)
	if _, err := control.Exec(t.Context(), `create table notes (way text)`); err != nil {
		t.Fatal(err)
	}
	pool, err := db.NewEnforcementPool(t.Context(), control, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	lock, err := control.Acquire(t.Context()) // the statement waits for it
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if _, err := lock.Exec(t.Context(), `select pg_advisory_lock(7)`); err != nil {
		t.Fatal(err)
	}
	if err := pool.Ping(t.Context()); err != nil { // connecting takes none of the statement's time
		t.Fatal(err)
	}
	until, giveUp := context.WithCancel(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- drain(confirmed.NewDB(until, pool).Query(ctx, `with locked as (select pg_advisory_xact_lock(7)) insert into notes select $1 from locked`, "went on"))
	}()
	awaitStatement(t, control, "with locked%", 1.2)
	giveUp()
	if err := <-ended; fault.CodeOf(db.Fault(err)) != fault.Unavailable {
		t.Errorf("%v, want UNAVAILABLE", err)
	}
	awaitStatement(t, control, "with locked%", 1.2) // it goes on
	if _, err := lock.Exec(t.Context(), `select pg_advisory_unlock(7)`); err != nil {
		t.Fatal(err)
	}
	dbtest.Await(t, control, `select exists (select from notes where way = 'went on')`)
}

// drain reads all rows of a query and returns its error.
func drain(rows pgx.Rows, err error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() { // how it ends is what matters
	}
	return rows.Err()
}

func errorOf[T any](_ T, err error) error { return err }
