package db_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/enforce"
)

// updates returns how many rows of a table were updated, and how many of them heap-only: in their page, without a new entry
// in any index. Each session is told to hand in what it has counted, which it does before it answers.
func (g *gateway) updates(table string) (all, heapOnly int64) {
	g.T.Helper()
	ctx := context.Background()
	for _, session := range g.Pool.AcquireAllIdle(ctx) {
		_, err := session.Exec(ctx, `select pg_stat_force_next_flush()`)
		must(g.T, 0, err)
		session.Release()
	}
	must(g.T, 0, g.Pool.QueryRow(ctx, `select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname = $1`, table).
		Scan(&all, &heapOnly))
	return all, heapOnly
}

// Counters are updated in their page: under concurrent reservations and reports, on one hot key and spread over many, nearly
// no update of a counter makes an index entry. Without it every request would cost one in each of the table's indexes.
//
// Versions of a row that a transaction might still see fill their page, so nothing else runs beside it: no other test of this
// package, and none of another in the same PostgreSQL, whichever database it writes to.
func TestCountersAreUpdatedHeapOnly(t *testing.T) {
	dbtest.Long(t, "changes counters thousands of times")
	g := newGatewayIn(t, dbtest.Alone(t).New(t))
	keys := []uuid.UUID{g.Key.ID}
	for range 100 {
		keys = append(keys, g.newKey())
	}
	for _, on := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
		g.budget(on, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 1_000_000*dollar, 999_999*dollar)
		g.rate(on, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 1_000_000)
	}
	g.exec(`insert into limits (organization_id, api_key_id, kind, type, period, max_units)
		select $1, k.id, 'BUDGET', 'TOKENS', 'MONTHLY', 1000000000 from unnest($2::uuid[]) k (id)`, g.Organization.ID, keys)
	enforcer := enforce.New(g.Pool, enforce.Config{})
	updatedBefore, heapOnlyBefore := g.updates("counters")

	const pairs = 1000
	var waiting sync.WaitGroup
	work := make(chan int, pairs)
	for range 16 {
		waiting.Go(func() {
			for i := range work {
				scope := db.Scope{OrganizationID: g.Organization.ID, APIKeyID: keys[0]}
				if i%2 == 1 {
					scope.APIKeyID = keys[i%len(keys)]
				}
				held, err := enforcer.Reserve(t.Context(), &enforce.ReserveRequest{Scope: scope, Fingerprint: digest(i), TTLSeconds: 600,
					Estimate: enforce.Estimate{Requests: 1, Tokens: 10, CostNanos: 10}})
				if err != nil || !held.Allowed {
					t.Errorf("reserve: %v", err)
					return
				}
				booked, err := enforcer.Record(t.Context(), &enforce.RecordRequest{Scope: db.Scope{OrganizationID: g.Organization.ID},
					ReservationID: held.Reservation.ID, Fingerprint: digest(i), Usage: db.ReportedUsage{Requests: -1, InputTokens: 7, CostNanos: 7,
						Metadata: "{}"}})
				if err != nil || booked.Error != nil {
					t.Errorf("record: %v %v", err, booked)
					return
				}
			}
		})
	}
	for i := range pairs {
		work <- i
	}
	close(work)
	waiting.Wait()
	enforcer.Close()

	all, heapOnly := g.updates("counters")
	all, heapOnly = all-updatedBefore, heapOnly-heapOnlyBefore
	t.Logf("counters: %d of %d updates were heap-only", heapOnly, all)
	if all < 500 {
		t.Fatalf("%d updates: the load did not arrive, or the statistics did not", all)
	}
	if float64(heapOnly) < 0.95*float64(all) {
		t.Errorf("%d of %d updates were heap-only, want 95 %%", heapOnly, all)
	}
	// status is in the predicate of an index, so that no settlement can be
	settled, settledHeapOnly := g.updates("reservations")
	t.Logf("reservations: %d of %d updates were heap-only", settledHeapOnly, settled)
}

// No index of counters has a column, in its keys, its expressions or its predicate, that a charge changes, one that opens a
// window included. This is what lets every charge be heap-only.
func TestNoIndexHasACounter(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rows := query[int64](g, `select count(*) from pg_index where indrelid = 'counters'::regclass`)
	if rows == 0 {
		t.Fatal("no index found")
	}
	indexed := query[[]string](g, `
		select coalesce(array_agg(distinct i.indexrelid::regclass || ' has ' || a.attname), '{}')
		from pg_index i
		join pg_attribute a on a.attrelid = i.indrelid and a.attname in ('used_units', 'reserved_units', 'alerted_units',
			'exhaustion_alerted', 'period_number', 'period_start', 'period_end')
		where i.indrelid = 'counters'::regclass and (a.attnum = any (i.indkey) or exists (
			select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
			and d.refobjid = i.indrelid and d.refobjsubid = a.attnum))`)
	for _, index := range indexed {
		t.Error(index)
	}
}
