package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/adapter"
	"bursar/adapter/check"
	"bursar/adapter/litellm"
	"bursar/adapter/portkey"
	"bursar/api/admission"
	"bursar/api/authn"
	"bursar/api/requestid"
	"bursar/auth"
	"bursar/fault"
	"bursar/graph/placement"
	"bursar/httpserver"
)

// tokenHeader is where a gateway sends its access token beside its caller's Authorization.
const tokenHeader = "X-Bursar-Token"

// adapters answers other gateways in their own forms.
type adapters struct {
	present       presenter
	tarpit        *admission.Tarpit
	controller    *admission.Controller
	authenticator *authn.Authenticator
	places        *placement.Places
	timeout       time.Duration
	bodies        *bodies
}

// routes returns the paths of all adapters.
func routes(enforcement *adapter.Enforcement) []adapter.Route {
	return slices.Concat(check.Routes(enforcement), litellm.Routes(enforcement), portkey.Routes(enforcement))
}

// handlers returns the handlers of routes by their patterns.
func (a *adapters) handlers(routes []adapter.Route) map[string]http.Handler {
	handlers := make(map[string]http.Handler, len(routes))
	for _, route := range routes {
		handlers[route.Pattern] = a.handler(route)
	}
	return handlers
}

// handler answers a route. No origin is guarded: a proxy passes on the headers of pages that call it, and no request has rights without a token.
func (a *adapters) handler(route adapter.Route) http.Handler {
	serve := a.controller.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.serve(w, r, route); err != nil {
			a.refuse(w, r, route, err)
		}
	}))
	known := a.authenticator.Handler(chooseCell(a.places, func(w http.ResponseWriter, r *http.Request, err error) { a.refuse(w, r, route, err) }, serve))
	return requestid.Handler(a.present.holdsSecret, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch value := recover(); value {
			case nil:
			case http.ErrAbortHandler:
				panic(value)
			default:
				a.refuse(w, r, route, a.present.recovered(r.Context(), value))
			}
		}()
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.ProtoMajor == 1 && r.ContentLength != 0 && !reads(route, r) {
			w.Header().Set("Connection", "close") // so that net/http does not wait for a body that was announced and may never come
		}
		tokened, err := withToken(r, a.present.rootToken)
		if err != nil {
			a.tarpit.DelayOrAbort(r.Context())
			a.refuse(w, r, route, err)
			return
		}
		known.ServeHTTP(w, tokened)
		abandon(r)
	}))
}

func reads(route adapter.Route, r *http.Request) bool { return route.Reads == nil || route.Reads(r) }

type callersKey struct{}

// withToken returns a request with the token of the gateway in Authorization, and keeps the caller's own Authorization. A gateway that sends its
// token in Authorization must not be given another one by its caller.
func withToken(r *http.Request, rootToken string) (*http.Request, error) {
	tokens, callers := r.Header.Values(tokenHeader), r.Header.Values("Authorization")
	if len(tokens) == 0 {
		return r.WithContext(context.WithValue(r.Context(), callersKey{}, []string(nil))), nil
	}
	_, callersToken, _ := strings.Cut(strings.Join(callers, ","), " ")
	callersToken = strings.TrimSpace(callersToken)
	if len(tokens) > 1 || auth.IsSecret(callersToken, auth.AccessTokenPrefix) || rootToken != "" && callersToken == rootToken {
		return r, fault.New(fault.Unauthenticated, "the request has two access tokens: send one, in Authorization or in %s", tokenHeader)
	}
	tokened := r.Clone(context.WithValue(r.Context(), callersKey{}, callers))
	tokened.Header.Set("Authorization", "Bearer "+tokens[0])
	return tokened, nil
}

// serve reads a request whose caller is known and has the route answer it.
func (a *adapters) serve(w http.ResponseWriter, r *http.Request, route adapter.Route) error {
	if _, err := auth.FromContext(r.Context()); err != nil {
		if fault.CodeOf(err) != fault.Unavailable {
			a.tarpit.DelayOrAbort(r.Context())
		}
		httpserver.LeaveBody(w, r)
		return err
	}
	if a.present.holdsSecretInURL(r.URL) {
		httpserver.LeaveBody(w, r)
		return fault.New(fault.BadUserInput, "a secret in a URL is kept in logs and histories on its way: send it in a header, and replace the one that was sent")
	}
	ctx, cancel := context.WithTimeout(r.Context(), a.timeout)
	defer cancel()
	r = r.WithContext(ctx)
	restore(r)
	ticket, request := admission.FromContext(ctx), &adapter.Request{Request: r}
	if reads(route, r) {
		body, done, err := a.bodies.read(w, r)
		defer done()
		if err == nil {
			err = ticket.AdmitBody(ctx, len(body))
		}
		if err != nil {
			abandon(r)
			return err
		}
		request.Body = body
	}
	ticket.Exempt()
	err := route.Serve(w, request)
	if err != nil {
		abandon(r)
	}
	return err
}

// restore puts the caller's Authorization back in place of the gateway's token.
func restore(r *http.Request) {
	callers, _ := r.Context().Value(callersKey{}).([]string)
	r.Header = r.Header.Clone()
	r.Header.Del("Authorization")
	r.Header.Del(tokenHeader)
	for _, value := range callers {
		r.Header.Add("Authorization", value)
	}
}

// refuse answers a request that failed, in the form of the route.
func (a *adapters) refuse(w http.ResponseWriter, r *http.Request, route adapter.Route, err error) {
	problem := &adapter.Problem{RequestID: requestid.FromContext(r.Context())}
	switch {
	case errors.Is(err, errTooLarge):
		problem.Status, problem.Code, problem.Message = http.StatusRequestEntityTooLarge, fault.BadUserInput, err.Error()
	case errors.Is(err, errUnreadable):
		problem.Status, problem.Code, problem.Message = http.StatusBadRequest, fault.BadUserInput, err.Error()
	default:
		var shown *gqlerror.Error
		if faults := fault.All(err); len(faults) > 0 {
			err = faults[0]
		}
		shown, problem.Code = a.present.presentOne(r.Context(), err)
		problem.Message = shown.Message
		problem.Field, _ = shown.Extensions["field"].(string)
		problem.Status = adapter.StatusOf(problem.Code)
	}
	if w.Header().Get("Allow") != "" {
		problem.Status = http.StatusMethodNotAllowed
	}
	if a.present.observer != nil && (problem.Code != fault.Unavailable || !errors.Is(r.Context().Err(), context.Canceled)) {
		a.present.observer.Failed(cmp.Or(route.Operation, ""), problem.Code)
	}
	route.Refuse(w, r, problem)
}
