package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// pricesHead is the head of Bursar's CSV.
const pricesHead = "provider,model,effective_from,effective_to,service_tier,above_input_tokens,unit,per_million,max_output_tokens,source,checked_at\n"

// priceRun runs bursar prices.
type priceRun struct {
	t           *testing.T
	environment variables
}

// run returns the exit code and what was printed.
func (r priceRun) run(arguments ...string) (code int, stdout, stderr string) {
	r.t.Helper()
	p := start(r.t, r.environment, append([]string{"prices"}, arguments...)...)
	code = <-p.code // thousands of prices take longer than finish waits, on a busy machine
	return code, p.stdout.String(), p.stderr.String()
}

// imports imports a list, which must work, and returns what was printed.
func (r priceRun) imports(list string, arguments ...string) string {
	r.t.Helper()
	code, stdout, stderr := r.run(append([]string{"import", "--yes", writeList(r.t, list)}, arguments...)...)
	if code != exitDone {
		r.t.Fatalf("exit code %d, %s", code, stderr)
	}
	return stdout
}

// writeList writes a list to a file.
func writeList(t *testing.T, list string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "prices")
	if err := os.WriteFile(name, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// summary is the last line but for that of the import.
func summary(stdout string) string {
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if strings.HasPrefix(lines[len(lines)-1], "imported ") {
		lines = lines[:len(lines)-1]
	}
	return lines[len(lines)-1]
}

// Guarantee: the list in the binary is imported once without a file, all of it; a second import finds nothing to do and changes nothing; what is exported
// is what was imported, and imports as nothing new.
func TestPricesImportBuiltIn(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "imports 3,300 prices")
	url := database.NewURL(t)
	pool, r := database.Pool(t, url), priceRun{t, variables{"DATABASE_URL": url}}
	code, stdout, stderr := r.run("import", "--yes")
	if code != exitDone || !strings.Contains(stdout, "imported ") {
		t.Fatalf("exit code %d, %s, %s", code, stdout, stderr)
	}
	t.Log(summary(stdout))
	for _, reason := range []string{"its price changes with the time of day", "there is no unit for output_image_mtok", "it has no rates"} {
		if !strings.Contains(stderr, reason) {
			t.Errorf("standard error does not say why prices are left out: %s is missing", reason)
		}
	}
	rows, sum := pricesOf(t, pool)
	if rows < 3000 {
		t.Errorf("%d prices are in the database", rows)
	}
	if code, again, _ := r.run("import", "--yes"); code != exitDone || !strings.HasPrefix(summary(again), "0 new, 0 changed, 0 gone, ") {
		t.Errorf("a second import says %q with exit code %d", summary(again), code)
	}
	for _, format := range []string{"csv", "json"} {
		code, list, stderr := r.run("export", "--format", format)
		if code != exitDone || stderr != "" {
			t.Fatalf("export in %s: exit code %d, %s", format, code, stderr)
		}
		if got := summary(r.imports(list)); got != fmt.Sprintf("0 new, 0 changed, 0 gone, %d the same", rows) {
			t.Errorf("the export in %s imports as %q", format, got)
		}
	}
	if again, same := pricesOf(t, pool); again != rows || same != sum {
		t.Error("imports of the same prices have changed rows")
	}
	if code, list, _ := r.run("built-in"); code != exitDone || !strings.HasPrefix(list, pricesHead) {
		t.Errorf("built-in has exit code %d", code)
	}
}

// Guarantee: an import shows what is new, what changes and by how much, and what is gone; a change by more than a factor of 2, to 0 or from 0 needs a
// word of its own; what is gone stays, and an own price is the organization's alone.
func TestPricesImportChanges(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool, r := database.Pool(t, url), priceRun{t, variables{"DATABASE_URL": url}}
	tenant := dbtest.NewTenant(t, pool)
	row := func(model, rate string) string {
		return "p," + model + ",,,,,INPUT_TOKENS," + rate + ",,list 1,2026-08-01\n"
	}
	if got := summary(r.imports(pricesHead + row("a", "1") + row("b", "1") + row("c*", "1") + row("d", "0"))); got != "4 new, 0 changed, 0 gone, 0 the same; 1 of the new ones are free" {
		t.Errorf("the first list is %q", got)
	}
	if got := summary(r.imports(pricesHead + row("a", "2") + row("b", "1") + row("d", "0"))); got != "0 new, 1 changed, 1 gone, 2 the same" {
		t.Errorf("the second list is %q", got)
	}
	expectRows(t, pool, 1, `prices where model = 'c' and is_prefix and effective_to is null`)
	expectRows(t, pool, 1, `prices where model = 'a' and effective_to is not null`)
	expectRows(t, pool, 1, `prices where model = 'a' and effective_to is null and rates->0->>'picos' = '2000000'`)
	rows, sum := pricesOf(t, pool)
	for _, large := range []string{row("a", "4.000001"), row("a", "0.999999"), row("a", "0"), row("d", "0.1")} {
		code, stdout, stderr := r.run("import", "--yes", writeList(t, pricesHead+row("new", "1")+large))
		if code != exitFailed || !strings.Contains(stderr, "--accept-large") || !strings.Contains(stdout, "!") {
			t.Errorf("%sis taken with exit code %d, %s, %s", large, code, stdout, stderr)
		}
	}
	if again, same := pricesOf(t, pool); again != rows || same != sum {
		t.Error("an import that was refused has changed rows")
	}
	r.imports(pricesHead+row("a", "0"), "--accept-large")
	expectRows(t, pool, 1, `prices where model = 'a' and effective_to is null and rates->0->>'picos' = '0'`)

	r.imports(pricesHead+row("a", "7"), "--organization", tenant.Organization.Slug)
	expectRows(t, pool, 1, `prices where organization_id is not null`)
	if code, list, _ := r.run("export", "--organization", tenant.Organization.ExternalID()); code != exitDone || strings.Count(list, "\n") != 2 || !strings.Contains(list, "INPUT_TOKENS,7,") {
		t.Errorf("the organization's prices are exported as %q with exit code %d", list, code)
	}
}

// Guarantee: a list that is cut off, or has a number that is no price, changes nothing: it is refused with the reason, even where most of it is right
// and large changes are accepted.
func TestPricesImportRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool, r := database.Pool(t, url), priceRun{t, variables{"DATABASE_URL": url}}
	r.imports(pricesHead + "p,a,,,,,INPUT_TOKENS,5,,,\np,b,,,,,INPUT_TOKENS,5,,,\n")
	rows, sum := pricesOf(t, pool)
	lists := []string{
		`[{"id": "p", "models": [{"id": "a", "match": {"equals": "a"}, "prices": {"input_mtok": 1}}, {"id": "b", "match": {"equals": "b"}, "prices": {"input_mtok": %s}}]}]`,
		`{"a": {"litellm_provider": "p", "input_cost_per_token": 1e-06}, "b": {"litellm_provider": "p", "input_cost_per_token": %s}}`,
		`{"p": {"models": {"a": {"cost": {"input": 1}}, "b": {"cost": {"input": %s}}}}}`,
		pricesHead + "p,a,,,,,INPUT_TOKENS,1,,,\np,b,,,,,INPUT_TOKENS,%s,,,\n",
	}
	for _, list := range lists {
		for _, wrong := range []string{"-1", "NaN", "Infinity", "1e400", `"free"`, "true"} {
			code, stdout, stderr := r.run("import", "--yes", "--accept-large", writeList(t, fmt.Sprintf(list, wrong)))
			if code != exitFailed || stderr == "" {
				t.Errorf("a price of %s is taken with exit code %d: %s, %s", wrong, code, stdout, stderr)
			}
		}
		whole := fmt.Sprintf(list, "1")
		for _, cut := range []int{1, 4, len(whole) / 2} {
			if code, stdout, _ := r.run("import", "--yes", "--accept-large", writeList(t, whole[:len(whole)-cut])); code != exitFailed {
				t.Errorf("a list without its last %d bytes is taken with exit code %d: %s", cut, code, stdout)
			}
		}
	}
	if code, _, stderr := r.run("import", writeList(t, pricesHead+"p,z,,,,,INPUT_TOKENS,1,,,\n")); code != exitFailed || !strings.Contains(stderr, "--yes") {
		t.Errorf("without a terminal and without --yes the exit code is %d: %s", code, stderr)
	}
	for _, misused := range [][]string{{"import", "--format", "xml", "x"}, {"import", "--format", "csv"}, {"export", "--format", "xml"},
		{"import", "--organization", "nobody", "--yes"}} {
		if code, _, stderr := r.run(misused...); code != exitMisused {
			t.Errorf("%v has exit code %d: %s", misused, code, stderr)
		}
	}
	if again, same := pricesOf(t, pool); again != rows || same != sum {
		t.Error("refused lists have changed rows")
	}
	if got := summary(r.imports(fmt.Sprintf(lists[1], "-1"), "--skip-damaged", "--accept-large")); got != "0 new, 1 changed, 0 gone, 0 the same" {
		t.Errorf("a damaged list without its damaged models is %q", got)
	}
}

// pricesOf returns how many prices there are, and a sum of all that they say.
func pricesOf(t *testing.T, pool *pgxpool.Pool) (rows int, sum string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select count(*), coalesce(md5(string_agg(p::text, ',' order by p.id)), '') from prices p`).Scan(&rows, &sum); err != nil {
		t.Fatal(err)
	}
	return rows, sum
}

// expectRows expects a number of rows of a table.
func expectRows(t *testing.T, pool *pgxpool.Pool, want int, table string) {
	t.Helper()
	var got int
	if err := pool.QueryRow(t.Context(), "select count(*) from "+table).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%d %s, want %d", got, table, want)
	}
}

// Guarantee: the binary has the notices of the lists that its prices were made of.
func TestLicenses(t *testing.T) {
	t.Parallel()
	p := start(t, variables{}, "licenses")
	if code := p.finish(); code != exitDone || !strings.Contains(p.stdout.String(), "Pydantic Services Inc.") || !strings.Contains(p.stdout.String(), "Berri AI") {
		t.Errorf("exit code %d, %s", code, p.stdout)
	}
}

// Guarantee: an upgrade, and a server that starts, change no price: not one that an operator has set otherwise than the list in the binary says, and none is
// added.
func TestUpgradeChangesNoPrice(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	url := database.NewURL(t)
	pool, r := database.Pool(t, url), priceRun{t, variables{"DATABASE_URL": url}}
	r.imports(pricesHead + "openai,gpt-4o,,,,,INPUT_TOKENS,5,,,\n")
	rows, sum := pricesOf(t, pool)
	for _, arguments := range [][]string{{"migrate", "up"}, {"prices", "export"}} {
		p := start(t, r.environment, arguments...)
		if code := <-p.code; code != exitDone {
			t.Fatalf("%v: exit code %d, %s", arguments, code, p.stderr.String())
		}
	}
	if again, same := pricesOf(t, pool); rows == 0 || again != rows || same != sum {
		t.Errorf("%d prices before, %d after an upgrade", rows, again)
	}
}
