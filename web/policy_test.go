package web_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// directives takes a Content-Security-Policy apart.
func directives(t *testing.T, policy string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for part := range strings.SplitSeq(policy, ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(part), " ")
		found[name] = sources
	}
	return found
}

// Guarantee: whatever ends up in a page, the browser runs no script but the binary's own files, talks to no other host,
// lets nobody frame the page and tells nobody its address.
func TestPagesAreLockedDown(t *testing.T) {
	t.Parallel()
	for _, url := range append(builtFiles(t), "/", "/keys/key_1", "/console/config.json", "/none", "/graphiql", "/graphiql/") {
		header := get(t, url).Header
		policy := directives(t, header.Get("Content-Security-Policy"))
		for name, want := range map[string]string{
			"default-src": "'none'", "frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'none'",
		} {
			if policy[name] != want {
				t.Errorf("%s: %s is %q, want %q", url, name, policy[name], want)
			}
		}
		if script, ok := policy["script-src"]; ok && script != "'self'" {
			t.Errorf("%s: script-src is %q", url, script)
		}
		for name, sources := range policy {
			for source := range strings.FieldsSeq(sources) {
				inlineStyle := name == "style-src" && source == "'unsafe-inline'" && strings.HasPrefix(url, "/graphiql")
				if !strings.Contains(" 'none' 'self' data: blob: ", " "+source+" ") && !inlineStyle {
					t.Errorf("%s: %s allows %s", url, name, source)
				}
			}
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", url, header)
		}
	}
}

// Guarantee: the pages need nothing that their policies forbid: no script or style in the page itself, no handler or
// style in an attribute.
func TestPagesHaveNothingInline(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{
		"script in the page":  `(?i)<script(?:\s[^>]*)?>\s*[^<\s]`,
		"script without src":  `(?i)<script\s*>`,
		"style in the page":   `(?i)<style`,
		"style attribute":     `(?i)<[^>]*\sstyle\s*=`,
		"event handler":       `(?i)<[^>]*\son\w+\s*=`,
		"javascript: address": `(?i)javascript:`,
	} {
		forbidden := regexp.MustCompile(pattern)
		for _, url := range []string{"/", "/graphiql"} {
			if found := forbidden.FindString(body(t, get(t, url))); found != "" {
				t.Errorf("%s: %s: %s", url, name, found)
			}
		}
	}
}

// Guarantee: every file that a page or a style sheet names is in the binary, and none lies on another host.
func TestEveryReferenceIsServed(t *testing.T) {
	t.Parallel()
	pages := []string{"/", "/graphiql"}
	for _, url := range builtFiles(t) {
		if path.Ext(url) == ".css" || path.Ext(url) == ".svg" {
			pages = append(pages, url)
		}
	}
	// Links to the server's other pages are anchors; whether those answer is for the whole program's tests.
	anchor := regexp.MustCompile(`<a\s[^>]*>`)
	reference := regexp.MustCompile(`(?:\s(?:src|href)=|url\(|@import\s+)["']?([^"')\s>]+)`)
	for _, page := range pages {
		text := body(t, get(t, page))
		for _, a := range anchor.FindAllString(text, -1) {
			if !strings.Contains(a, `href="/`) || strings.Contains(a, `href="//`) {
				t.Errorf("%s: a link that leaves the server: %s", page, a)
			}
		}
		for _, match := range reference.FindAllStringSubmatch(anchor.ReplaceAllString(text, ""), -1) {
			if strings.HasPrefix(match[1], "data:") || strings.HasPrefix(match[1], "#") {
				continue
			}
			if !strings.HasPrefix(match[1], "/") || strings.HasPrefix(match[1], "//") {
				t.Errorf("%s: %s is not an address on this server", page, match[1])
			} else if status := get(t, match[1]).StatusCode; status != 200 {
				t.Errorf("%s: %s answers %d", page, match[1], status)
			}
		}
	}
}

// Guarantee: the operations that GraphiQL opens with are the contract's, word for word but for comments.
func TestOperationsAreTheContracts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../graph/testdata/operations.graphql")
	if err != nil {
		t.Fatal(err)
	}
	contract := uncommented(text)
	entries, err := os.ReadDir("src/operations")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if path.Ext(entry.Name()) != ".graphql" {
			continue
		}
		document, err := os.ReadFile("src/operations/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		for definition := range strings.SplitSeq(strings.TrimSpace(uncommented(document)), "\n\n") {
			if !strings.Contains(contract, definition+"\n") {
				t.Errorf("%s is not in the contract as it stands:\n%s", entry.Name(), definition)
			}
		}
	}
}

// uncommented returns documents without comments and the lines that are nothing else. No string in them has a number sign.
func uncommented(documents []byte) string {
	var lines []string
	for line := range strings.SplitSeq(string(documents), "\n") {
		before, _, commented := strings.Cut(line, "#")
		if before = strings.TrimRight(before, " "); before != "" || !commented {
			lines = append(lines, before)
		}
	}
	return strings.Join(lines, "\n")
}
