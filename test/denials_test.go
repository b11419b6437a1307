package test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

// denied sends requests that a disabled key denies to a server, and returns when all are answered.
func (f *fleet) denied(server int, token, keyID string, number int) {
	f.t.Helper()
	for range number {
		f.once(server, token, "ReserveUsage", object{"key": keyID})
	}
}

// A server that is stopped writes all that it has denied. One that is killed takes its last seconds with it and no more: what was written
// stays, nothing is counted twice, and the next server goes on counting.
func TestDenialsOfServersThatEnd(t *testing.T) {
	t.Parallel()
	url := postgres.NewURL(t)
	pool := postgres.Pool(t, url)
	tenant := dbtest.NewTenant(t, pool)
	token, keyID := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY), id.APIKey.Format(tenant.Key.ID)
	if _, err := pool.Exec(t.Context(), `update access_tokens set accepts_key_ids = true; update api_keys set enabled = false`); err != nil {
		t.Fatal(err)
	}
	f := newFleet(t, url, 1)
	f.denied(0, token, keyID, 20)
	f.servers[0].terminate()
	if code, printed := f.servers[0].finish(); code != 0 || counted(t, pool) != 20 {
		t.Fatalf("exit %d, %d denied requests are counted, want 20:\n%s", code, counted(t, pool), printed)
	}
	f.start(0)
	f.denied(0, token, keyID, 20)
	dbtest.Await(t, pool, `select sum(requests) = 40 from denial_counts`)
	f.denied(0, token, keyID, 20)
	f.servers[0].kill()
	if n := counted(t, pool); n < 40 || n > 60 {
		t.Errorf("%d denied requests are counted of a server that was killed, want 40 to 60", n)
	}
	before := counted(t, pool)
	f.start(0)
	f.denied(0, token, keyID, 5)
	f.servers[0].terminate()
	f.servers[0].finish()
	if n := counted(t, pool); n != before+5 {
		t.Errorf("%d denied requests are counted after the next server, want %d", n, before+5)
	}
}

func counted(t *testing.T, pool *pgxpool.Pool) (requests int64) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select coalesce(sum(requests), 0) from denial_counts`).Scan(&requests); err != nil {
		t.Fatal(err)
	}
	return requests
}
