package api

import (
	"net/http"

	"bursar/api/admission"
	"bursar/auth"
	"bursar/fault"
	"bursar/httpserver"
)

// requireToken refuses anonymous callers, without a valid token, before their request is read. A person who has not said which of their
// organizations they mean is not anonymous, and may ask which there are, and neither is one who is invited: a document that is costly to parse or a
// slow body is accepted from authenticated callers alone. Where introspection is public, a small request passes: it may ask for the
// schema, and @auth refuses everything else.
func requireToken(introspection Introspection, present presenter, tarpit *admission.Tarpit, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := auth.FromContext(r.Context())
		if err == nil || auth.Person(r.Context()) != "" || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		if introspection == IntrospectionPublic && fault.CodeOf(err) == fault.Unauthenticated {
			r.Body = http.MaxBytesReader(w, r.Body, admission.SmallBody-1)
			next.ServeHTTP(w, r)
			return
		}
		if fault.CodeOf(err) != fault.Unavailable {
			tarpit.DelayOrAbort(r.Context())
		}
		httpserver.LeaveBody(w, r)
		status := statusOf(responseType(r), fault.CodeOf(err))
		answer(w, status, present.present(r.Context(), err))
	})
}
