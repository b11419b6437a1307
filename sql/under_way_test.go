package sql_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/sql"
)

// reading begins a transaction that reads the ledger and members until end is called.
func reading(t *testing.T, pool *pgxpool.Pool) (end func()) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	executeOn(t, connection, `set application_name = 'long reader'; begin;
		declare ledger cursor for select * from usage_events; fetch ledger; declare people cursor for select * from members; fetch people`)
	end = sync.OnceFunc(func() {
		if err := connection.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return end
}

func executeOn(t *testing.T, connection *pgx.Conn, statements string) {
	t.Helper()
	if _, err := connection.Exec(t.Context(), statements); err != nil {
		t.Fatal(statements, err)
	}
}

// underWay is a change of the schema that runs beside the test.
type underWay struct {
	t    *testing.T
	pool *pgxpool.Pool
	log  *record
	done chan error
}

// startUp starts an upgrade.
func startUp(t *testing.T, pool *pgxpool.Pool, release sql.Release) *underWay {
	t.Helper()
	log := newRecord()
	u := startChange(t, pool, func(ctx context.Context, pool *pgxpool.Pool) error { return release.Up(ctx, pool, slog.New(log)) })
	u.log = log
	return u
}

func startChange(t *testing.T, pool *pgxpool.Pool, change func(ctx context.Context, pool *pgxpool.Pool) error) *underWay {
	t.Helper()
	u := &underWay{t: t, pool: pool, done: make(chan error, 1)}
	go func() { u.done <- change(context.WithoutCancel(t.Context()), pool) }()
	return u
}

// await waits until the upgrade has logged a message.
func (u *underWay) await(message string) {
	u.t.Helper()
	select {
	case <-u.log.of(message):
	case err := <-u.done:
		u.t.Fatalf("the upgrade ended before it logged %q: %v", message, err)
	case <-time.After(timeout):
		u.t.Fatalf("the upgrade does not log %q", message)
	}
}

// probe runs a statement again and again for as long as the upgrade takes for several tries, and wants it to be prompt.
func (u *underWay) probe(statement string, argument any) {
	u.t.Helper()
	slowest := time.Duration(0)
	for range 100 {
		began := time.Now()
		if _, err := u.pool.Exec(u.t.Context(), statement, argument); err != nil {
			u.t.Fatal(statement, err)
		}
		slowest = max(slowest, time.Since(began))
		select {
		case <-u.t.Context().Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	u.t.Logf("%s took %v at most", statement, slowest)
	if slowest > mostDelay {
		u.t.Errorf("%s took %v", statement, slowest)
	}
}

// ended tells whether the upgrade is over.
func (u *underWay) ended() bool {
	select {
	case err := <-u.done:
		u.done <- err
		return true
	default:
		return false
	}
}

// finish waits for the upgrade, which must succeed.
func (u *underWay) finish() {
	u.t.Helper()
	select {
	case err := <-u.done:
		if err != nil {
			u.t.Fatal(err)
		}
	case <-time.After(timeout):
		u.t.Fatal("the upgrade does not end")
	}
}
