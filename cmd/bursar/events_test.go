package main

import (
	"bufio"
	"net/http"
	"testing"

	"bursar/db/dbtest"
)

// Guarantee: serve streams events, ends the streams when it is told to stop, and ends with 0 without waiting for their clients.
func TestServeEndsStreams(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	r, url := startServe(t, databaseURL, nil)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+tenant.AccessToken(tenant.Organization.ID, "VIEWER"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("status %d", response.StatusCode)
	}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() && lines.Text() != "event: ready" {
	}
	wantContains(t, "the metrics", get(t, url+"/metrics").body, "bursar_event_streams 1")
	r.stop()
	for lines.Scan() {
	}
	r.await("drained")
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
}
