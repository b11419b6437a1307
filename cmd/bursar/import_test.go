package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// litellmTables are those of LiteLLM 1.110.2's schema that an import reads, with the columns that it has in common with older versions.
const litellmTables = `
create table "LiteLLM_BudgetTable" (budget_id text primary key, max_budget float8, soft_budget float8, max_parallel_requests integer, tpm_limit bigint, rpm_limit bigint,
  model_max_budget jsonb, budget_duration text, budget_reset_at timestamp(3), created_by text not null default '', updated_by text not null default '');
create table "LiteLLM_TeamTable" (team_id text primary key, team_alias text, organization_id text, admins text[], members text[], metadata jsonb not null default '{}', max_budget float8,
  soft_budget float8, spend float8 not null default 0, models text[], max_parallel_requests integer, tpm_limit bigint, rpm_limit bigint, budget_duration text,
  budget_reset_at timestamp(3), blocked boolean not null default false, model_spend jsonb not null default '{}', model_max_budget jsonb not null default '{}');
create table "LiteLLM_UserTable" (user_id text primary key, max_budget float8, tpm_limit bigint, rpm_limit bigint, user_email text);
create table "LiteLLM_VerificationToken" (token text primary key, key_name text, key_alias text, soft_budget_cooldown boolean not null default false, spend float8 not null default 0,
  expires timestamp(3), models text[], aliases jsonb not null default '{}', config jsonb not null default '{}', user_id text, team_id text, permissions jsonb not null default '{}',
  max_parallel_requests integer, metadata jsonb not null default '{}', blocked boolean, tpm_limit bigint, rpm_limit bigint, max_budget float8, budget_duration text,
  budget_reset_at timestamp(3), allowed_cache_controls text[] default '{}', model_spend jsonb not null default '{}', model_max_budget jsonb not null default '{}', budget_id text, organization_id text);
insert into "LiteLLM_BudgetTable" (budget_id, soft_budget) values ('soft', 8);
insert into "LiteLLM_UserTable" (user_id, max_budget) values ('u', 5);
insert into "LiteLLM_TeamTable" (team_id, team_alias, max_budget, spend, budget_duration) values ('t', 'Team', 100, 12.3456789, '30d');
insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, team_id, spend, max_budget, budget_duration, budget_reset_at, budget_id, expires)
  values (encode(sha256('sk-of-the-database-12345'), 'hex'), 'sk-...2345', 'app', 't', 0.1::float8 + 0.2::float8, 10, '7d', (date_trunc('week', now() at time zone 'utc') + interval '7 days')::timestamp(3), 'soft', '2030-01-01');
`

// Guarantee: bursar import litellm shows a plan and writes nothing; with --apply it does what it has shown, once; out of LiteLLM's own database, which it only reads, as
// out of files. The books are right.
func TestImportLitellm(t *testing.T) {
	t.Parallel()
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	other := database.NewEmptyURL(t)
	execute(t, database.Pool(t, other), litellmTables)
	run := func(arguments ...string) (int, string, string) {
		p := start(t, variables{"DATABASE_URL": url}, append([]string{"import", "litellm"}, arguments...)...)
		return <-p.code, p.stdout.String(), p.stderr.String()
	}
	code, stdout, _ := run("--from-database", other)
	if code != exitDone || !strings.Contains(stdout, "Nothing was written") || !strings.Contains(stdout, "1 users") {
		t.Errorf("exit code %d, %s", code, stdout)
	}
	expectRows(t, pool, 0, "organizations")
	if code, stdout, stderr := run("--from-database", other, "--apply"); code != exitDone || !strings.Contains(stdout, "imported: 1 organizations, 1 workspaces, 1 API keys, 2 limits, 0 policies") {
		t.Fatalf("exit code %d, %s, %s", code, stdout, stderr)
	}
	expectRows(t, pool, 1, `find_api_key(null, sha256('sk-of-the-database-12345'), null, now()) k where k.expires_at = '2030-01-01Z' and k.prefix = 'sk-...2345'`)
	expectRows(t, pool, 1, `counters c where c.subject_type = 'API_KEY' and c.used_units = 300000000 and c.alert_units = '{8000000000}' and (c.calendar).week_starts_on = 1`)
	expectRows(t, pool, 1, `counters c where c.subject_type = 'WORKSPACE' and c.used_units = 12345678900`)
	if code, stdout, _ := run("--from-database", other, "--apply"); code != exitDone || !strings.Contains(stdout, "imported: 0 organizations, 0 workspaces, 0 API keys, 0 limits, 0 policies") {
		t.Errorf("a second run: exit code %d, %s", code, stdout)
	}
	if code, stdout, stderr := run("../../importer/litellm/testdata", "--apply", "--json"); code != exitDone || !strings.Contains(stdout, `"level": "LOST"`) {
		t.Errorf("files: exit code %d, %s", code, stderr)
	}
	if code := start(t, variables{"DATABASE_URL": url}, "verify").finish(); code != exitDone {
		t.Errorf("verify: exit code %d", code)
	}
	for _, misused := range [][]string{{}, {"x.json", "--from-database", other}, {"--from-database", "nonsense://"}, {"x.json", "--time-zone", "Moon"}, {"x.json", "--week-starts-on", "someday"},
		{"x.json", "--plan", "GOLD"}} {
		if code, _, stderr := run(misused...); code == exitDone || stderr == "" {
			t.Errorf("%v has exit code %d: %s", misused, code, stderr)
		}
	}
	cut := filepath.Join(t.TempDir(), "cut.json")
	if err := os.WriteFile(cut, []byte(`{"keys": [{"token": "00`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(cut, "--apply"); code != exitFailed || !strings.Contains(stderr, "cut off") {
		t.Errorf("a file that is cut off: exit code %d, %s", code, stderr)
	}
}

// Guarantee: bursar import portkey needs a file for new secrets, makes it for its owner alone, and writes nothing over.
func TestImportPortkey(t *testing.T) {
	t.Parallel()
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	run := func(arguments ...string) (int, string, string) {
		p := start(t, variables{"DATABASE_URL": url}, append([]string{"import", "portkey", "../../importer/portkey/testdata"}, arguments...)...)
		return <-p.code, p.stdout.String(), p.stderr.String()
	}
	if code, _, stderr := run("--apply"); code != exitFailed || !strings.Contains(stderr, "--new-secrets") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	expectRows(t, pool, 0, "organizations")
	name := filepath.Join(t.TempDir(), "new.csv")
	if code, stdout, stderr := run("--apply", "--new-secrets", name, "--usage-in", "cents"); code != exitDone {
		t.Fatalf("exit code %d, %s, %s", code, stdout, stderr)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	expectRows(t, pool, 1, `counters c join api_keys k on k.id = c.subject_id where k.description = 'the app' and c.type = 'COST' and c.used_units = 205000000`)
	if code, _, stderr := run("--apply"); code != exitDone {
		t.Errorf("a second run: exit code %d, %s", code, stderr)
	}
}
