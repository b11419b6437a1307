package graph

import (
	"context"
	"net/http"
	"regexp"

	"github.com/google/uuid"
)

type requestIDKey struct{}

var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// withRequestID gives every request an id: the caller's X-Request-Id when it has its form and is no secret, else a new one. It is answered
// in the same header, in errors, in the audit log and in the log.
func withRequestID(present presenter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requestID := r.Header.Get("X-Request-Id")
		if !requestIDForm.MatchString(requestID) || present.redact(requestID) != requestID { // it goes into logs
			requestID = uuid.NewString()
		}
		w.Header().Set("X-Request-Id", requestID)
		ctx := context.WithValue(r.Context(), requestIDKey{}, requestID)
		if r.Method == http.MethodGet {
			ctx = context.WithValue(ctx, getKey{}, true)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// RequestID returns the id of the request that a context belongs to; "" for none.
func RequestID(ctx context.Context) string {
	requestID, _ := ctx.Value(requestIDKey{}).(string)
	return requestID
}

type getKey struct{}

// isGet tells whether a context belongs to a GET request.
func isGet(ctx context.Context) bool { return ctx.Value(getKey{}) != nil }
