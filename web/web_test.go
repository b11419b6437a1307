package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"bursar/web"
)

// get asks the handler for a path and returns the answer.
func get(t *testing.T, path string, headers ...string) *http.Response {
	t.Helper()
	return do(t, http.MethodGet, path, headers...)
}

// do sends a request whose headers are given as names and values in turn.
func do(t *testing.T, method, path string, headers ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	served().ServeHTTP(recorder, request)
	return recorder.Result()
}

// served is one handler for all tests: a new one reads and hashes all files.
var served = sync.OnceValue(func() http.Handler { return web.Handler(web.Config{Version: "v1.2.3"}) })

// Guarantee: the pages answer at the addresses that the contract names, with and without a last slash, as HTML that
// a browser revalidates on each visit.
func TestPagesAreServed(t *testing.T) {
	t.Parallel()
	for path, title := range map[string]string{
		"/":          "<title>Bursar</title>",
		"/keys":      "<title>Bursar</title>",
		"/graphiql":  "<title>GraphiQL · Bursar</title>",
		"/graphiql/": "<title>GraphiQL · Bursar</title>",
	} {
		response := get(t, path)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, response.StatusCode)
		}
		if got := response.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s: Content-Type %q", path, got)
		}
		if got := response.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		if !strings.Contains(body(t, response), title) {
			t.Errorf("%s: lacks %s", path, title)
		}
	}
}

// Guarantee: a page that has not changed is not sent again, compressed or not.
func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"identity", "gzip"} {
		first := get(t, "/graphiql", "Accept-Encoding", encoding)
		etag := first.Header.Get("ETag")
		if etag == "" {
			t.Fatalf("%s: no ETag", encoding)
		}
		again := get(t, "/graphiql", "Accept-Encoding", encoding, "If-None-Match", etag)
		if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
			t.Errorf("%s: status %d for the ETag just given", encoding, again.StatusCode)
		}
		stale := get(t, "/graphiql", "Accept-Encoding", encoding, "If-None-Match", `"other"`)
		if stale.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d for another ETag", encoding, stale.StatusCode)
		}
	}
}

// Guarantee: what is not there is 404 and not some page, so that a mistyped address or API path is noticed.
func TestUnknownPathsAreNotFound(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/index.html", "/key", "/keysx", "/console", "/console/", "/console/assets/", "/console/assets/none.js", "/graphiql/index.html", "/graphiql/assets/", "/graphiql/assets/none.js", "/dist/index.html",
		"/graphiql/../web.go", "/favicon.ico", "//", "/graphql",
	} {
		response := get(t, path)
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, response.StatusCode)
		}
		if response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: the error carries no Content-Security-Policy", path)
		}
	}
}

// Guarantee: who has opened an address at which nothing is gets a page that leads to those that there are, under a policy that lets its one style in and no
// script; programs, and what pages load, get the short text.
func TestUnknownPageLeadsBack(t *testing.T) {
	t.Parallel()
	const opened = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, path := range []string{"/keysx", "/console/", "/graphiql/assets/none.js"} {
		response := get(t, path, "Accept", opened)
		page := body(t, response)
		if response.StatusCode != http.StatusNotFound || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: status %d, %s", path, response.StatusCode, response.Header.Get("Content-Type"))
		}
		for _, address := range []string{`href="/"`, `href="/docs/"`, `href="/graphiql"`} {
			if !strings.Contains(page, address) {
				t.Errorf("%s: the page lacks %s", path, address)
			}
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, "style-src 'sha256-") || strings.Contains(policy, "script-src") {
			t.Errorf("%s: the policy %s", path, policy)
		}
	}
	for _, accept := range []string{"", "*/*", "application/json", "image/avif,image/webp,*/*;q=0.8", "application/json, text/html;q=0"} {
		response := get(t, "/keysx", "Accept", accept)
		if text := body(t, response); response.StatusCode != http.StatusNotFound || text != "404 page not found\n" {
			t.Errorf("Accept %q: status %d, %q", accept, response.StatusCode, text)
		}
	}
	if response := do(t, http.MethodHead, "/keysx", "Accept", opened); response.StatusCode != http.StatusNotFound || body(t, response) != "" {
		t.Errorf("HEAD: status %d, or a body", response.StatusCode)
	}
}

// Guarantee: pages can be read and nothing else; HEAD tells what GET would.
func TestOnlyGetAndHead(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		response := do(t, method, "/graphiql")
		if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, response.StatusCode, response.Header.Get("Allow"))
		}
	}
	response := do(t, http.MethodHead, "/graphiql")
	if response.StatusCode != http.StatusOK || body(t, response) != "" || response.Header.Get("ETag") == "" {
		t.Errorf("HEAD: status %d, ETag %q", response.StatusCode, response.Header.Get("ETag"))
	}
}
