package docs

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A reader finds a title on every document and every document in the menu.
func TestDocumentsHaveTitlesAndAreListed(t *testing.T) {
	t.Parallel()
	manual := server{Handler(http.NotFoundHandler())}
	titles := map[string]string{}
	for _, d := range parse() {
		if d.Title == "" {
			t.Errorf("%s has no heading of the first level", d.URL)
		}
		if other, taken := titles[d.Title]; taken {
			t.Errorf("%s and %s are both called %q", d.URL, other, d.Title)
		}
		titles[d.Title] = d.URL
		if !strings.Contains(manual.get(prefix).Body.String(), `<a href="`+d.URL+`"`) {
			t.Errorf("the index does not lead to %s", d.URL)
		}
	}
}

// Every link, picture and style sheet of every page leads to something, down to the heading.
func TestLinksOfPagesResolve(t *testing.T) {
	t.Parallel()
	manual := server{Handler(http.NotFoundHandler())}
	attribute := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	for _, d := range parse() {
		for _, match := range attribute.FindAllStringSubmatch(manual.get(d.URL).Body.String(), -1) {
			base := &url.URL{Path: d.URL}
			target, err := base.Parse(match[1])
			switch {
			case err != nil:
				t.Errorf("%s: %v", d.URL, err)
			case target.IsAbs() || !strings.HasPrefix(target.Path, prefix):
				continue // another site, or another page of the server
			default:
				answer := manual.get(target.Path)
				if answer.Code != http.StatusOK {
					t.Errorf("%s leads to %s: %d", d.URL, match[1], answer.Code)
				} else if target.Fragment != "" && !strings.Contains(answer.Body.String(), ` id="`+target.Fragment+`"`) {
					t.Errorf("%s leads to %s, which has no such heading", d.URL, match[1])
				}
			}
		}
	}
}

// In the repository, where the same files are read as they are, every link leads to a file too.
func TestLinksOfFilesResolve(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	paths = append(paths, "../README.md", "../AGENTS.md", "../CHANGELOG.md", "../SECURITY.md")
	link := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)|src(?:set)?="([^"#]+)"`)
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(string(source), -1) {
			target := match[1] + match[2]
			if strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target)); err != nil {
				t.Errorf("%s links to %s: %v", path, target, err)
			}
		}
	}
}

// Pages run no script, carry no style of their own and are revalidated instead of kept.
func TestPagesAreServedStrictly(t *testing.T) {
	t.Parallel()
	manual := server{Handler(http.NotFoundHandler())}
	for _, d := range parse() {
		answer := manual.get(d.URL)
		policy := answer.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", d.URL, policy)
		}
		if found := regexp.MustCompile(`<script|<style|\sstyle=|\son\w+=`).FindString(answer.Body.String()); found != "" {
			t.Errorf("%s contains %q", d.URL, found)
		}
		again := manual.request(http.MethodGet, d.URL, "If-None-Match", answer.Header().Get("ETag"))
		if again.Code != http.StatusNotModified {
			t.Errorf("%s: %d to its own ETag, want 304", d.URL, again.Code)
		}
	}
}

// A document's file name leads to its page; what does not exist is 404, also outside the folder; nothing can be written.
func TestOtherRequests(t *testing.T) {
	t.Parallel()
	manual := server{Handler(http.NotFoundHandler())}
	for path, want := range map[string]string{"/docs/gateway.md": "/docs/gateway", "/docs/README.md": "/docs/"} {
		answer := manual.get(path)
		if answer.Code != http.StatusMovedPermanently || answer.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want 301 to %q", path, answer.Code, answer.Header().Get("Location"), want)
		}
	}
	for _, path := range []string{"/docs/nothing", "/docs/docs.go", "/docs/page.html", "/docs/images/", "/docs/../go.mod", "/"} {
		if answer := manual.get(path); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, answer.Code)
		}
	}
	if answer := manual.request(http.MethodPost, prefix); answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d, want 405", answer.Code)
	}
}

// server answers requests without a network.
type server struct{ http.Handler }

func (s server) get(path string) *httptest.ResponseRecorder { return s.request(http.MethodGet, path) }

func (s server) request(method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, r)
	return answer
}
