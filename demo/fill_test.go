package demo

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// opened is the demo organization as a start of the program finds it.
func opened(t *testing.T, pool *pgxpool.Pool, folder string) *Demo {
	t.Helper()
	d, err := Open(t.Context(), pool, folder)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// waitForPriceLock returns once an import waits for the lock of prices.
func waitForPriceLock(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for ctx := t.Context(); ; {
		waiting := 0
		if err := pool.QueryRow(ctx, `select count(*) from pg_locks where locktype = 'advisory' and not granted
			and database = (select oid from pg_database where datname = current_database())`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting > 0 {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal("the import does not wait for the lock")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Guarantee: a first import that is killed before or in the middle of it leaves no price and is done by the next start; once it is done no
// start does it again, whatever has become of the prices.
func TestImportOfPricesIsDoneOnce(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "imports 3,300 prices")
	pool, folder := server.New(t), t.TempDir()
	if d := opened(t, pool, folder); !d.Created || !d.PricesDue {
		t.Fatalf("%+v, want it to be made, and prices to be due", *d)
	} // killed before the import

	blocker, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blocker.Exec(t.Context(), `select lock_prices()`); err != nil {
		t.Fatal(err)
	}
	killed, kill := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	second := opened(t, pool, folder)
	go func() { ended <- second.importPrices(killed, pool) }()
	waitForPriceLock(t, pool)
	kill()
	if err := <-ended; err == nil {
		t.Error("the import that was killed has no error")
	}
	if err := blocker.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := count(t, pool, "prices"); got != 0 {
		t.Errorf("the import that was killed left %d prices", got)
	}

	if err := opened(t, pool, folder).importPrices(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	imported := count(t, pool, "prices where effective_to is null")
	if imported < 3000 {
		t.Errorf("%d prices are in effect", imported)
	}
	if _, err := pool.Exec(t.Context(), `delete from prices`); err != nil {
		t.Fatal(err)
	}
	last := opened(t, pool, folder)
	if err := last.importPrices(t.Context(), pool); err != nil || last.PricesDue {
		t.Errorf("the import is due again, or fails with %v", err)
	}
	if got := count(t, pool, "prices"); got != 0 {
		t.Errorf("%d prices were imported again", got)
	}
}

// Guarantee: whoever has lost the folder, but not the database, gets no prices that were not there: those that there are or have been stay.
func TestImportOfPricesLeavesThose(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	opened(t, pool, t.TempDir())
	if _, err := pool.Exec(t.Context(), `select set_price(null, 'acme', 'large', false, null, '', null, '[{"unit": "INPUT_TOKENS", "picos": 1}]')`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `select end_price(id, null) from prices`); err != nil {
		t.Fatal(err)
	}
	lost := opened(t, pool, t.TempDir())
	if !lost.PricesDue {
		t.Error("nothing is due, though nobody knows")
	}
	if err := lost.importPrices(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if got := count(t, pool, "prices"); got != 1 {
		t.Errorf("%d prices, want the one that was there", got)
	}
}
