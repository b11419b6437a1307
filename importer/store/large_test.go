package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db/dbtest"
	"bursar/importer/store"
)

// Guarantee: a secret of another form is found by the same plan as one of ours, which reads as many pages.
func TestForeignSecretsCostNoMore(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	tenant := dbtest.NewTenant(t, pool)
	apply(t, pool, fromLiteLLM(t, "../litellm/testdata"))
	if _, err := pool.Exec(t.Context(), `vacuum analyze api_key_secrets`); err != nil {
		t.Fatal(err)
	}
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := tx.Exec(t.Context(), `set local enable_seqscan = off`); err != nil { // as functions of enforcement do
		t.Fatal(err)
	}
	hash := regexp.MustCompile(`\\x[0-9a-f]{64}`)
	explain := func(secret string) string {
		statement := fmt.Sprintf(`explain (analyze, buffers, costs off, timing off, summary off) select * from find_api_key(null, sha256('%s'), null, '2026-12-01Z')`, secret)
		plan := ""
		for range 3 { // the last one finds its pages in memory
			rows, err := tx.Query(t.Context(), statement)
			if err != nil {
				t.Fatal(err)
			}
			lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			plan = hash.ReplaceAllString(strings.Join(lines, "\n"), "hash")
		}
		return plan
	}
	own, foreign := explain(tenant.Secret.Text), explain("sk-this-is-the-secret-itself-0123456789")
	if own != foreign || !strings.Contains(own, "Buffers: shared hit") || !strings.Contains(own, "api_key_secrets_secret_hash_idx") {
		t.Errorf("a secret of ours is found by\n%s\none of another form by\n%s", own, foreign)
	}
}

// manyKeys writes an export of a number of API keys of which half are broken as people's exports are.
func manyKeys(t *testing.T, number int) string {
	t.Helper()
	broken := []map[string]any{{"max_budget": "12,50"}, {"budget_duration": "2 fortnights", "max_budget": 3}, {"expires": "31/12/2027"}, {"expires": "2027-12-31T00:00:00"}, {"max_budget": 0.1},
		{"key_alias": "the same name"}, {"key_alias": "NUL \x00"}, {"tpm_limit": -1}, {"rpm_limit": 1e30}, {"team_id": "gone"}}
	var keys []any
	for i := range number {
		sum := sha256.Sum256([]byte(fmt.Sprintf("sk-%08d", i)))
		key := map[string]any{"token": hex.EncodeToString(sum[:]), "key_name": fmt.Sprintf("sk-...%04d", i%10_000), "key_alias": fmt.Sprint("key ", i), "team_id": fmt.Sprint("t", i%100), "spend": i % 7,
			"max_budget": 20, "budget_duration": "30d", "budget_reset_at": time.Now().AddDate(0, 1, 0).UTC().Format("2006-01-02T00:00:00Z"), "rpm_limit": 60, "metadata": map[string]any{"n": i}}
		if i%2 == 1 {
			maps.Copy(key, broken[i/2%len(broken)])
		}
		keys = append(keys, key)
	}
	var teams []any
	for i := range 100 {
		teams = append(teams, map[string]any{"team_id": fmt.Sprint("t", i), "team_alias": fmt.Sprint("Team ", i), "max_budget": 1000, "budget_duration": "1mo", "spend": 500})
	}
	text, err := json.Marshal(map[string]any{"keys": keys, "teams": teams})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Guarantee: many API keys, of which half are broken, are imported with a line for each that is broken, and with books that are right. Each limit is found
// by its own index, also those of an organization that was empty: a plan made for empty tables read all limits for each. It logs what it costs. It is 2,000
// keys, times BURSAR_TEST_REPEAT.
func TestManyKeys(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "imports 2,000 API keys")
	pool, number := server.New(t), dbtest.Repeat(2_000)
	plan := fromLiteLLM(t, manyKeys(t, number))
	if lines := len(plan.Report); lines < number/2 {
		t.Errorf("%d lines", lines)
	}
	if problems := resolve(t, pool, plan, store.Target{}); len(problems) > 0 {
		t.Fatal(problems)
	}
	var began, ended syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &began); err != nil {
		t.Fatal(err)
	}
	seen := 0
	a := applier(pool)
	a.Done = func(done int) { seen = done }
	start := time.Now()
	if err := a.Apply(t.Context(), plan); err != nil {
		t.Fatal(cause(err))
	}
	took := time.Since(start)
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ended); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d API keys in %s, this process %d ms of processor time", plan.Keys(), took, (ended.Utime.Nano()-began.Utime.Nano())/1e6)
	equal(t, "the progress ends at", seen, number)
	equal(t, "API keys", query[int](t, pool, `select count(*) from api_keys where revoked_at is null`), number)
	equal(t, "used of the workspaces' budgets", query[string](t, pool, `select sum(c.used_units)::text from counters c where c.subject_type = 'WORKSPACE' and c.kind = 'BUDGET'`), "50000000000000")
	limits, read := query[int](t, pool, `select count(*) from limits`), query[int](t, pool, `select coalesce(sum(idx_tup_read), 0) from pg_stat_user_indexes where relname in ('limits', 'counters')`)
	if read < limits || read > 100*limits {
		t.Errorf("for %d limits, %d entries of indexes of limits and counters were read", limits, read)
	}
	verifyBooks(t, pool)
}
