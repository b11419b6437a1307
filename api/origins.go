package api

import (
	"net/http"

	"github.com/rs/cors"

	"bursar/api/authn"
	"bursar/api/requestid"
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
		AllowedHeaders: []string{"Authorization", "Content-Type", requestid.Header, authn.OrganizationHeader},
		ExposedHeaders: []string{requestid.Header, "Retry-After"}, MaxAge: preflightSeconds,
	}).Handler(guarded)
}
