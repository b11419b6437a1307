package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // missing.html
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

//go:embed missing.html
var missingPage []byte

// NotFound answers requests for addresses at which nothing is: with 404, and a page that leads to those that there are where a browser has asked for a
// page. Programs, and what pages load, get the short text that net/http answers.
func NotFound() http.Handler {
	policy := missingPolicy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Add("Vary", "Accept")
		if !acceptsHTML(r.Header.Values("Accept")) {
			http.NotFound(w, r)
			return
		}
		header.Set("Content-Security-Policy", policy)
		header.Set("Content-Type", "text/html; charset=utf-8")
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Length", strconv.Itoa(len(missingPage)))
		w.WriteHeader(http.StatusNotFound)
		if r.Method != http.MethodHead {
			// a client that has gone needs no answer
			_, _ = w.Write(missingPage)
		}
	})
}

// missingPolicy returns the policy of the page, which lets its one style element in, and nothing else.
func missingPolicy() string {
	_, rest, _ := bytes.Cut(missingPage, []byte("<style>"))
	style, _, found := bytes.Cut(rest, []byte("</style>"))
	if !found {
		// The page is part of the binary: this is a broken build, not a condition to handle.
		panic("web: missing.html has no style element")
	}
	sum := sha256.Sum256(style)
	return fmt.Sprintf("%s; style-src 'sha256-%s'", barePolicy, base64.StdEncoding.EncodeToString(sum[:]))
}

// acceptsHTML tells browsers that open an address from everything else: they name the type, which clients of an API do not.
func acceptsHTML(accept []string) bool {
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, parameters, _ := strings.Cut(entry, ";")
		if strings.EqualFold(strings.TrimSpace(name), "text/html") && weight(parameters) > 0 {
			return true
		}
	}
	return false
}
