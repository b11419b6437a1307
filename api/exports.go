package api

import (
	"context"
	"net/http"

	"github.com/vektah/gqlparser/v2/gqlerror"

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

// newExports returns the handler of exports. Their errors are those of GraphQL in a body of application/json, with an HTTP status.
func newExports(config Config, authenticator *authn.Authenticator, present presenter, tarpit *admission.Tarpit) http.Handler {
	refuse := func(w http.ResponseWriter, r *http.Request, err error) { present.refuseExport(w, r, tarpit, err) }
	exports := export.New(export.Config{
		Find: lookup.New(caller.New(db.NewTenantDB(config.Pool), db.New())), Refuse: refuse, Caller: authenticator.Caller,
		Note: func(ctx context.Context, err error) { _ = present.present(ctx, err) }, PageTimeout: config.Timeout,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch _, err := auth.FromContext(r.Context()); {
		case present.holdsSecretInURL(r.URL):
			refuse(w, r, fault.New(fault.BadUserInput, "a secret in a URL is kept in logs and histories on its way: replace the one that was sent"))
		case err != nil:
			refuse(w, r, err)
		default:
			exports.ServeHTTP(w, r.WithContext(loader.NewContext(r.Context())))
		}
	})
}

// refuseExport answers a request for an export with all that is wrong with it.
func (p presenter) refuseExport(w http.ResponseWriter, r *http.Request, tarpit *admission.Tarpit, err error) {
	abandon(r)
	if fault.CodeOf(err) == fault.Unauthenticated {
		tarpit.DelayOrAbort(r.Context())
	}
	var errs gqlerror.List
	for _, one := range eachFault(err) {
		shown, code := p.presentOne(r.Context(), one)
		p.observe(r.Context(), code)
		errs = append(errs, shown)
	}
	if fault.CodeOf(err) == fault.Unavailable {
		w.Header().Set("Retry-After", "5")
	}
	leaveBody(w, r)
	w.Header().Set("Content-Type", jsonType)
	writeResponse(w, exportStatus(w, err), &answerBody{Errors: errs})
}

// eachFault returns the faults of an error, or the error itself when it is none.
func eachFault(err error) (errs []error) {
	for _, f := range fault.All(err) {
		errs = append(errs, f)
	}
	if errs == nil {
		return []error{err}
	}
	return errs
}

// exportStatus returns the status of an answer with an error. A header that says which methods are allowed says that another one was used.
func exportStatus(w http.ResponseWriter, err error) int {
	if w.Header().Get("Allow") != "" {
		return http.StatusMethodNotAllowed
	}
	return statusOf(graphQLType, fault.CodeOf(eachFault(err)[0]))
}
