package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// Guarantee: bench measures every row against processes of its own and prints one table, on the database that is named.
func TestBench(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "measures all rows of an ordinary run")
	p := startProcess(t, []string{"DATABASE_URL=" + database.NewURL(t)},
		"bench", "--duration", "100ms", "--connections", "4", "--keys", "100")
	awaitBench(t, p)
	wantContains(t, "the table", p.output.String(), "100 keys, 4 connections, 0.1 s a row", "ratio to a",
		"a ceiling: ", "b hot-key: ", "c uniform-keys: ", "d reserve-record: ", "e check-usage: ", "f transaction-per-request: ",
		"g row-update: ", "h open-loop: ", "measuring b hot-key: reserve, one hot key", "≤ 150 MiB")
}

// awaitBench waits for the end of a bench that has nothing to tell of Bursar: it may be void, because other tests load the machine.
func awaitBench(t *testing.T, p *process) {
	t.Helper()
	if err := <-p.ended; err != nil && !strings.Contains(p.output.String(), "bursar: void, ") {
		t.Fatal(err)
	}
}

// Guarantee: --full measures the rest too, with two servers that are exact and a verify that finds nothing, and draws the plot.
func TestBenchInFull(t *testing.T) {
	t.Parallel()
	dbtest.Repeated(t, 10, "measures what TestEveryRow and TestBench do")
	plot := filepath.Join(t.TempDir(), "plot.svg")
	p := startProcess(t, []string{"DATABASE_URL=" + database.NewURL(t)}, "bench", "--full", "--duration", "100ms", "--connections", "4",
		"--keys", "50", "--many-keys", "60", "--ledger-rows", "1000", "--plot", plot)
	awaitBench(t, p)
	wantContains(t, "the report", p.output.String(), "a limit for 80 admitted 80; 0 differences", "60 keys with 180 limits",
		"after 1000 ledger rows", "bursar verify took", ": no difference", "16 connections")
	if drawn, err := os.ReadFile(plot); err != nil || !strings.HasPrefix(string(drawn), "<svg ") {
		t.Errorf("%v; the plot is %.100s", err, drawn)
	}
}

// Guarantee: --quick is accepted, --json prints JSON, and only the rows that were asked for are measured.
func TestBenchQuickly(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a benchmark that lasts seconds")
	p := startProcess(t, []string{"DATABASE_URL=" + database.NewURL(t)}, "bench", "--quick", "--json", "--rows", "ceiling", "--keys", "1")
	awaitBench(t, p)
	wantContains(t, "the report", p.output.String(), `"secondsPerRow": 2`, `"row": "a"`, `"rowName": "ceiling"`, `"ratio": 1`)
}

// Guarantee: Ctrl-C ends bench with its servers and its PostgreSQL, and leaves no file.
func TestBenchIsInterrupted(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a PostgreSQL and a benchmark")
	folder := t.TempDir()
	p := startProcess(t, []string{"TMPDIR=" + folder}, "bench", "--duration", "1h", "--keys", "1")
	p.await(t, "measuring a")
	p.wantEnd(t, os.Interrupt, exitFailed, timeout)
	if left, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// Guarantee: a database with anybody's data is refused before anything is changed, in one line.
func TestBenchRefusesDatabasesInUse(t *testing.T) {
	t.Parallel()
	url := database.NewURL(t)
	dbtest.NewTenant(t, database.Pool(t, url))
	wantOneLine(t, start(t, variables{"DATABASE_URL": url}, "bench"), exitFailed, "holds other data")
}

// Guarantee: flags that make no sense are refused before anything is started, in one line.
func TestBenchRefusesNonsense(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]string{
		"--connections 0":       "--connections",
		"--connections -3":      "--connections",
		"--connections 100000":  "--connections",
		"--keys 0":              "--keys",
		"--duration 1ms":        "--duration",
		"--duration 3":          "--duration",
		"--rows xyz":            "--rows",
		"--rows hot-keys":       "hot-key",
		"--quick --duration 1s": "--quick",
		"--quick --full":        "--full",
		"--hostile":             "--hostile",
		"--many-keys 0":         "--many-keys",
		"--ledger-rows 0":       "--ledger-rows",
		"--plot rates.svg":      "--plot",
		"--gateway --streams 0": "--streams",
		"--gateway --calls 0":   "--calls",
		"--gateway --rounds 0":  "--rounds",
		"--gateway --rows b":    "--rows",
		"everything":            "everything",
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			wantOneLine(t, start(t, nil, append([]string{"bench"}, strings.Fields(arguments)...)...), exitMisused, want)
		})
	}
}
