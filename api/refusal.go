package api

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/api/admission"
	"bursar/api/export"
	"bursar/api/live"
	"bursar/fault"
	"bursar/httpserver"
)

// refuseWith answers a request for events or an export that gets neither, with all that is wrong with it: the errors of GraphQL in a body of
// JSON, with an HTTP status. Refusals are delayed where there are many, but not while the database cannot be reached: then there is a
// Retry-After alone.
func (p presenter) refuseWith(w http.ResponseWriter, r *http.Request, tarpit *admission.Tarpit, err error) {
	abandon(r)
	code, crowd := fault.CodeOf(err), crowdOf(err)
	if code == fault.Unavailable {
		w.Header().Set("Retry-After", strconv.Itoa(5+rand.IntN(10))) //nolint:gosec // it keeps no secret
	}
	if code != fault.Unavailable || crowd != nil {
		tarpit.DelayOrAbort(r.Context())
	}
	httpserver.LeaveBody(w, r)
	status := refusalStatus(w, err)
	if crowd != nil {
		p.refuse(w, r, status, crowd.Code, crowd.Message)
		return
	}
	var errs gqlerror.List
	for _, one := range eachFault(err) {
		shown, code := p.presentOne(r.Context(), one)
		p.observe(r.Context(), code)
		errs = append(errs, shown)
	}
	writeResponse(w, status, &answerBody{Errors: errs})
}

// crowdOf returns the fault that says that there is no room for another stream or export; nil for other errors. It is in no log: there may be
// any number.
func crowdOf(err error) *fault.Fault {
	known, _ := errors.AsType[*fault.Fault](err)
	if slices.Contains([]*fault.Fault{live.ErrTooManyOfCaller, live.ErrTooMany, live.ErrOpening, live.ErrStopped, export.ErrTooMany}, known) {
		return known
	}
	return nil
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

// refusalStatus returns the status of an answer with an error. A header that says which methods are allowed says that another one was used.
func refusalStatus(w http.ResponseWriter, err error) int {
	switch {
	case w.Header().Get("Allow") != "":
		return http.StatusMethodNotAllowed
	case errors.Is(err, live.ErrTooManyOfCaller):
		return http.StatusTooManyRequests
	}
	return statusOf(graphQLType, fault.CodeOf(eachFault(err)[0]))
}
