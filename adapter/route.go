package adapter

import (
	"encoding/json"
	"net/http"
	"strconv"

	"bursar/fault"
)

// Route is a path that an adapter answers. Before it is asked, the caller is known, the body was read and bounded, and the call was admitted.
type Route struct {
	// Pattern is that of [http.ServeMux].
	Pattern string
	// Operation is the field of the schema that stands for it where errors are counted.
	Operation string
	// Reads tells whether the body of a request is read. It is left unread otherwise, also one that was announced and never comes. nil: always.
	Reads func(r *http.Request) bool
	// Serve answers a request, or returns why not; nothing was written then.
	Serve func(w http.ResponseWriter, r *Request) error
	// Refuse answers a request that failed.
	Refuse func(w http.ResponseWriter, r *http.Request, p *Problem)
}

// Request is a request with its body. The header Authorization is the caller's own, who asks the other gateway, and not the token with which that
// gateway asks Bursar.
type Request struct {
	*http.Request
	Body []byte
}

// Problem is why a request failed, as far as whoever asks is told.
type Problem struct {
	Status    int // of HTTP
	Code      fault.Code
	Message   string
	Field     string // of the input; "" when none is wrong
	RequestID string // of Bursar's log
}

// StatusOf returns the HTTP status of an error with a code.
func StatusOf(code fault.Code) int {
	switch code { //nolint:exhaustive // others are the server's own
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden, fault.FeatureNotAvailable, fault.QuotaExceeded:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.BadUserInput, fault.QueryTooComplex:
		return http.StatusBadRequest
	case fault.IdempotencyMismatch, fault.ReservationClosed, fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Form is the problem as JSON has it.
func (p *Problem) Form() map[string]any {
	form := map[string]any{"code": p.Code, "message": p.Message, "requestId": p.RequestID}
	if p.Field != "" {
		form["field"] = p.Field
	}
	return form
}

// RefuseJSON answers with a problem as JSON.
func RefuseJSON(w http.ResponseWriter, _ *http.Request, p *Problem) {
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	WriteJSON(w, p.Status, map[string]any{"error": p.Form()})
}

// WriteJSON answers with a value as JSON.
func WriteJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts, numbers, lists and maps of them always encode
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller may have left
}

// IsTemporary tells whether a request may succeed when it is sent again.
func IsTemporary(err error) bool { return fault.CodeOf(err) == fault.Unavailable }
