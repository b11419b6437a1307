package api

import (
	"context"
	"net/http"

	"bursar/api/admission"
	"bursar/api/authn"
	"bursar/api/export"
	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
)

// newExports returns the handler of exports. Their errors are in a body of application/json, whatever is accepted.
func newExports(config Config, databases *databases, authenticator *authn.Authenticator, present presenter, tarpit *admission.Tarpit) http.Handler {
	refuse := func(w http.ResponseWriter, r *http.Request, err error) {
		w.Header().Set("Content-Type", jsonType)
		present.refuseWith(w, r, tarpit, err)
	}
	exports := export.New(export.Config{
		Find: lookup.New(caller.New(databases.control, db.New())), Refuse: refuse, Caller: authenticator.Caller,
		Note: func(ctx context.Context, err error) { _ = present.present(ctx, err) }, PageTimeout: config.Timeout,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch _, err := auth.FromContext(r.Context()); {
		case present.holdsSecretInURL(r.URL):
			refuse(w, r, fault.New(fault.BadUserInput, "a secret in a URL is kept in logs and histories on its way: replace the one that was sent"))
		case err != nil:
			refuse(w, r, err)
		default:
			ctx := databases.places.NamedBy(r.Context(), r.URL.Query())
			exports.ServeHTTP(w, r.WithContext(config.Standbys.Begin(loader.NewContext(ctx))))
		}
	})
}
