package web

import (
	"net/http"
	"net/url"
	"strings"
)

// The Content-Security-Policies. None allows inline scripts, resources of other hosts, frames around the page, or forms that
// send anything.
const (
	// barePolicy is for what is no page, errors among it: nothing is loaded, nothing runs.
	barePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

	// consolePolicy is the console's. It has no inline styles either: scripts set them one by one, which is allowed. The issuer
	// of sign-in tokens is added to connect-src.
	consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"

	// graphiqlPolicy lets Monaco, GraphiQL's editor, add styles of its own and start its workers. Files under
	// /graphiql/assets/ carry it too, for a worker obeys the policy that its own script came with.
	graphiqlPolicy = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// policies returns the policy for an address. issuer is the URL of the issuer of sign-in tokens, which the console asks for one;
// "" if there is none.
func policies(issuer string) func(path string) string {
	console := consolePolicy
	if parsed, err := url.Parse(issuer); err == nil && parsed.Host != "" && !strings.ContainsAny(parsed.Host, ";, '") {
		console += " " + parsed.Scheme + "://" + parsed.Host
	}
	return func(path string) string {
		switch {
		case path == "/graphiql" || strings.HasPrefix(path, "/graphiql/"):
			return graphiqlPolicy
		case isConsolePage(path):
			return console
		default:
			return barePolicy
		}
	}
}

// secure sets the headers that every answer carries, errors included.
func secure(header http.Header, policy string) {
	header.Set("Content-Security-Policy", policy)
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
}
