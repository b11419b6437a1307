// Package requestid gives every HTTP request an id. Its answer, the log and the audit log name the request by it.
package requestid

import (
	"context"
	"net/http"
	"regexp"

	"github.com/google/uuid"
)

// Header carries the id: a caller may send one, and every answer has it.
const Header = "X-Request-Id"

type contextKey struct{}

var form = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Handler puts the request's id into its context and its answer: the caller's when it has 1 to 64 letters, digits, dots,
// underscores and hyphens and holds no secret, else a new UUID. The id is written to logs, so a secret in it would be too.
func Handler(holdsSecret func(text string) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requestID := r.Header.Get(Header)
		if !form.MatchString(requestID) || holdsSecret(requestID) {
			requestID = uuid.NewString()
		}
		w.Header().Set(Header, requestID)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, requestID)))
	})
}

// FromContext returns the id of the request that a context belongs to; "" when it belongs to none.
func FromContext(ctx context.Context) string {
	requestID, _ := ctx.Value(contextKey{}).(string)
	return requestID
}
