package api_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/api"
	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/httpserver"
)

// Guarantee: a stream ends when its token is revoked or expires, when its member has another role or is removed, and only then.
func TestStreamsEndWithTheirTokens(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	organizationID := a.Tenant.Organization.ID
	member := func(email string) (*db.Member, string) {
		m := a.Tenant.Member(organizationID, email, db.MemberRoleADMIN)
		return m, a.Tenant.BoundToken(m, db.TokenRoleADMIN)
	}
	demoted, ofDemoted := member("demoted@acme.test")
	removed, ofRemoved := member("removed@acme.test")
	revoked, expired := a.Tenant.AccessToken(organizationID, db.TokenRoleVIEWER), a.Tenant.AccessToken(organizationID, db.TokenRoleVIEWER)
	stays, _ := listen(a, a.Admin, nil)
	for _, test := range []struct {
		token, statement string
		argument         any
	}{
		{revoked, "update access_tokens set revoked_at = clock_timestamp() where prefix = $1", revoked[:10]},
		{expired, "update access_tokens set created_at = 'yesterday', expires_at = clock_timestamp() where prefix = $1", expired[:10]},
		{ofDemoted, "update members set role = 'MEMBER' where id = $1", demoted.ID},
		{ofRemoved, "delete from members where id = $1", removed.ID},
	} {
		s, _ := listen(a, test.token, nil)
		if _, err := a.Pool.Exec(t.Context(), test.statement, test.argument); err != nil {
			t.Fatal(err)
		}
		s.awaitEnd()
	}
	renameKey(a, "still heard")
	stays.await(a.KeyID())
}

// Guarantee: a server has no more streams than it may; further ones are told when to come again, and there is room when one ends.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	a := kit.ServeWith(t, kit.New(t), api.Config{Streams: 2})
	s, _ := listen(a, a.Admin, nil)
	listen(a, a.Viewer, nil)
	response := openStream(t.Context(), a, a.Admin, nil)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
	s.leave()
	s.awaitEnd()
	for status := 0; status != http.StatusOK; {
		response := openStream(t.Context(), a, a.Admin, nil)
		_ = response.Body.Close()
		status = response.StatusCode
	}
}

// Guarantee: a stream lasts longer than the time that the HTTP server allows for a request to be read and an answer to be written, and does
// not keep the server from stopping.
func TestStreamsOutliveTimeouts(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	logger := slog.New(slog.NewTextHandler(t.Output(), nil))
	server := api.New(api.Config{Pool: kit.ServerPool(t, a.Pool), Logger: logger})
	t.Cleanup(server.Close)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const timeout = 100 * time.Millisecond
	front := httpserver.New(httpserver.Config{Logger: logger, Limits: httpserver.Limits{
		ReadHeader: timeout, Read: timeout, Write: timeout, Idle: time.Minute, HeaderBytes: 16 << 10, Connections: 10,
	}})
	behind := &graphtest.API{T: t, URL: front.Serve(listener, server.Events)}
	s, _ := listen(behind, a.Admin, nil)
	for range 3 { // each takes as long as the timeout
		silent, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(behind.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, silent); err != nil {
			t.Error(err)
		}
		_ = silent.Close()
	}
	renameKey(a, "after the timeouts")
	s.await(a.KeyID())
	server.EndStreams()
	if !front.Drain(time.Minute) {
		t.Error("the stream keeps the server from stopping")
	}
	s.awaitEnd()
}
