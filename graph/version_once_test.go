package graph_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// A save of a whole form raises the version of what it is about by exactly one, whatever it changes: the name, limits that are deleted, changed
// and created, recipients. A key that is made with limits and recipients is at version 1.
func TestOneSaveIsOneVersion(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, f := range formsOf(a) {
		before := f.version()
		fields := object{
			"budgetLimits": []any{object{"id": f.limits("budgetLimits")[0]["id"], "amount": 77, "alertThresholds": []any{5}}, object{"type": "COST", "periodicReset": "WEEKLY", "amount": 3}},
			"rateLimits":   []any{object{"type": "TOKENS", "limit": 9, "interval": "MINUTE"}},
			"recipients":   []any{"c@acme.test", "A@acme.test"},
		}
		if name == "API key" {
			fields["name"], fields["enabled"], fields["ownerId"] = "another", false, a.OrganizationID()
		}
		if saved := f.save(a.Admin, fields).ok(); int(saved["version"].(float64)) != before+1 || f.version() != before+1 {
			t.Errorf("%s: version %v after %d", name, saved["version"], before)
		}
		f.save(a.Admin, fields).ok()
	}
	made := a.Post(a.Admin, object{"query": `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { version budgetLimits { id } recipients { email } } } }`,
		"variables": object{"input": object{"ownerId": a.WorkspaceID(), "name": "new", "recipients": []any{"d@acme.test"},
			"budgetLimits": []any{object{"type": "COST", "amount": 3}}, "rateLimits": []any{object{"type": "TOKENS", "limit": 9, "interval": "DAY"}}}}})
	made.Equal(1, "createApiKey", "apiKey", "version")
	if len(made.Get("createApiKey", "apiKey", "budgetLimits").([]any)) != 1 {
		t.Error(made.Body)
	}
}

// Each transaction that changes a key, a workspace or an organization raises its version once, also one that changes each of them several times
// or takes a part of it back; what is taken back as a whole raises none. A number of a transaction that comes from another cluster, with a
// dump, does not keep the transaction of that number here from raising it.
func TestEachTransactionIsOneVersion(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	key, workspace, organization := a.Tenant.Key.ID, a.Tenant.Workspace.ID, a.Tenant.Organization.ID
	versions := func() (v [3]int) {
		t.Helper()
		if err := a.Pool.QueryRow(t.Context(), `select k.version, w.version, o.version from api_keys k, workspaces w, organizations o
			where k.id = $1 and w.id = $2 and o.id = $3`, key, workspace, organization).Scan(&v[0], &v[1], &v[2]); err != nil {
			t.Fatal(err)
		}
		return v
	}
	change := func(name string, commit bool, want int, statements ...string) {
		t.Helper()
		before := versions()
		tx, err := a.Pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range statements {
			if _, err := tx.Exec(t.Context(), statement, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatalf("%s: %s: %v", name, statement, err)
			}
		}
		if commit {
			err = tx.Commit(t.Context())
		} else {
			err = tx.Rollback(t.Context())
		}
		after := versions()
		if err != nil || after != [3]int{before[0] + want, before[1] + want, before[2] + want} {
			t.Errorf("%s: versions %v after %v, want %d more: %v", name, after, before, want, err)
		}
	}
	names := []string{`update api_keys set name = name || 'x'`, `update workspaces set name = name || 'x'`, `update organizations set name = name || 'x'`}
	recipients := []string{
		`insert into recipients (organization_id, api_key_id, email) select organization_id, id, 'x' || random() || '@acme.test' from api_keys`,
		`insert into recipients (organization_id, workspace_id, email) select organization_id, id, 'x' || random() || '@acme.test' from workspaces`,
		`insert into recipients (organization_id, email) select id, 'x' || random() || '@acme.test' from organizations`}
	for _, test := range []struct {
		name       string
		commit     bool
		want       int
		statements []string
	}{
		{"names", true, 1, names},
		{"names, twice", true, 1, append(names, names...)},
		{"recipients, then names, then recipients", true, 1, append(append(append([]string{}, recipients...), names...), recipients...)},
		{"names that are taken back, then recipients", true, 1, append(append(append([]string{"savepoint s"}, names...), "rollback to s"), recipients...)},
		{"names, then recipients that are taken back", true, 1, append(append(append(append([]string{}, names...), "savepoint s"), recipients...), "rollback to s")},
		{"all of it taken back", false, 0, append(append([]string{}, names...), recipients...)},
		{"nothing", true, 0, nil},
	} {
		change(test.name, test.commit, test.want, test.statements...)
	}
	for _, table := range []string{"api_keys", "workspaces", "organizations"} {
		if _, err := a.Pool.Exec(t.Context(), `update `+table+` set updated_at = now() - interval '1 day', version_transaction_id = null`); err != nil {
			t.Fatal(err)
		}
	}
	restored := func(table string) string {
		return `update ` + table + ` set version_transaction_id = pg_current_xact_id()::text::bigint`
	}
	change("another cluster's transaction", true, 1, append([]string{restored("api_keys"), restored("workspaces"), restored("organizations")}, names...)...)
}
