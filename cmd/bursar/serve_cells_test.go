package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"bursar/db/cells/identity"
	"bursar/db/dbtest"
)

// operatorIn is the operator's request of a cell.
func operatorIn(t *testing.T, url, token, cell, query string) string {
	t.Helper()
	return request(t, http.MethodPost, url+"/graphql", `{"query": "`+strings.ReplaceAll(query, `"`, `\"`)+`"}`, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		if cell != "" {
			r.Header.Set("Bursar-Cell", cell)
		}
	}).body
}

// Guarantee: serve answers for organizations of all cells. One that is down, that is another database than its name says or whose schema is another one, is not asked and
// /readyz says which and why, while the others are served; metrics and jobs are told apart by cell.
func TestServeCells(t *testing.T) {
	t.Parallel()
	home, eu, us := database.NewURL(t), database.NewURL(t), database.NewURL(t)
	for name, url := range map[string]string{"eu": eu, "us": us} {
		if _, err := identity.Add(t.Context(), database.Pool(t, home), database.Pool(t, url), name, nil); err != nil {
			t.Fatal(err)
		}
	}
	named := "eu=" + eu + ",us=" + us
	r, url := startServe(t, home, variables{"BURSAR_CELLS": named, "BURSAR_PLACEMENT": "us", "BURSAR_ROOT_TOKEN": rootTokenOfTests})
	wantContains(t, "readiness", get(t, url+"/readyz").body, `{"ready":true,"cells":[{"cell":"home","ready":true},{"cell":"eu","ready":true},{"cell":"us","ready":true}]}`)
	made := operatorIn(t, url, rootTokenOfTests, "", `mutation { createOrganization(input: {name: "x", slug: "placed"}) { organization { cell } } }`)
	wantContains(t, "an organization", made, `"cell":"us"`)
	metrics := get(t, url+"/metrics").body
	for _, series := range []string{
		`bursar_database_pool_max_connections{cell="us",pool="enforcement"} 15`, `bursar_rollup_lag_rows{cell="home"}`,
		`bursar_enforcement_statement_duration_seconds_count{cell="eu",operation="reserveUsage"}`,
	} {
		wantContains(t, "the metrics", metrics, series)
	}
	for _, path := range []string{"/jobs/", "/cells/eu/jobs/"} {
		wantStatus(t, path, request(t, http.MethodGet, url+path, "", operator(rootTokenOfTests)), http.StatusOK)
	}
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}

	swapped := "eu=" + us + ",us=" + us
	down := "eu=postgres://nobody@127.0.0.1:1/none,us=" + us
	for cells, reason := range map[string]string{swapped: `"failed":"cell"`, down: `"failed":"cell"`} {
		r, url := startServe(t, home, variables{"BURSAR_CELLS": cells, "BURSAR_ROOT_TOKEN": rootTokenOfTests})
		ready := get(t, url+"/readyz")
		wantStatus(t, "readiness with a cell that is not asked", ready, http.StatusOK)
		wantContains(t, "readiness", ready.body, `"ready":true`, `{"cell":"eu","ready":false,`, reason, `{"cell":"us","ready":true}`)
		wantContains(t, "the others", operatorIn(t, url, rootTokenOfTests, "us", `{ organizations { nodes { slug } } }`), `"placed"`)
		wantContains(t, "all", operatorIn(t, url, rootTokenOfTests, "", `{ organizations { nodes { slug } } }`), `UNAVAILABLE`, `the cell eu does not answer`)
		r.stop()
		r.finish()
	}
	execute(t, database.Pool(t, eu), "update schema_release set fingerprint = 'other'")
	_, url = startServe(t, home, variables{"BURSAR_CELLS": named, "BURSAR_ROOT_TOKEN": rootTokenOfTests})
	wantContains(t, "readiness", get(t, url+"/readyz").body, `{"cell":"eu","ready":false,"failed":"cell","reason":"the cell is not asked: `, "migrate up", `{"cell":"us","ready":true}`)
}

// Guarantee: dev --cells 2 makes a second database with an organization, in which a key that was made by the operator is decided on, and comes back with both.
func TestDevCells(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a PostgreSQL of its own, twice")
	dataDir := filepath.Join(t.TempDir(), "data")
	wantOneLine(t, start(t, variables{"DATABASE_URL": "postgres://x@127.0.0.1:1/x"}, "dev", "--cells", "2"), exitMisused, "--cells")
	begin := func() (*run, string, string) {
		r := start(t, nil, "dev", "--addr", "127.0.0.1:0", "--data-dir", dataDir, "--cells", "2")
		url := r.await(`(?m)^ready at (http://\S+) `)
		return r, url, r.await(`Root token +(root_\w+)`)
	}
	first, url, root := begin()
	organization := first.await(`organization demo-2, (org_\w+)`)
	wantContains(t, "all organizations", operatorIn(t, url, root, "", `{ organizations { nodes { slug cell } } }`), `{"slug":"demo","cell":"home"}`, `{"slug":"demo-2","cell":"cell-2"}`)
	secretOf := func(query string) string {
		t.Helper()
		_, after, found := strings.Cut(operatorIn(t, url, root, "", query), `"secret":"`)
		if !found {
			t.Fatalf("%s: %s", query, operatorIn(t, url, root, "", query))
		}
		secret, _, _ := strings.Cut(after, `"`)
		return secret
	}
	gateway := secretOf(`mutation { createAccessToken(input: {organizationId: "` + organization + `", name: "Gateway", role: GATEWAY}) { secret } }`)
	key := secretOf(`mutation { createApiKey(input: {ownerId: "` + organization + `", name: "Key"}) { secret } }`)
	reserve := `mutation { reserveUsage(input: {key: "` + key + `", requestId: "r"}) { decision { allowed } } }`
	wantContains(t, "a call", graphQL(t, url, gateway, reserve), `"allowed":true`)
	first.stop()
	if code := first.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	second, url, _ := begin()
	wantContains(t, "the call, repeated", graphQL(t, url, gateway, reserve), `"allowed":true`)
	wantContains(t, "the banner", second.stdout.String(), organization)
}
