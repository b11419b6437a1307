package web

import (
	"net/http"
	"strings"
)

// The pages' Content-Security-Policies. Neither allows inline scripts, resources of other hosts, frames around the page, or forms
// that send anything.
const (
	// frontPolicy is for everything but GraphiQL: no scripts at all.
	frontPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

	// graphiqlPolicy lets Monaco, GraphiQL's editor, add styles of its own and start its workers. Files under
	// /graphiql/assets/ carry it too, for a worker obeys the policy that its own script came with.
	graphiqlPolicy = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// secure sets the headers that every answer carries, errors included.
func secure(header http.Header, path string) {
	policy := frontPolicy
	if path == "/graphiql" || strings.HasPrefix(path, "/graphiql/") {
		policy = graphiqlPolicy
	}
	header.Set("Content-Security-Policy", policy)
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
}
