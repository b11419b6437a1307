package main

import "net/http"

// twoYears is how long a browser that came by TLS comes back by TLS alone.
const twoYears = "max-age=63072000"

// withHeaders sets what every answer carries unless its handler knows better: nothing may be run, framed, embedded in or
// opened by another site's page, guessed the type of or told where the visitor comes from.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		if r.TLS != nil {
			header.Set("Strict-Transport-Security", twoYears)
		}
		next.ServeHTTP(w, r)
	})
}
