// Package docs holds the manual: Markdown that reads well in the repository, and the handler that serves the same files as
// pages, so that each binary carries the manual of its own version.
package docs

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

//go:embed *.md page.html page.css images
var files embed.FS

// prefix is the path under which Handler stands.
const prefix = "/docs/"

// The answers' Content-Security-Policies: pages run no script and take nothing from another host. A picture brings its
// colours for light and dark in a style element of its own, and may do nothing else.
const (
	pagePolicy    = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
)

// Handler serves the manual: its index at /docs/, a document at /docs/NAME, what pages show beside them. A document's
// file name, /docs/NAME.md, leads to its page. Everything else is left to notFound, and any method but GET and HEAD is 405.
func Handler(notFound http.Handler) http.Handler {
	pages := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", pagePolicy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		if name, ok := strings.CutSuffix(r.URL.Path, ".md"); ok && pages[pageURL(name)] != nil {
			http.Redirect(w, r, pageURL(name), http.StatusMovedPermanently)
			return
		}
		found := pages[r.URL.Path]
		if found == nil {
			notFound.ServeHTTP(w, r)
			return
		}
		header.Set("Content-Security-Policy", found.policy)
		header.Set("Content-Type", found.contentType)
		header.Set("Cache-Control", "no-cache") // asked for each time, answered with 304 while the binary is the same
		header.Set("ETag", found.etag)
		// The zero time sends no Last-Modified: embedded files have none, and the ETag is exact.
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(found.body))
	})
}

// pageURL returns where a document is served, given its path without the ending: README is the index.
func pageURL(path string) string {
	if path == prefix+"README" {
		return prefix
	}
	return path
}

// file is one answer, ready to be sent.
type file struct {
	body        []byte
	contentType string
	policy      string
	etag        string
}

func newFile(body []byte, contentType, policy string) *file {
	sum := sha256.Sum256(body)
	return &file{body: body, contentType: contentType, policy: policy, etag: `"` + hex.EncodeToString(sum[:16]) + `"`}
}
