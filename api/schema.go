package api

import (
	"net/http"

	"bursar/api/admission"
	"bursar/fault"
	"bursar/graph/sdl"
)

// SDL returns the schema of the API in GraphQL's schema definition language.
func SDL() string { return sdl.Text() }

// serveSchema serves the schema in GraphQL's schema definition language, to those who may ask for it by introspection too.
func serveSchema(introspection Introspection, present presenter, tarpit *admission.Tarpit) http.Handler {
	text, rules := []byte(SDL()), operationRules{introspection: introspection}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			present.refuse(w, r, http.StatusMethodNotAllowed, fault.BadUserInput, "the schema is served to GET")
			return
		}
		if err := rules.maySeeSchema(r.Context()); err != nil {
			if fault.CodeOf(err) == fault.Unauthenticated {
				tarpit.DelayOrAbort(r.Context())
			}
			answer(w, statusOf(graphQLType, fault.CodeOf(err)), present.present(r.Context(), err))
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(text) // the client may have left
	})
}
