package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
	"bursar/verify"
)

// Guarantee: verify names each difference with what is stored and what the ledger says, sums up, and exits 1; it exits 3 when it could
// not look.
func TestVerifyFindsDifferences(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	tenant := dbtest.NewTenant(t, pool)
	dbtest.NewTenant(t, pool)
	clean := start(t, variables{"DATABASE_URL": url}, "verify")
	if code := clean.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	const sum = "verified 2 organizations, 0 usage events, 0 reservations, 0 limits, 0 closed periods: no difference\n"
	if clean.stdout.String() != sum {
		t.Errorf("got %q, want %q", clean.stdout, sum)
	}
	execute(t, pool, `insert into usage_days (organization_id, bucket_start, api_key_id, provider, model, requests, input_tokens,
		output_tokens, cached_input_tokens, cost_nanos)
		values ($1, '2026-01-01', $2, 'openai', 'gpt', 7, 0, 0, 0, 0)`, tenant.Organization.ID, tenant.Key.ID)

	r := start(t, variables{"DATABASE_URL": url}, "verify")
	if code := r.finish(); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	wantContains(t, "the table", r.stdout.String(), "STORED", "EXPECTED", tenant.Organization.ExternalID(), "usage_days requests")
	wantContains(t, "the table", strings.Join(strings.Fields(r.stdout.String()), " "), " 7 0 ")
	wantContains(t, "the summary", r.stdout.String(), "verified 2 organizations,", ": 2 differences\n") // of the key, and of its workspace that has nothing of it
	if lines := strings.Count(r.stderr.String(), "\n"); lines != 1 {
		t.Errorf("%d lines on stderr: %s", lines, r.stderr)
	}
	execute(t, pool, `alter table usage_hours rename to usage_hours_elsewhere`)
	wantOneLine(t, start(t, variables{"DATABASE_URL": url}, "verify"), exitUnknown, "usage_hours")
	_, closed := newGate(t, url)
	wantOneLine(t, start(t, variables{"DATABASE_URL": closed}, "verify"), exitUnknown, "connect")
}

// Guarantee: verify prints each of however many differences, in one table under one head, and counts them. A day that the
// ledger knows nothing of differs from it and from its hours.
func TestVerifyPrintsEachDifference(t *testing.T) {
	t.Parallel()
	const number = 2*verify.AlignedRows + 1
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	tenant := dbtest.NewTenant(t, pool)
	execute(t, pool, `insert into usage_days (organization_id, bucket_start, api_key_id, provider, model, requests, input_tokens,
		output_tokens, cached_input_tokens, cost_nanos)
		select $1, '2026-01-01', $2, 'openai', 'model-' || n || '.', 7, 0, 0, 0, 0 from generate_series(1, $3::integer) n`,
		tenant.Organization.ID, tenant.Key.ID, number)
	r := start(t, variables{"DATABASE_URL": url}, "verify")
	if code := r.finish(); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	printed := r.stdout.String()
	for n := 1; n <= number; n++ {
		if model := fmt.Sprintf("model-%d.", n); strings.Count(printed, model) != 2 {
			t.Fatalf("%s is printed %d times", model, strings.Count(printed, model))
		}
	}
	if strings.Count(printed, "EXPECTED") != 1 || strings.Count(printed, "\n") != 2*number+2 {
		t.Errorf("%d heads, %d lines", strings.Count(printed, "EXPECTED"), strings.Count(printed, "\n"))
	}
	wantContains(t, "the summary", printed, ": 4002 differences\n")
}

// Guarantee: migrate brings an empty database to this binary's schema, again does nothing, and leaves a newer one alone, and one
// of before the first release.
func TestMigrate(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	execute(t, pool, "drop schema public cascade")
	execute(t, pool, "create schema public")
	environment := variables{"DATABASE_URL": url}

	before := start(t, environment, "migrate", "status")
	if code := before.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	wantContains(t, "the status before", before.stdout.String(), "migrations  0 of ", "run bursar migrate up")
	for range 2 {
		up := start(t, environment, "migrate", "up")
		if code := up.finish(); code != exitDone {
			t.Errorf("exit code %d", code)
		}
		wantContains(t, "what up says", up.stdout.String(), "the schema is current")
	}
	after := start(t, environment, "migrate", "status")
	if code := after.finish(); code != exitDone || strings.Contains(after.stdout.String(), "run bursar") {
		t.Errorf("exit code %d, %s", code, after.stdout)
	}
	execute(t, pool, "insert into goose_db_version (version_id, is_applied) values (9999, true)")
	wantOneLine(t, start(t, environment, "migrate", "up"), exitFailed, "newer")
	execute(t, pool, unreleasedSchema)
	wantOneLine(t, start(t, environment, "migrate", "up"), exitFailed, "start with a new, empty database")
}

// Guarantee: token create prints a secret that works and nothing else on stdout, notes itself in the audit log, and makes
// nothing when it fails.
func TestTokenCreate(t *testing.T) {
	t.Parallel()
	url := database.NewURL(t)
	pool, environment := database.Pool(t, url), variables{"DATABASE_URL": url}
	create := func(arguments string) *run {
		return start(t, environment, append([]string{"token", "create"}, strings.Fields(arguments)...)...)
	}
	wantOneLine(t, create("--organization acme --role ADMIN --name first"), exitFailed, "acme", "--create-organization")
	r := create("--organization acme --role ADMIN --name first --create-organization Acme --expires-in 24h")
	if code := r.finish(); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	secret := strings.TrimSuffix(r.stdout.String(), "\n")
	if !auth.IsSecret(secret, auth.AccessTokenPrefix) {
		t.Fatalf("stdout is %q", r.stdout)
	}
	if strings.Contains(r.stderr.String(), secret) {
		t.Error("the secret is on stderr too")
	}
	who, err := db.New().AuthenticateAccessToken(t.Context(), pool, auth.Hash(secret))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := db.New().FindAccessTokens(t.Context(), pool, &db.FindAccessTokensParams{IDs: []uuid.UUID{who.ID}})
	if err != nil || len(tokens) != 1 {
		t.Fatalf("%d tokens, %v", len(tokens), err)
	}
	token := tokens[0]
	if token.Role != db.TokenRoleADMIN || token.Name != "first" || token.ExpiresAt == nil {
		t.Errorf("the token is %+v", token)
	}
	var noted int
	err = pool.QueryRow(t.Context(), "select count(*) from audit_log where actor = 'bursar token create'").Scan(&noted)
	if err != nil || noted != 2 {
		t.Errorf("the audit log has %d rows, want the organization's and the token's: %v", noted, err)
	}
	wantOneLine(t, create("--organization acme --role ADMIN --name x --create-organization Acme"), exitFailed, "slug")
	byID := create("--organization " + id.Organization.Format(token.OrganizationID) + " --role GATEWAY --name gateway")
	if code := byID.finish(); code != exitDone {
		t.Errorf("exit code %d by id", code)
	}
	accepts := create("--organization acme --role GATEWAY --name portal --accepts-key-ids")
	if code := accepts.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	for r, want := range map[*run]bool{byID: false, accepts: true} {
		who, err := db.New().AuthenticateAccessToken(t.Context(), pool, auth.Hash(strings.TrimSuffix(r.stdout.String(), "\n")))
		if err != nil || who.AcceptsKeyIDs != want {
			t.Errorf("%+v, want one that accepts ids: %t, %v", who, want, err)
		}
	}
	wantOneLine(t, create("--organization org_"+strings.Repeat("0", 32)+" --role ADMIN --name x"), exitFailed, "no organization")
}

// Guarantee: token root prints a token of 256 bits in the form of an access token, and nothing else; serve takes it as the operator's.
func TestTokenRoot(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	seen := map[string]bool{}
	for range 2 {
		r := start(t, nil, "token", "root")
		code, printed := r.finish(), r.stdout.String()
		token := strings.TrimSuffix(printed, "\n")
		if code != exitDone || r.stderr.String() != "" || !auth.IsSecret(token, auth.AccessTokenPrefix) || token == printed || seen[token] {
			t.Fatalf("exit code %d, stdout %q, stderr %q", code, printed, r.stderr)
		}
		seen[token] = true
	}
	for token := range seen {
		_, url := startServe(t, database.NewURL(t), variables{"BURSAR_ROOT_TOKEN": token})
		wantContains(t, "the operator's answer", graphQL(t, url, token, "{ viewer { role } }"), `"role":"ROOT"`)
	}
}

// Guarantee: apply prints the schema of its files without a server, tells all mistakes of a file, one a line, and ends with 1 and not with 2 where 2 would mean that there are changes.
func TestApplyWithoutAServer(t *testing.T) {
	t.Parallel()
	schema := start(t, variables{}, "apply", "--schema")
	if code := schema.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	wantContains(t, "the schema", schema.stdout.String(), `"externalId"`)
	file := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(file, []byte("organization: {slug: a, x: 1}\nowner: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := variables{"BURSAR_TOKEN": "bst_x", "BURSAR_URL": "http://127.0.0.1:1"}
	wrong := start(t, environment, "apply", "-f", file, "--plan", "--detailed-exitcode")
	if code := wrong.finish(); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	wantContains(t, "the mistakes", wrong.stderr.String(), file+":1: organization.x", file+":2: owner", "the files have 2 mistakes")
	if code := start(t, environment, "apply", "--plan", "--detailed-exitcode").finish(); code != exitFailed {
		t.Errorf("without a file the exit code is %d", code)
	}
}
