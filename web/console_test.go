package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bursar/web"
)

// Guarantee: every address that the console's pages have in the browser is answered with the console, so that a page can be
// reloaded and a link to it sent, and is no address that the server uses otherwise.
func TestEveryPageCanBeOpened(t *testing.T) {
	t.Parallel()
	routes, err := filepath.Glob("src/console/pages/*/route.ts")
	if err != nil || len(routes) == 0 {
		t.Fatalf("%d routes, %v", len(routes), err)
	}
	console := body(t, get(t, "/"))
	declared := regexp.MustCompile(`path: "(/[^"]*)"`)
	servers := []string{"docs", "events", "export", "graphiql", "graphql", "healthz", "jobs", "metrics", "outbox", "readyz", "webhooks"}
	for _, name := range append(routes, "src/console/app/routes.ts") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range declared.FindAllStringSubmatch(string(text), -1) {
			address := strings.ReplaceAll(match[1], "$", "x_")
			if response := get(t, address); response.StatusCode != http.StatusOK || body(t, response) != console {
				t.Errorf("%s: %s is not answered with the console: name its first segment in consolePages", name, address)
			}
			if slices.Contains(servers, strings.Split(address, "/")[1]) {
				t.Errorf("%s: %s is an address of the server", name, address)
			}
		}
	}
}

// configured asks a handler with this configuration for a path.
func configured(t *testing.T, config web.Config, path string) *http.Response {
	t.Helper()
	recorder := httptest.NewRecorder()
	web.Handler(config).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder.Result()
}

// Guarantee: before anybody has signed in the console learns how people sign in, and nothing else; half of a single sign-on is none.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]web.Config{
		`{"version":"v1","signIn":null,"outbox":false}`: {Version: "v1", Issuer: "https://login.test"},
		`{"version":"v1","signIn":null,"outbox":true}`:  {Version: "v1", ClientID: "console", Outbox: true},
		`{"version":"v1","signIn":{"issuer":"https://login.test/realm","clientId":"console"},"outbox":false}`: {
			Version: "v1", Issuer: "https://login.test/realm", ClientID: "console",
		},
	} {
		response := configured(t, config, "/console/config.json")
		text := body(t, response)
		if text != want || !json.Valid([]byte(text)) {
			t.Errorf("%s, want %s", text, want)
		}
		if got := response.Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("Content-Type %q", got)
		}
		if got := response.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("Cache-Control %q", got)
		}
	}
}

// Guarantee: the console may talk to the issuer that signs people in, at its origin, and to no other host; GraphiQL to none at all.
func TestConsoleMayAskTheIssuer(t *testing.T) {
	t.Parallel()
	config := web.Config{Issuer: "https://login.test:8443/realms/acme; script-src *", ClientID: "console"}
	for path, want := range map[string]string{
		"/": "'self' https://login.test:8443", "/keys": "'self' https://login.test:8443", "/graphiql": "'self'", "/none": "",
	} {
		policy := directives(t, configured(t, config, path).Header.Get("Content-Security-Policy"))
		if policy["connect-src"] != want {
			t.Errorf("%s: connect-src is %q, want %q", path, policy["connect-src"], want)
		}
		if strings.Contains(policy["script-src"], "*") {
			t.Errorf("%s: script-src is %q", path, policy["script-src"])
		}
	}
}

// Guarantee: what a browser loads before it shows the console's first page, and the sign-in before that, is less than 250 KB of
// compressed script.
func TestFirstPageIsSmall(t *testing.T) {
	t.Parallel()
	const limit = 250_000 // bytes
	loaded := make(map[string]int)
	entry := regexp.MustCompile(`src="(/console/assets/[^"]+\.js)"`).FindStringSubmatch(body(t, get(t, "/")))
	if entry == nil {
		t.Fatal("the console's page has no script")
	}
	load(t, loaded, entry[1])
	for _, page := range []string{"OverviewPage", "SignInPage"} {
		chunk := slices.IndexFunc(builtFiles(t), func(url string) bool {
			return strings.HasPrefix(path.Base(url), page+"-") && path.Ext(url) == ".js"
		})
		if chunk < 0 {
			t.Fatalf("%s is no chunk of its own", page)
		}
		load(t, loaded, builtFiles(t)[chunk])
	}
	total := 0
	for _, size := range loaded {
		total += size
	}
	t.Logf("%d bytes in %d files: %v", total, len(loaded), loaded)
	if total > limit {
		t.Errorf("%d bytes, more than %d: %v", total, limit, loaded)
	}
}

// load notes the compressed sizes of a script and of all that it imports before it runs.
func load(t *testing.T, loaded map[string]int, url string) {
	t.Helper()
	if _, ok := loaded[url]; ok {
		return
	}
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, url, nil)
	request.Header.Set("Accept-Encoding", "gzip")
	web.Handler(web.Config{}).ServeHTTP(recorder, request)
	loaded[url] = recorder.Body.Len()
	imported := regexp.MustCompile(`(?:from|import)\s*"\./([\w.-]+\.js)"`)
	for _, match := range imported.FindAllStringSubmatch(body(t, get(t, url)), -1) {
		load(t, loaded, path.Dir(url)+"/"+match[1])
	}
}
