package main

import (
	"net/http"
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// Guarantee: two servers that share the work answer what is theirs and refuse the rest, are both alive, ready and measured; the one
// for enforcement has neither pages nor the schema's text, and the one for the control plane no connections for enforcement.
func TestServeOnly(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	token := tenant.AccessToken(tenant.Organization.ID, "ADMIN")
	reserve := `mutation { reserveUsage(input: {key: "` + tenant.Secret.Text + `"}) { decision { allowed } } }`
	const viewer, connections = "{ viewer { role } }", `bursar_database_pool_max_connections{pool="enforcement"} 15`
	for half, want := range map[string]struct {
		environment     variables
		reserve, viewer string // parts of the answers
		pages           int    // status
		pools           bool   // there are connections for enforcement
	}{
		"enforcement": {variables{"BURSAR_ONLY": "enforcement"}, `"allowed":true`, "a server for the control plane", http.StatusNotFound, true},
		"control":     {variables{"BURSAR_ONLY": "control"}, "a server for enforcement", `"role":"ADMIN"`, http.StatusOK, false},
		"all of it":   {nil, `"allowed":true`, `"role":"ADMIN"`, http.StatusOK, true},
	} {
		t.Run(half, func(t *testing.T) {
			t.Parallel()
			r, url := startServe(t, databaseURL, want.environment)
			wantContains(t, "an enforcement call's answer", graphQL(t, url, token, reserve), want.reserve)
			wantContains(t, "another operation's answer", graphQL(t, url, token, viewer), want.viewer)
			for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
				wantStatus(t, path, get(t, url+path), http.StatusOK)
			}
			for _, path := range []string{"/", "/graphiql", "/docs/"} {
				wantStatus(t, path, get(t, url+path), want.pages)
			}
			schema := request(t, http.MethodGet, url+"/schema.graphql", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
			wantStatus(t, "/schema.graphql", schema, want.pages)
			if found := strings.Contains(get(t, url+"/metrics").body, connections); found != want.pools {
				t.Errorf("a pool for enforcement: %t, want %t", found, want.pools)
			}
			r.stop()
			if code := r.finish(); code != exitDone {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
