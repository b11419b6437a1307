package api

import (
	"net/http"
	"strings"

	"bursar/api/admission"
	"bursar/auth"
	"bursar/fault"
)

// requireToken answers strangers before their request is read, because nothing in it can be theirs to do: a document that
// is costly to read or a slow body is only for callers with a token. Where the schema is public they may ask for that.
func requireToken(introspection Introspection, present presenter, refusals *admission.Tarpit, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := auth.FromContext(r.Context())
		if err == nil || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		if introspection == IntrospectionPublic && fault.CodeOf(err) == fault.Unauthenticated {
			r.Body = http.MaxBytesReader(w, r.Body, admission.SmallBody-1)
			next.ServeHTTP(w, r)
			return
		}
		if fault.CodeOf(err) != fault.Unavailable {
			refusals.DelayOrAbort(r.Context())
		}
		// Clients that know GraphQL over HTTP expect a status that says so; for others an answer of GraphQL's is always 200.
		status := http.StatusOK
		if strings.Contains(r.Header.Get("Accept"), "application/graphql-response+json") {
			status = map[fault.Code]int{
				fault.Unauthenticated: http.StatusUnauthorized, fault.Unavailable: http.StatusServiceUnavailable,
				fault.BadUserInput: http.StatusBadRequest, fault.NotFound: http.StatusNotFound,
			}[fault.CodeOf(err)]
		}
		if status == 0 {
			status = http.StatusInternalServerError
		}
		answer(w, status, present.present(r.Context(), err))
	})
}
