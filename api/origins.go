package api

import (
	"net/http"

	"github.com/rs/cors"

	"bursar/api/authn"
	"bursar/api/requestid"
	"bursar/db/cells"
	"bursar/fault"
)

// preflightSeconds is for how long a browser may cache the answer to a preflight request.
const preflightSeconds = 600

// guardOrigins refuses requests that a browser sends for a page of another site, queries included, and allows those of pages of the
// given origins (CORS). It lets programs such as gateways pass, which send neither Sec-Fetch-Site nor Origin.
func guardOrigins(origins []string, present presenter, next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			panic(err) // cmd has checked the flag
		}
	}
	guarded := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The library lets safe methods pass from anywhere. A query by GET reads data, so it is checked like a POST.
		checked := r
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			asWrite := *r
			asWrite.Method = http.MethodPost
			checked = &asWrite
		}
		if err := protection.Check(checked); err != nil {
			present.refuse(w, r, http.StatusForbidden, fault.Forbidden, "pages of another site may not call; the operator names those that may (--cors-origins)")
			return
		}
		next.ServeHTTP(w, r)
	}))
	if len(origins) == 0 {
		return guarded
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins, AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: allowedHeaders(),
		ExposedHeaders: []string{requestid.Header, "Retry-After", "Content-Disposition"}, MaxAge: preflightSeconds,
	}).Handler(guarded)
}

// allowedHeaders returns the headers that pages of other origins may send: those of this API, and those that clients and tracing send
// besides without being told, whose preflight would fail otherwise. No answer depends on the latter, but for traceparent.
func allowedHeaders() []string {
	return []string{
		"Authorization", "Content-Type", requestid.Header, authn.OrganizationHeader, cells.Header, "Last-Event-ID",
		"Accept", // with more than 128 bytes, or unusual ones, a preflight asks for it
		// client awareness of Apollo Client, and of others that follow it or GraphQL Hive
		"Apollographql-Client-Name", "Apollographql-Client-Version", "Apollographql-Library-Name", "Apollographql-Library-Version",
		"Graphql-Client-Name", "Graphql-Client-Version", "X-Graphql-Client-Name", "X-Graphql-Client-Version",
		// protection against forged requests, which servers of Apollo and HotChocolate ask for
		"Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Apollo-Operation-Id", "X-Apollo-Operation-Type", "Graphql-Preflight",
		"Graphql-Require-Preflight", "X-Requested-With",
		// tracing: W3C Trace Context and Baggage, B3, and those of Sentry, Datadog, New Relic and Elastic
		"Traceparent", "Tracestate", "Baggage", "B3", "X-B3-Traceid", "X-B3-Spanid", "X-B3-Parentspanid", "X-B3-Sampled", "X-B3-Flags",
		"Sentry-Trace", "X-Datadog-Trace-Id", "X-Datadog-Parent-Id", "X-Datadog-Origin", "X-Datadog-Sampling-Priority", "X-Datadog-Tags",
		"Newrelic", "Elastic-Apm-Traceparent",
	}
}
