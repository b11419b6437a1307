package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/api/admission"
	"bursar/api/requestid"
	"bursar/auth"
	"bursar/fault"
)

// withHeaders forbids to store any answer, which may hold a secret, and to guess its content type. It sets the one that the client
// accepts: also an answer to a request that was refused, for whatever reason, or that made a handler panic, is one of GraphQL.
func withHeaders(present presenter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch value := recover(); value {
			case nil:
			case http.ErrAbortHandler:
				panic(value)
			default:
				answer(w, http.StatusInternalServerError, present.present(r.Context(), present.recovered(r.Context(), value)))
			}
		}()
		header := w.Header()
		if r.Method != http.MethodOptions { // whose answer has no body
			header.Set("Content-Type", responseType(r))
		}
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
		abandon(r)
	})
}

// abandon ends a request whose caller has left: the connection is closed without an answer, which nobody would read. It does nothing
// for other requests. It does so by a panic with http.ErrAbortHandler, so it must not be called within gqlgen, which recovers from
// panics. A caller who cancels each request makes a connection for each, and writing the answer was a fifth of what that costs.
func abandon(r *http.Request) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		panic(http.ErrAbortHandler)
	}
}

// withBody reads the body of a POST. It refuses requests that are not GraphQL over HTTP, because gqlgen's answer to them would have no
// code: another method or content type, a body that is too large or not JSON. It also refuses a secret in a URL.
func withBody(present presenter, tarpit *admission.Tarpit, next http.Handler) http.Handler {
	read := newBodies().read
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			present.refuse(w, r, http.StatusNotImplemented, fault.BadUserInput, "there are no subscriptions; send queries and mutations without Upgrade")
			return
		case r.Method == http.MethodOptions:
			next.ServeHTTP(w, r)
			return
		case present.holdsSecretInURL(r.URL):
			present.refuse(w, r, http.StatusBadRequest, fault.BadUserInput, "a secret in a URL is kept in logs and histories on its way: "+
				"send it in the body of a POST, and replace the one that was sent")
			return
		case r.Method == http.MethodGet:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), getKey{}, true)))
			return
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", "GET, POST, OPTIONS")
			present.refuse(w, r, http.StatusMethodNotAllowed, fault.BadUserInput, "GraphQL is served to GET and POST")
			return
		case !isJSON(r.Header.Get("Content-Type")):
			present.refuse(w, r, http.StatusUnsupportedMediaType, fault.BadUserInput, "send the request as Content-Type: application/json")
			return
		}
		body, done, err := read(w, r)
		defer done()
		if err == nil {
			err = admission.FromContext(r.Context()).AdmitBody(r.Context(), len(body))
		}
		if err != nil {
			abandon(r)
		}
		if err != nil && !errors.Is(err, admission.ErrBusy) { // which was delayed already
			tarpit.DelayOrAbort(r.Context())
		}
		var unavailable *fault.Fault
		switch {
		case errors.Is(err, errTooLarge):
			present.refuse(w, r, http.StatusRequestEntityTooLarge, fault.BadUserInput, err.Error())
		case errors.As(err, &unavailable):
			present.refuse(w, r, http.StatusServiceUnavailable, unavailable.Code, unavailable.Message)
		case err != nil:
			present.refuse(w, r, http.StatusBadRequest, fault.BadUserInput, err.Error())
		case !json.Valid(body):
			tarpit.DelayOrAbort(r.Context())
			present.refuse(w, r, http.StatusBadRequest, fault.BadUserInput, "the request's body is no JSON")
		default:
			r.Body = &readBody{Reader: *bytes.NewReader(body), text: body}
			next.ServeHTTP(w, r)
		}
	})
}

// readBody is a request's body that has been read and is valid JSON.
type readBody struct {
	bytes.Reader
	text []byte // valid until the request ends
}

// Close implements [io.Closer].
func (*readBody) Close() error { return nil }

type getKey struct{}

// isGet tells whether a context belongs to a GET request.
func isGet(ctx context.Context) bool { return ctx.Value(getKey{}) != nil }

// isJSON tells whether a content type is JSON, with or without parameters.
func isJSON(contentType string) bool {
	if contentType == jsonType {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == jsonType
}

// holdsSecretInURL tells whether a URL's query string has a secret, as it is or escaped.
func (p presenter) holdsSecretInURL(u *url.URL) bool {
	if u.RawQuery == "" {
		return false
	}
	unescaped, err := url.QueryUnescape(u.RawQuery)
	return p.holdsSecret(u.RawQuery) || auth.HoldsSecret(u.RawQuery) || err == nil && p.holdsSecret(unescaped)
}

// refuse answers a request without executing it, with one GraphQL error.
func (p presenter) refuse(w http.ResponseWriter, r *http.Request, status int, code fault.Code, message string) {
	p.observe(r.Context(), code)
	answer(w, status, &gqlerror.Error{Message: message, Extensions: map[string]any{"code": string(code), "requestId": requestid.FromContext(r.Context())}})
}

// answer writes one GraphQL error as the whole answer.
func answer(w http.ResponseWriter, status int, err *gqlerror.Error) {
	writeResponse(w, status, &answerBody{Errors: gqlerror.List{err}})
}
