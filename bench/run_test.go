package bench

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/graph"
)

const tokenOfTests = "root-token-of-the-tests"

// serverOf returns the URL of a server with a handler at /graphql alone.
func serverOf(t *testing.T, handler http.Handler) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/graphql", handler)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// Guarantee: every row works against Bursar itself, without an error, and what it did is in the ledger without a difference.
func TestEveryRow(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	data, err := Load(t.Context(), pool, 20)
	if err != nil {
		t.Fatal(err)
	}
	server := graph.New(graph.Config{Pool: pool, RootToken: tokenOfTests, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(server.Close)
	var progress, table, asJSON bytes.Buffer
	report, err := Run(t.Context(), Config{
		Pool: pool, Data: data, Ceiling: serverOf(t, CeilingHandler()), Server: serverOf(t, server), Token: tokenOfTests,
		Connections: 2, Duration: 200 * time.Millisecond, Progress: &progress,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Error(err)
	}
	measured := ""
	for _, row := range report.Rows {
		measured += row.Letter
		if row.PerSecond <= 0 || row.P50Milliseconds <= 0 || row.P99Milliseconds < row.P50Milliseconds || row.Ratio <= 0 {
			t.Errorf("a row without a number: %+v", row)
		}
	}
	if measured != "abcdefgg" || report.Rows[0].Ratio != 1 || strings.Count(progress.String(), "measuring") != len(measured) {
		t.Errorf("rows %s, the first with ratio %g, progress %q", measured, report.Rows[0].Ratio, &progress)
	}
	if err := report.Print(&table); err != nil || strings.Count(table.String(), "\n") != 4+len(measured) {
		t.Errorf("%v; the table is\n%s", err, &table)
	}
	var again Report
	if err := report.PrintJSON(&asJSON); err != nil || json.Unmarshal(asJSON.Bytes(), &again) != nil || len(again.Rows) != len(measured) {
		t.Errorf("%v; the JSON is\n%s", err, &asJSON)
	}

	organizations, err := db.New().ListOrganizationIDs(t.Context(), pool)
	if err != nil || len(organizations) != 1 {
		t.Fatalf("%d organizations, %v", len(organizations), err)
	}
	differences, err := db.New().FindLedgerDifferences(t.Context(), pool, organizations[0])
	if err != nil || len(differences) != 0 {
		t.Errorf("%d differences, %v", len(differences), err)
	}
}

// Guarantee: rows that were not asked for are left out, but for the one that the ratios are to.
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
	if err != nil || len(report.Rows) != 2 || report.Rows[0].Letter != "a" || report.Rows[1].Letter != "f" {
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
	server := graph.New(graph.Config{Pool: pool, RootToken: tokenOfTests, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(server.Close)
	var progress bytes.Buffer
	report, err := Run(t.Context(), Config{
		Pool: pool, Data: data, Ceiling: serverOf(t, CeilingHandler()), Server: serverOf(t, server), Token: "another",
		Connections: 2, Duration: minDuration, Rows: "e", Progress: &progress,
	})
	if err != nil || len(report.Rows) != 2 {
		t.Fatalf("%v; %+v", err, report)
	}
	if err := report.Err(); err == nil || !strings.Contains(err.Error(), "20 operations failed") ||
		!strings.Contains(err.Error(), "UNAUTHENTICATED") {
		t.Errorf("the run's error is %v", err)
	}
}

// Guarantee: numbers that make no sense are refused by the name of their flag.
func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	good := Config{Connections: 1, Duration: time.Second, Rows: "bc"}
	for flag, test := range map[string]struct {
		keys   int
		change func(*Config)
	}{
		"--keys":        {0, func(*Config) {}},
		"1000001":       {maxKeys + 1, func(*Config) {}},
		"--connections": {1, func(c *Config) { c.Connections = 0 }},
		"1025":          {1, func(c *Config) { c.Connections = maxConnections + 1 }},
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
