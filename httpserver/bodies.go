package httpserver

import (
	"net/http"
	"slices"
)

// smallUnread is the size of a body, in bytes, that net/http may read after an answer, so that the connection can be used again.
const smallUnread = 4 << 10

// LeaveBody has the connection of a request whose body nobody reads closed after the answer, unless the body is small: of HTTP/1, net/http
// would read 256 KiB of it, or wait for them, before it sends the answer. Call it before the answer begins.
func LeaveBody(w http.ResponseWriter, r *http.Request) {
	if isLarge(r) {
		w.Header().Set("Connection", "close")
	}
}

// LeaveBodies leaves the bodies of all requests but those of some of the mux's patterns: of what the mux refuses, for its path or its method,
// and of what is for handlers that read none. Handlers of these patterns read bodies, and call LeaveBody where they do not.
func LeaveBodies(mux *http.ServeMux, patterns ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isLarge(r) {
			if _, pattern := mux.Handler(r); !slices.Contains(patterns, pattern) {
				LeaveBody(w, r)
			}
		}
		mux.ServeHTTP(w, r)
	})
}

// isLarge tells whether net/http would read more of a request's body than is small, or does not know.
func isLarge(r *http.Request) bool {
	return r.ProtoMajor == 1 && (r.ContentLength < 0 || r.ContentLength > smallUnread)
}
