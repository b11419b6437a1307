package dbtest

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// timeout is how long a test waits for what must happen. It is long because the machine may be busy.
	timeout = 2 * time.Minute
	// pollPause is the time between two questions whether it has happened.
	pollPause = 5 * time.Millisecond
)

// Await waits until a query answers true.
func Await(t testing.TB, pool *pgxpool.Pool, query string, arguments ...any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	ticker := time.NewTicker(pollPause)
	defer ticker.Stop()
	for {
		var done bool
		if err := pool.QueryRow(ctx, query, arguments...).Scan(&done); err != nil && ctx.Err() == nil {
			t.Fatal(query, err)
		}
		if done {
			return
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			t.Fatalf("%s, with %v, does not become true", query, arguments)
		}
	}
}

// AwaitLocked waits until a number of the statements that contain a text, "" for all, are waiting for a lock in the pool's database.
func AwaitLocked(t testing.TB, pool *pgxpool.Pool, number int, text string) {
	t.Helper()
	Await(t, pool, `select count(*) >= $1 from pg_stat_activity
		where datname = current_database() and wait_event_type = 'Lock' and strpos(query, $2) > 0`, number, text)
}
