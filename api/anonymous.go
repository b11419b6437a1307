package api

import (
	"net/http"

	"bursar/api/admission"
	"bursar/auth"
	"bursar/fault"
)

// requireToken refuses anonymous callers, without a valid token, before their request is read. A person who has not said which of their
// organizations they mean is not anonymous, and may ask which there are: a document that is costly to parse or a
// slow body is accepted from authenticated callers alone. Where introspection is public, a small request passes: it may ask for the
// schema, and @auth refuses everything else.
func requireToken(introspection Introspection, present presenter, tarpit *admission.Tarpit, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := auth.FromContext(r.Context())
		if err == nil || auth.Undecided(r.Context()) != "" || r.Method == http.MethodOptions {
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
		leaveBody(w, r)
		status := statusOf(responseType(r), fault.CodeOf(err))
		answer(w, status, present.present(r.Context(), err))
	})
}

// smallUnread is the size of a body, in bytes, that net/http may read after a refusal, so that the connection can be used again.
const smallUnread = 4 << 10

// leaveBody has an HTTP/1 connection closed after a refusal, unless the body is small: net/http would read 256 KiB of it, or wait for them,
// before it sends the answer.
func leaveBody(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 && (r.ContentLength < 0 || r.ContentLength > smallUnread) {
		w.Header().Set("Connection", "close")
	}
}
