package portkey

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"bursar/importer"
)

var update = flag.Bool("update", false, "write the golden files")

func options() Options {
	return Options{Source: "portkey", Calendar: importer.Calendar{Location: time.UTC, WeekStart: time.Sunday, Assumed: true, Now: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)}}
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

// Guarantee: what Portkey has becomes what the golden file says, and what does not map, or not as it was, has a line each with its reason; in the other
// order of files it is the same plan.
func TestPlan(t *testing.T) {
	t.Parallel()
	got, err := json.MarshalIndent(planOf(t, "testdata/workspaces.json", "testdata/api_keys.json", "testdata/policies.json"), "", "  ")
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
	turned, err := json.Marshal(planOf(t, "testdata/policies.json", "testdata/api_keys.json", "testdata/workspaces.json").Organizations)
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

// Guarantee: secrets are taken from a CSV with its two columns alone, and none that could be guessed, is there twice or is of two API keys; no error shows one.
func TestReadSecrets(t *testing.T) {
	t.Parallel()
	good, err := readSecrets(strings.NewReader("id,secret\nk-1,abcdefghijklmnopqrstuvwxyz\n"))
	if err != nil || good["k-1"] != "abcdefghijklmnopqrstuvwxyz" {
		t.Errorf("%v, %v", good, err)
	}
	for name, text := range map[string]string{"empty": "", "no head": "k-1,abcdefghijklmnopqrstuvwxyz\n", "short": "id,secret\nk-1,abcdefghijk\n", "blank": "id,secret\nk-1,abcdefghijk lmnopqrstuvwxyz\n",
		"NUL": "id,secret\nk-1,abcdefghijk\x00lmnopqrstuvwxyz\n", "twice": "id,secret\nk-1,abcdefghijklmnopqrstuvwxyz\nk-1,abcdefghijklmnopqrstuvwxyy\n",
		"shared": "id,secret\nk-1,abcdefghijklmnopqrstuvwxyz\nk-2,abcdefghijklmnopqrstuvwxyz\n", "three": "id,secret\nk-1,abcdefghijklmnopqrstuvwxyz,x\n"} {
		if got, err := readSecrets(strings.NewReader(text)); err == nil || strings.Contains(err.Error(), "abcdefghijk") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
