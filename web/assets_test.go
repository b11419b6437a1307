package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// body reads the whole answer, unpacking it if it is compressed.
func body(t *testing.T, response *http.Response) string {
	t.Helper()
	var reader io.Reader = response.Body
	if response.Header.Get("Content-Encoding") == "gzip" && response.StatusCode == http.StatusOK {
		unpacked, err := gzip.NewReader(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		reader = unpacked
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// builtFiles lists the files of dist by the path of the URL, pages left out.
func builtFiles(t *testing.T) []string {
	t.Helper()
	var urls []string
	err := filepath.WalkDir("dist", func(name string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Base(name) != "index.html" {
			urls = append(urls, strings.TrimPrefix(filepath.ToSlash(name), "dist"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(urls) == 0 {
		t.Fatal("dist has no files beside the pages: run npm run build")
	}
	return urls
}

// Guarantee: every built file is served whole, compressed and not, under a type that we chose for it, and those whose
// name carries their hash are cached for ever.
func TestEveryBuiltFileIsServed(t *testing.T) {
	t.Parallel()
	hashed := regexp.MustCompile(`^/(console|graphiql)/assets/[\w.-]+-[\w-]{8}\.\w+$`)
	for _, url := range builtFiles(t) {
		want, err := os.ReadFile("dist" + url)
		if err != nil {
			t.Fatal(err)
		}
		for _, encoding := range []string{"identity", "gzip"} {
			response := get(t, url, "Accept-Encoding", encoding)
			if body(t, response) != string(want) {
				t.Errorf("%s (%s): status %d and another content than the file's", url, encoding, response.StatusCode)
			}
			if got := response.Header.Get("Content-Type"); got == "" || got == "application/octet-stream" {
				t.Errorf("%s: Content-Type %q: name the type of this ending in contentType", url, got)
			}
			immutable := strings.HasSuffix(response.Header.Get("Cache-Control"), "immutable")
			if immutable != hashed.MatchString(url) {
				t.Errorf("%s: Cache-Control %q", url, response.Header.Get("Cache-Control"))
			}
		}
	}
}

// Guarantee: a client that does not take gzip is never sent it, and caches are told that the answer depends on it.
func TestCompressionIsNegotiated(t *testing.T) {
	t.Parallel()
	for accepted, want := range map[string]string{
		"":                     "",
		"identity":             "",
		"br":                   "",
		"gzip;q=0":             "",
		"*;q=0":                "",
		"*, gzip;q=0":          "",
		"gzip":                 "gzip",
		"br, GZIP;q=0.5":       "gzip",
		"gzip, deflate, br":    "gzip",
		"*":                    "gzip",
		"identity;q=0.5, *":    "gzip",
		"gzip;q=0.001, *;q=0":  "gzip",
		"deflate, gzip;q=1.0 ": "gzip",
	} {
		response := get(t, "/", "Accept-Encoding", accepted)
		if got := response.Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", accepted, got, want)
		}
		if got := response.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", accepted, got)
		}
	}
}
