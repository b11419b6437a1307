package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/httpserver"
)

// The connections of TestManyIdleConnections. The limit on this process's open files may allow fewer idle ones.
const (
	idleConnections = 10_000
	otherFiles      = 2_000 // open files that the other tests may need
)

// Guarantee: ten thousand idle connections do not stop a gateway's call on a new connection. The server is a process of its
// own, so that its open files are not this process's.
func TestManyIdleConnections(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	databaseURL := database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	token := tenant.AccessToken(tenant.Organization.ID, "GATEWAY")
	p := startProcess(t, []string{"DATABASE_URL=" + databaseURL, "BURSAR_ALLOW_SUPERUSER=true", "BURSAR_ADDR=127.0.0.1:0"}, "serve")
	url := p.awaitURL(t)
	number := httpserver.DefaultLimits(idleConnections+otherFiles).Connections - otherFiles
	for i := range number {
		text := ""
		if i%2 == 0 {
			text = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
		}
		open(t, strings.TrimPrefix(url, "http://"), text)
	}
	before := time.Now()
	for range 10 {
		wantContains(t, "the gateway's answer", graphQL(t, url, token,
			`mutation { reserveUsage(input: {key: "`+tenant.Secret.Text+`"}) { decision { allowed } } }`), `"allowed":true`)
	}
	took := time.Since(before)
	for line := range strings.SplitSeq(get(t, url+"/metrics").body, "\n") {
		if strings.HasPrefix(line, "process_open_fds ") || strings.HasPrefix(line, "process_resident_memory_bytes ") {
			t.Log(line)
		}
	}
	t.Logf("%d idle connections; ten calls took %s", number, took)
	if number < idleConnections {
		t.Log("the limit on open files allows no more")
	}
}

// open opens a connection, sends a text on it and keeps it open until the test's end.
func open(t *testing.T, address, text string) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}
