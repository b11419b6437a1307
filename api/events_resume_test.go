package api_test

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

// addRecipient changes a workspace in a transaction, and locks nothing that others wait for.
func addRecipient(t *testing.T, tx pgx.Tx, workspace *db.Workspace) {
	t.Helper()
	if _, err := tx.Exec(t.Context(), "insert into recipients (organization_id, workspace_id, email) values ($1, $2, 'late@acme.test')",
		workspace.OrganizationID, workspace.ID); err != nil {
		t.Fatal(err)
	}
}

// Guarantee: who comes back with the id of the last event is told at once of everything that has changed since, at this server or at another,
// and of nothing that another organization did; the ledger's part of it, too.
func TestListenersComeBack(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	s, first := listen(a, a.Admin, nil)
	s.leave()
	renameKey(a, "while away")
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}})
	another := kit.Serve(t, a.Pool)
	another.Tenant, another.Admin = a.Tenant, a.Admin
	_, back := listen(another, a.Admin, map[string]string{"Last-Event-ID": first.id})
	if back.name != "change" || !slices.Contains(back.IDs, a.KeyID()) || back.id == first.id {
		t.Fatalf("the first event is %+v", back)
	}
	wantTypes(t, back, "ApiKey", "AuditEntry", "UsageEvent", "Organization")
	_, later := listen(another, a.Admin, map[string]string{"Last-Event-ID": back.id})
	if later.name != "change" || slices.Contains(later.IDs, a.KeyID()) {
		t.Errorf("it is told again: %+v", later)
	}
}

// Guarantee: who comes back with an id that says nothing here, because it is malformed, of another organization, from before a restart of
// PostgreSQL, or of a future that was lost, is told to read everything again.
func TestUnknownEventsReset(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	b := kit.Serve(t, a.Pool)
	_, first := listen(a, a.Admin, nil)
	_, other := listen(b, b.Admin, nil)
	for _, id := range []string{"1", "x-y-z", other.id, "g" + first.id[1:], first.id + "9999999", first.id[:17] + "9223372036854775806:9223372036854775807:-0",
		first.id[:17] + "3:4-0", first.id[:17] + "4:3:-0", first.id[:17] + "3:9:8,5-0", first.id[:17] + "::-0"} {
		if _, e := listen(a, a.Admin, map[string]string{"Last-Event-ID": id}); e.name != "reset" || e.id == "" {
			t.Errorf("%q: %+v", id, e)
		}
	}
}

// Guarantee: a transaction that commits late is told, although one that began later, with later ids and times, was told before: to those who
// listen, and to those who come back with an id from in between.
func TestLateCommitsAreTold(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := a.Tenant.Factory.Workspace(a.Tenant.Organization.ID)
	s, _ := listen(a, a.Admin, nil)
	late, err := a.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = late.Rollback(context.Background()) }()
	addRecipient(t, late, other)
	renameKey(a, "early")
	heard := s.await(a.KeyID())
	for _, e := range heard {
		if slices.Contains(e.IDs, id.Workspace.Format(other.ID)) {
			t.Fatalf("told before its commit: %+v", e)
		}
	}
	if err := late.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.await(id.Workspace.Format(other.ID))
	if _, back := listen(a, a.Admin, map[string]string{"Last-Event-ID": heard[len(heard)-1].id}); !slices.Contains(back.IDs, id.Workspace.Format(other.ID)) {
		t.Errorf("who comes back is told %+v", back)
	}
}

// Guarantee: what is rolled back is told to nobody.
func TestRolledBackChangesAreNotTold(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := a.Tenant.Factory.Workspace(a.Tenant.Organization.ID)
	s, _ := listen(a, a.Admin, nil)
	tx, err := a.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	addRecipient(t, tx, other)
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	renameKey(a, "after it")
	for _, e := range s.await(a.KeyID()) {
		if slices.Contains(e.IDs, id.Workspace.Format(other.ID)) {
			t.Errorf("told: %+v", e)
		}
	}
}

// Guarantee: listeners miss nothing when the connection that gets notifications is lost, and it is opened again.
func TestALostConnectionLosesNoEvent(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	s, _ := listen(a, a.Admin, nil)
	for _, name := range []string{"once", "twice"} {
		dbtest.Await(t, a.Pool, `select count(pg_terminate_backend(pid)) = 1 from pg_stat_activity
			where datname = current_database() and query = 'listen bursar_changes'`)
		renameKey(a, name)
		s.await(a.KeyID())
	}
}

// Guarantee: a burst of changes is a few events, at most one a second, and names each thing once.
func TestBurstsAreMerged(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	s, _ := listen(a, a.Admin, nil)
	for range 50 {
		renameKey(a, "again")
		renameKey(a, "and again")
	}
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.WorkspaceID(), "type": "TOKENS", "amount": 100}})
	heard := s.await(a.WorkspaceID())
	if len(heard) > 20 {
		t.Errorf("100 changes are %d events", len(heard))
	}
	for _, e := range heard {
		if slices.Sort(e.IDs); len(slices.Compact(slices.Clone(e.IDs))) != len(e.IDs) {
			t.Errorf("told twice in one event: %v", e.IDs)
		}
	}
}

// Guarantee: who has missed more than one look reads is told so with the types, and not of the same once more when they come back again.
func TestManyMissedChangesAreMore(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	s, first := listen(a, a.Admin, nil)
	s.leave()
	if _, err := a.Pool.Exec(t.Context(), `insert into usage_events (organization_id, id, position, api_key_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select $1, gen_random_uuid(), nextval('usage_events_position_seq'), gen_random_uuid(), 1, 1, 1, 0, 1, 1, '{}', '{}', now(), now()
		from generate_series(1, 3000)`, a.Tenant.Organization.ID); err != nil {
		t.Fatal(err)
	}
	_, back := listen(a, a.Admin, map[string]string{"Last-Event-ID": first.id})
	if back.name != "change" || !back.More {
		t.Fatalf("%s with %d ids, more %t", back.name, len(back.IDs), back.More)
	}
	wantTypes(t, back, "ApiKey", "BudgetLimit", "UsageEvent", "Organization")
	if _, again := listen(a, a.Admin, map[string]string{"Last-Event-ID": back.id}); again.More || slices.Contains(again.Types, "UsageEvent") {
		t.Errorf("told again: %d ids, more %t", len(again.IDs), again.More)
	}
}
