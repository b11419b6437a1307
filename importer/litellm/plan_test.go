package litellm

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bursar/importer"
)

var update = flag.Bool("update", false, "write the golden files")

func options() Options {
	return Options{Source: "litellm", Calendar: importer.Calendar{Location: time.UTC, WeekStart: time.Monday, Now: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}}
}

func planOf(t testing.TB, names ...string) *importer.Plan {
	t.Helper()
	source, err := Read(names)
	if err != nil {
		t.Fatal(err)
	}
	plan := Plan(source, options())
	plan.GiveSlugs(map[string]bool{}, func(*importer.Organization) map[string]bool { return map[string]bool{} })
	return plan
}

// Guarantee: what LiteLLM has becomes what the golden file says, and what does not map, or not as it was, has a line each with its reason; in the other
// order of files it is the same plan.
func TestPlan(t *testing.T) {
	t.Parallel()
	got, err := json.MarshalIndent(planOf(t, "testdata/organizations.json", "testdata/teams.json", "testdata/keys.json"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/plan.golden"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(want), got) {
		t.Errorf("the plan is\n%s", got)
	}
	turned, err := json.Marshal(planOf(t, "testdata/keys.json", "testdata/teams.json", "testdata/organizations.json").Organizations)
	if err != nil {
		t.Fatal(err)
	}
	straight, err := json.Marshal(planOf(t, "testdata").Organizations)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(turned, straight) {
		t.Error("the order of files changes the plan")
	}
}

// Guarantee: no secret is in a plan, as JSON or as a table, also one that an export has in clear.
func TestPlanHoldsNoSecret(t *testing.T) {
	t.Parallel()
	plan := planOf(t, "testdata")
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := plan.WriteTable(&table, true); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"sk-this-is", "langfuse_secret_key"} {
		if strings.Contains(string(text), secret) || strings.Contains(table.String(), secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

// Guarantee: whatever stands in an export, a plan is made of it without a failure; each API key is in the plan once or has a line that says that it is
// left out; all limits are such as the database takes; and opening balances of API keys and of what is above them are exactly what was spent there, where a
// budget counts it.
func TestAnythingIsPlanned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.SampledFrom([]any{nil, "", true, "100", json.Number("0"), json.Number("0.5"), json.Number("12.3456789012"), json.Number("-1"), json.Number("1e999"), "NaN", "0x1p4",
			"\x00", map[string]any{}, []any{}, []any{json.Number("1")}, map[string]any{"gpt": json.Number("3")}, "30d", "1mo", "7d", "90m", "5mo", "2026-12-24T00:00:00Z", "2026-12-24", "12/24/2026", strings.Repeat("x", 3000)})
		fields := []string{"max_budget", "soft_budget", "spend", "budget_duration", "budget_reset_at", "tpm_limit", "rpm_limit", "tpd_limit", "max_parallel_requests", "model_max_budget",
			"metadata", "budget_limits", "blocked", "expires", "key_alias", "team_id", "organization_id", "budget_id", "user_id", "models"}
		source := &Source{}
		number := rapid.IntRange(0, 4).Draw(rt, "keys")
		for i := range number {
			key := map[string]any{"token": strings.Repeat("0", 63) + string(rune('a'+i))}
			for _, field := range rapid.SliceOfDistinct(rapid.SampledFrom(fields), rapid.ID).Draw(rt, "fields") {
				key[field] = value.Draw(rt, field)
			}
			source.Keys = append(source.Keys, key)
		}
		plan := Plan(source, options())
		if plan.Keys()+plan.Report.Count(importer.Skipped) != number {
			rt.Fatalf("%d API keys become %d, %d are left out", number, plan.Keys(), plan.Report.Count(importer.Skipped))
		}
		for _, o := range plan.Organizations {
			for _, k := range o.Keys {
				for _, l := range k.Limits {
					if l.MaxUnits < 1 || len(l.AlertUnits) > 0 && (l.AlertUnits[0] < 1 || l.AlertUnits[0] >= l.MaxUnits) {
						rt.Fatalf("limit %+v", l)
					}
				}
			}
		}
		if _, err := json.Marshal(plan); err != nil {
			rt.Fatal(err)
		}
	})
}
