package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// answer is what a server answered.
type answer struct {
	status int
	header http.Header
	body   string
}

// request sends a request whose headers may be changed, and returns the whole answer.
func request(t *testing.T, method, url, body string, change func(*http.Request)) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

func get(t *testing.T, url string) answer {
	t.Helper()
	return request(t, http.MethodGet, url, "", nil)
}

// graphQL runs an operation and returns the body of the answer.
func graphQL(t *testing.T, url, token, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return request(t, http.MethodPost, url+"/graphql", string(body), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
	}).body
}

// operator logs a request in as River UI's operator.
func operator(token string) func(*http.Request) {
	return func(r *http.Request) {
		r.SetBasicAuth("anybody", token)
		r.Header.Set("Accept", "text/html")
	}
}

func wantStatus(t *testing.T, what string, got answer, want int) {
	t.Helper()
	if got.status != want {
		t.Errorf("%s: %d, want %d: %s", what, got.status, want, got.body)
	}
}

func wantContains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

// wantOneLine checks that a program that failed said why in one line.
func wantOneLine(t *testing.T, r *run, code int, parts ...string) {
	t.Helper()
	if got := r.finish(); got != code {
		t.Errorf("exit code %d, want %d", got, code)
	}
	lines := strings.Split(strings.TrimSuffix(r.stderr.String(), "\n"), "\n")
	if len(lines) != 1 || r.stdout.String() != "" {
		t.Errorf("want one line on stderr alone, got %s", fmt.Sprintf("%q and %q", r.stdout, r.stderr))
	}
	wantContains(t, "the line", lines[0], parts...)
}
