package main

import (
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: rollup rebuild repairs the roll-ups of the organization that it is asked for, or of all, so that verify finds
// nothing, and says what it did; an organization that does not exist is a mistake of the caller.
func TestRollupRebuild(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	environment := variables{"DATABASE_URL": url}
	tenant, other := dbtest.NewTenant(t, pool), dbtest.NewTenant(t, pool)
	for _, each := range []*dbtest.Tenant{tenant, other} {
		execute(t, pool, `insert into usage_events (organization_id, id, position, api_key_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
			values ($1, gen_random_uuid(), nextval('usage_events_position_seq'), $2, 1, 2, 3, 0, 4, 1, '{}', '{}', now(), now())`,
			each.Organization.ID, each.Key.ID)
		if _, err := db.New().RollUpUsage(t.Context(), pool, &db.RollUpUsageParams{OrganizationID: each.Organization.ID, Number: 10}); err != nil {
			t.Fatal(err)
		}
	}
	execute(t, pool, `delete from usage_days`)
	if code := start(t, environment, "verify").finish(); code != exitFailed {
		t.Errorf("verify before: exit code %d", code)
	}
	rebuild := func(want string, arguments ...string) {
		t.Helper()
		r := start(t, environment, append([]string{"rollup", "rebuild"}, arguments...)...)
		if code := r.finish(); code != exitDone || r.stdout.String() != want {
			t.Errorf("exit code %d, printed %q, want %q", code, r.stdout, want)
		}
	}
	rebuild("rebuilt "+tenant.Organization.ExternalID()+": 1 hour\n", "--organization", tenant.Organization.Slug)
	if code := start(t, environment, "verify").finish(); code != exitFailed {
		t.Errorf("verify of the one that was not rebuilt: exit code %d", code)
	}
	rebuild("rebuilt " + tenant.Organization.ExternalID() + ": 1 hour\nrebuilt " + other.Organization.ExternalID() + ": 1 hour\n")
	if code := start(t, environment, "verify").finish(); code != exitDone {
		t.Errorf("verify after: exit code %d", code)
	}
	wrong := start(t, environment, "rollup", "rebuild", "--organization", "nobody")
	if code := wrong.finish(); code != exitMisused {
		t.Errorf("an organization that does not exist: exit code %d", code)
	}
	wantContains(t, "the explanation", wrong.stderr.String(), "--organization", "nobody")
}
