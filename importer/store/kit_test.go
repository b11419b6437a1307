package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/importer"
	"bursar/importer/litellm"
	"bursar/importer/store"
	"bursar/verify"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

func calendar() importer.Calendar {
	return importer.Calendar{Location: time.UTC, WeekStart: time.Monday, Now: time.Now()}
}

// fromLiteLLM plans an export of LiteLLM.
func fromLiteLLM(t *testing.T, files ...string) *importer.Plan {
	t.Helper()
	source, err := litellm.Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return litellm.Plan(source, litellm.Options{Source: "litellm", Calendar: calendar()})
}

func resolve(t *testing.T, pool *pgxpool.Pool, plan *importer.Plan, target store.Target) []string {
	t.Helper()
	problems, err := store.Resolve(t.Context(), pool, plan, target)
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

func applier(pool *pgxpool.Pool) *store.Applier {
	return &store.Applier{Pool: pool, Actor: db.Actor{Name: "bursar import litellm", Action: "importLitellm"}, Plan: db.PlanENTERPRISE, Done: func(int) {}}
}

func apply(t *testing.T, pool *pgxpool.Pool, plan *importer.Plan) {
	t.Helper()
	if problems := resolve(t, pool, plan, store.Target{}); len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := applier(pool).Apply(t.Context(), plan); err != nil {
		t.Fatal(cause(err))
	}
}

// cause is an error with what it comes from.
func cause(err error) string {
	text := err.Error()
	for err = errors.Unwrap(err); err != nil; err = errors.Unwrap(err) {
		text += ": " + err.Error()
	}
	return text
}

func query[V any](t *testing.T, pool *pgxpool.Pool, statement string, arguments ...any) (value V) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), statement, arguments...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return value
}

func equal[V comparable](t *testing.T, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// everything is a sum of all rows that an import could make or change.
func everything(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	var sums []string
	for _, table := range []string{"organizations", "workspaces", "api_keys", "api_key_secrets", "recipients", "limits", "counters", "policies", "policy_conditions", "usage_events",
		"imported_objects", "audit_log", "alerts", "alert_deliveries", "organization_quotas"} {
		sums = append(sums, table+" "+query[string](t, pool, `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from `+table+` t`))
	}
	return strings.Join(sums, "\n")
}

// verifyBooks rolls the ledger up and expects that nothing differs from it.
func verifyBooks(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	organizations, err := db.New().ListOrganizationIDs(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // before and after the roll-ups
		var out bytes.Buffer
		v := verify.New(&out)
		if err := v.Run(t.Context(), pool, &out); err != nil || v.Differences != 0 {
			t.Fatalf("%v, %s", err, &out)
		}
		for _, id := range organizations {
			if _, err := db.New().RollUpUsage(t.Context(), pool, &db.RollUpUsageParams{OrganizationID: id, Number: 100_000}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
