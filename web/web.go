// Package web holds the pages that a browser sees: the console and GraphiQL, built by Vite into dist and embedded, so that
// the binary serves them without any other host.
package web

import (
	"bytes"
	"embed"
	"net/http"
	"time"
)

//go:embed all:dist
var dist embed.FS

// Handler serves the console at / and its other addresses, GraphiQL at /graphiql, and what the two load under
// /console/assets/ and /graphiql/assets/. Any other path is 404, with a page for browsers, and any method but GET and HEAD is 405, so the handler can
// stand behind every other route.
//
// Files whose name carries their hash may be cached for ever; pages and the configuration are revalidated on each visit.
func Handler(config Config) http.Handler {
	pages := load(dist)
	pages[configPath] = config.file()
	policy, notFound := policies(config.Issuer), NotFound()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header(), policy(r.URL.Path))
		found := find(pages, r)
		if found == nil {
			notFound.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		serve(w, r, found)
	})
}

// serve answers with the file, compressed where the client takes it; 304 and ranges are left to net/http.
func serve(w http.ResponseWriter, r *http.Request, f *file) {
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", f.cacheControl)
	header.Set("Vary", "Accept-Encoding")

	body, etag := f.body, f.hash
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		body, etag = f.compressed(), etag+"-gzip"
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", `"`+etag+`"`)
	// The zero time sends no Last-Modified: embedded files have none, and the ETag is exact.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
