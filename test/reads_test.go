package test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/db/dbtest"
)

// Guarantee: the program's server has a standby answer reads, and says so in its metrics; when the standby is killed under reads, none of them fails,
// the log says that it is left and that it is used again, and /readyz stays 200.
func TestServerReadsFromStandby(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts two servers and kills one")
	primary := newDurableIn(t, t.TempDir(), replicating())
	standby := primary.standby(quietPort(t))
	p := start(t, binary, append(serverEnvironment(primary.server.URL()), "BURSAR_READ_URLS="+standby.server.URL()), "serve")
	url := p.await(`"url":"(http://[^"]+)"`)
	f := newFleet(t, primary.server.URL(), 1)
	f.urls[0].Store(&url)
	newTenant(f, "acme")
	until := func(what string, done func(metrics string) bool) {
		t.Helper()
		for deadline := time.Now().Add(waitTimeout); !done(fetch(t, url+"/metrics", http.StatusOK)); {
			if a, err := f.post(t.Context(), 0, rootToken, "ApiKeys", object{"first": 3}); err != nil || a.code() != "" {
				t.Fatalf("a read fails: %v, %+v", err, a)
			}
			if time.Now().After(deadline) {
				t.Fatal("not ", what)
			}
		}
	}
	until("answered by the standby", func(metrics string) bool { return strings.Contains(metrics, `bursar_reads_total{source="standby"}`) })
	standby.kill()
	until("left", func(metrics string) bool { return isUsed(metrics, "0") })
	fetch(t, url+"/readyz", http.StatusOK)
	standby.restart()
	until("used again", func(metrics string) bool { return isUsed(metrics, "1") })
	p.await(`(answers no reads)`)
	p.await(`"a standby (answers reads)"`)
}

// isUsed tells whether the metrics say of the one standby that it is used, 1, or left, 0.
func isUsed(metrics, value string) bool {
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, "bursar_standby_used{") {
			return strings.HasSuffix(strings.TrimSpace(line), " "+value)
		}
	}
	return false
}

// fetch returns what a path of a server answers, with a status.
func fetch(t *testing.T, url string, status int) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		t.Fatalf("%s: %d, %v, want %d: %s", url, response.StatusCode, err, status, body)
	}
	return string(body)
}
