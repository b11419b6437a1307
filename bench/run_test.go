package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/db"
	"bursar/db/dbtest"
)

// serverOf returns the URL of a server with a handler at /graphql alone.
func serverOf(t *testing.T, handler http.Handler) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/graphql", handler)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// bursarOf returns the URL of a Bursar server on a database.
func bursarOf(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	server := api.New(api.Config{Pool: pool, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(server.Close)
	return serverOf(t, server)
}

// Guarantee: every row works against Bursar itself, presenting a gateway's token, without an error; two servers are exact;
// and what all of it did is in the ledger without a difference.
func TestEveryRow(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "measures all rows")
	pool := database.New(t)
	data, err := Load(t.Context(), pool, 20)
	if err != nil {
		t.Fatal(err)
	}
	var progress, table, asJSON bytes.Buffer
	report, err := Run(t.Context(), Config{
		Pool: pool, Data: data, Ceiling: serverOf(t, CeilingHandler()), Server: bursarOf(t, pool), ServerPID: os.Getpid(),
		Second: bursarOf(t, pool), Verify: serverOfKind("verify"), Connections: 4, Duration: minDuration, Rows: AllRows,
		ManyKeys: 30, LedgerRows: 2000, Progress: &progress,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, void := errors.AsType[*VoidError](report.Err()); report.Err() != nil && !void { // other tests load the machine
		t.Error(report.Err())
	}
	measured := ""
	for _, row := range report.Rows {
		measured += row.Letter
		if row.PerSecond <= 0 || row.P50Milliseconds <= 0 || row.P99Milliseconds < row.P50Milliseconds || row.Ratio <= 0 ||
			row.Connections <= 0 {
			t.Errorf("a row without a number: %+v", row)
		}
	}
	if want := "a" + "bcdefgg" + "ahha" + "nna" + "ooa" + "pppa" + strings.Repeat("i", 3*2+1) + "a" + "jjjja" + "kka" + "lllla" + "mmmma" + "qqqqa"; measured != want {
		t.Errorf("rows %s, want %s", measured, want)
	}
	if first := report.Rows[0].Ratio; first != 1 || strings.Count(progress.String(), "measuring ") != len(measured)+2 {
		t.Errorf("row a with ratio %g, progress %q", first, &progress)
	}
	if len(report.Bars) != 4+7+1+1+1+1+1+1+1+2+6 {
		t.Errorf("%d bars: %+v", len(report.Bars), report.Bars)
	}
	if e := report.Exactness; e == nil || e.Answered == 0 || e.TightLimit != 80 {
		t.Errorf("exactness %+v", e)
	}
	if m := report.Memory; runtime.GOOS == "linux" && (m == nil || m.NowMiB <= 0 || m.PeakMiB < m.NowMiB) {
		t.Errorf("memory %+v", m)
	}
	if err := report.Print(&table); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"ratio to a", "i concurrency: reserve, all keys, 16 connections", "1 connection,", "80 admitted 80; 0 differences",
		"two servers are exact", "all is well", "≤ 60 s", "k many-keys: reserve, 30 keys with 90 limits"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, &table)
		}
	}
	var again Report
	if err := report.PrintJSON(&asJSON); err != nil || json.Unmarshal(asJSON.Bytes(), &again) != nil || len(again.Rows) != len(measured) {
		t.Errorf("%v; the JSON is\n%s", err, &asJSON)
	}

	organizations, err := db.New().ListOrganizationIDs(t.Context(), pool)
	if err != nil || len(organizations) != 2 {
		t.Fatalf("%d organizations, %v", len(organizations), err)
	}
	for _, organization := range organizations {
		if differences, err := db.New().FindLedgerDifferences(t.Context(), pool, organization); err != nil || len(differences) != 0 {
			t.Errorf("%d differences, %v", len(differences), err)
		}
	}
}

// Guarantee: of the rows that were not asked for only row a is measured, which the ratios need.
func TestChosenRows(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	data, err := Load(t.Context(), pool, 1)
	if err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	report, err := Run(t.Context(), Config{
		Pool: pool, Data: data, Ceiling: serverOf(t, CeilingHandler()), Connections: 1, Duration: minDuration, Rows: "f",
		Progress: &progress,
	})
	if err != nil || len(report.Rows) != 3 || report.Rows[0].Letter != "a" || report.Rows[1].Letter != "f" ||
		report.Rows[2].Letter != "a" {
		t.Errorf("%v; %+v", err, report)
	}
}

// Guarantee: a server that refuses is a failed run that says what was refused, with the table all the same.
func TestRefusalsFailTheRun(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	data, err := Load(t.Context(), pool, 1)
	if err != nil {
		t.Fatal(err)
	}
	data.Token = "another"
	var progress bytes.Buffer
	report, err := Run(t.Context(), Config{
		Pool: pool, Data: data, Ceiling: serverOf(t, CeilingHandler()), Server: bursarOf(t, pool),
		Connections: 2, Duration: minDuration, Rows: "e", Progress: &progress,
	})
	if err != nil || len(report.Rows) != 3 {
		t.Fatalf("%v; %+v", err, report)
	}
	if err := report.Err(); err == nil || !strings.Contains(err.Error(), "20 operations failed") ||
		!strings.Contains(err.Error(), "UNAUTHENTICATED") {
		t.Errorf("the run's error is %v", err)
	}
}

// Guarantee: values out of range are refused with the name of their flag.
func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	good := Config{Connections: 1, Duration: time.Second, Rows: "bc", ManyKeys: 1, LedgerRows: 1}
	for flag, test := range map[string]struct {
		keys   int
		change func(*Config)
	}{
		"--keys":        {0, func(*Config) {}},
		"10000001":      {maxKeys + 1, func(*Config) {}},
		"--connections": {1, func(c *Config) { c.Connections = 0 }},
		"1025":          {1, func(c *Config) { c.Connections = maxConnections + 1 }},
		"--many-keys":   {1, func(c *Config) { c.ManyKeys = 0 }},
		"--ledger-rows": {1, func(c *Config) { c.LedgerRows = 0 }},
		"--duration":    {1, func(c *Config) { c.Duration = time.Millisecond }},
		"--rows":        {1, func(c *Config) { c.Rows = "bz" }},
	} {
		config := good
		test.change(&config)
		if err := config.Validate(test.keys); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%+v with %d keys: want an error with %s, got %v", config, test.keys, flag, err)
		}
	}
	if err := good.Validate(maxKeys); err != nil {
		t.Error(err)
	}
}
