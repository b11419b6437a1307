package test

import (
	"testing"

	"bursar/fault"
	"bursar/id"
	"bursar/sql"
)

// A server of the release before, which knows no quotas, is refused what would exceed one like any other: it answers INTERNAL, once, and has
// added nothing. All else goes on. Those of this release say which quota it is.
func TestServersOfTheLastReleaseKeepQuotas(t *testing.T) {
	t.Parallel()
	releases := storedReleases(t)
	if len(releases) == 0 || releases[len(releases)-1].number != 1 || sql.ThisRelease().Oldest > 1 {
		t.Skip("the last release has quotas itself, or cannot work on this schema")
	}
	url := postgres.NewEmptyURL(t)
	environment := []string{"DATABASE_URL=" + url}
	previous := buildLastRelease(t)
	for _, binary := range []string{previous, binary} {
		if code, printed := start(t, binary, environment, "migrate", "up").finish(); code != 0 {
			t.Fatalf("migrate up exits with %d:\n%s", code, printed)
		}
	}
	pool := postgres.Pool(t, url)
	n := newTenant(newFleetOf(t, previous, url, 1), "bounded")
	newer := newFleet(t, url, 1)
	_, organization, _ := id.Parse(n.organization)
	if _, err := pool.Exec(t.Context(), `insert into organization_quotas (organization_id, name, maximum)
		select $1, q.name, 1 from unnest(enum_range(null::quota_name)) q (name)`, organization); err != nil {
		t.Fatal(err)
	}
	before := countRows(t, pool)
	for _, addition := range []struct {
		operation, table string
		input            object
	}{
		{"AddMember", "members", object{"organizationId": n.organization, "email": "second@bounded.test", "role": "ADMIN"}},
		{"CreateWorkspace", "workspaces", object{"organizationId": n.organization, "name": "second"}},
		{"CreateApiKey", "api_keys", object{"ownerId": n.workspace, "name": "second"}},
		{"CreateAccessToken", "access_tokens", object{"organizationId": n.organization, "name": "second", "role": "VIEWER"}},
		{"AddRecipients", "recipients", object{"subjectId": n.organization, "emails": []string{"a@bounded.test", "b@bounded.test"}}},
	} {
		for of, want := range map[*fleet]fault.Code{n.fleet: fault.Internal, newer: fault.QuotaExceeded} {
			answered, err := of.post(t.Context(), 0, rootToken, addition.operation, object{"input": addition.input})
			if err != nil || answered.code() != want {
				t.Errorf("%s: %v, %v; want %s", addition.operation, answered, err, want)
			}
		}
		if got := countRows(t, pool)[addition.table]; got != before[addition.table] {
			t.Errorf("%s has %d rows, want %d", addition.table, got, before[addition.table])
		}
	}
	n.once(0, rootToken, "AddRecipients", object{"subjectId": n.organization, "emails": []string{"a@bounded.test"}})
	n.once(0, rootToken, "CreateBudgetLimit", object{"subjectId": n.workspace, "type": "COST", "amount": "5"})
	n.once(0, n.gateway, "RecordUsage", object{"key": n.wide, "inputTokens": 1})
}
