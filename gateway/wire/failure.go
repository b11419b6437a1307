package wire

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Failure is an answer of the gateway's own: a denial, or that it could not go on.
type Failure struct {
	Status     int            // of HTTP, at least 400
	Code       string         // error.code of OpenAI, code of Anthropic; empty: InsufficientQuota for 402 and 412, else none
	Reason     string         // Bursar's, such as BUDGET_EXHAUSTED
	Field      string         // the request's, for a problem of it
	Message    string         // for people
	RetryAfter time.Duration  // until it may work again; 0 when that is not known
	Final      bool           // whether a retry does not help. It is so for 402, 412 and waits above a minute in any case.
	RequestID  string         // that the gateway gave the request
	Details    map[string]any // more for programs; values are those of encoding/json
}

// InsufficientQuota is the code at which clients stop that read one: LangChain retries any other 412 and 429 six times.
const InsufficientQuota = "insufficient_quota"

// longestWait is the longest wait that clients are left to take by themselves. Above it some ignore Retry-After and come back at once, others sleep for an hour.
const longestWait = 60 * time.Second

// code is the error code that clients look at.
func (f *Failure) code() string {
	if f.Code == "" && (f.Status == http.StatusPaymentRequired || f.Status == http.StatusPreconditionFailed) {
		return InsufficientQuota
	}
	return f.Code
}

// final says whether a retry by the client itself does not help.
func (f *Failure) final() bool {
	return f.Final || f.Status == http.StatusPaymentRequired || f.Status == http.StatusPreconditionFailed || f.RetryAfter > longestWait
}

// seconds returns the whole seconds of Retry-After, at least 1: the wait, rounded up, and up to 2 s more by chance (from 0 to below 1), or all clients of a window would
// come back in the same millisecond. The jitter never passes the 59 s below which all clients obey.
func seconds(wait time.Duration, chance float64) int64 {
	whole := max(int64(math.Ceil(wait.Seconds())), 1)
	if most := int64(longestWait/time.Second) - 1; whole < most {
		return min(whole+int64(chance*3), most)
	}
	return whole
}

// message is the message, without words at which LangChain waits or stops by itself when they are in the message of a rate limit.
func (f *Failure) message() string {
	if f.Status != http.StatusTooManyRequests {
		return f.Message
	}
	lower := strings.ToLower(f.Message)
	for _, words := range []string{"billing", "usage quota", "credit balance", "will reset at", "try again in", "retry in"} {
		if strings.Contains(lower, words) {
			return "A limit of requests or tokens is reached (" + f.reason() + ")."
		}
	}
	return f.Message
}

// reason is Bursar's reason, or the status where there is none.
func (f *Failure) reason() string {
	if f.Reason == "" {
		return "HTTP_" + strconv.Itoa(f.Status)
	}
	return f.Reason
}

// WriteError answers a request with a failure, in the form and with the headers that the dialect's SDKs understand.
func WriteError(w http.ResponseWriter, d Dialect, f Failure) {
	body, err := json.Marshal(f.body(d))
	if err != nil { // details that are no JSON
		f.Details = nil
		if body, err = json.Marshal(f.body(d)); err != nil {
			body = []byte(`{"error":{"message":"Internal error."}}`)
		}
	}
	f.headers(w.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(f.Status)
	if _, err := w.Write(body); err != nil {
		return // the caller has left
	}
}

// headers sets the headers of the answer.
func (f *Failure) headers(h http.Header) {
	h.Set("Content-Type", "application/json")
	if f.RequestID != "" { // OpenAI's SDKs read the first, Anthropic's the second
		h.Set("X-Request-Id", f.RequestID)
		h.Set("Request-Id", f.RequestID)
	}
	if f.RetryAfter > 0 {
		h.Set("Retry-After", number(seconds(f.RetryAfter, rand.Float64())))
	}
	if f.final() {
		h.Set("X-Should-Retry", "false")
	}
}

// body is the answer in the form of a dialect.
func (f *Failure) body(d Dialect) map[string]any {
	switch d {
	case Anthropic:
		return f.anthropic()
	case Gemini:
		return f.gemini()
	case OpenAI:
	}
	return map[string]any{"error": f.openai()}
}

// openai is error of OpenAI: the reason stands in type.
func (f *Failure) openai() map[string]any {
	of := map[string]any{"message": f.message(), "type": f.reason(), "param": nil, "code": nil}
	if f.Field != "" {
		of["param"] = f.Field
	}
	if code := f.code(); code != "" {
		of["code"] = code
	}
	if len(f.Details) > 0 {
		of["details"] = f.Details
	}
	return of
}

// anthropic is an error of Anthropic. The message stands at the top as well, where SDKs read it; the type is one of those that Anthropic has, and the
// reason is in details.error_code.
func (f *Failure) anthropic() map[string]any {
	details := map[string]any{"error_code": f.reason()}
	maps.Copy(details, f.Details)
	of := map[string]any{"type": "error", "message": f.message(), "request_id": nil,
		"error": map[string]any{"type": anthropicType(f.Status), "message": f.message(), "details": details}}
	if f.RequestID != "" {
		of["request_id"] = f.RequestID
	}
	if code := f.code(); code != "" {
		of["code"] = code
	}
	return of
}

// anthropicType is the type that Anthropic has for a status.
func anthropicType(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusPaymentRequired, http.StatusPreconditionFailed:
		return "billing_error"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusNotFound:
		return "not_found_error"
	case http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case http.StatusGatewayTimeout:
		return "timeout_error"
	case http.StatusServiceUnavailable:
		return "overloaded_error"
	}
	if status >= http.StatusInternalServerError {
		return "api_error"
	}
	return "invalid_request_error"
}

// gemini is an error of Google's APIs: the reason stands in details, whose metadata are texts.
func (f *Failure) gemini() map[string]any {
	metadata := map[string]string{}
	for name, value := range f.Details {
		if text, ok := value.(string); ok {
			metadata[name] = text
		} else if encoded, err := json.Marshal(value); err == nil {
			metadata[name] = string(encoded)
		}
	}
	if code := f.code(); code != "" {
		metadata["code"] = code
	}
	if f.Field != "" {
		metadata["field"] = f.Field
	}
	details := []any{map[string]any{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": f.reason(), "domain": "bursar", "metadata": metadata}}
	return map[string]any{"error": map[string]any{"code": f.Status, "message": f.message(), "status": googleStatus(f.Status), "details": details}}
}

// googleStatus is the name that Google has for a status.
func googleStatus(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusPaymentRequired, http.StatusPreconditionFailed:
		return "FAILED_PRECONDITION"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	case http.StatusServiceUnavailable, http.StatusBadGateway:
		return "UNAVAILABLE"
	case http.StatusGatewayTimeout:
		return "DEADLINE_EXCEEDED"
	}
	if status >= http.StatusInternalServerError {
		return "INTERNAL"
	}
	return "INVALID_ARGUMENT"
}

// ErrorEvent returns the event that tells the caller of a stream about a failure after its first byte; nil when there is no place for
// one, because an event was cut in the middle, or the answer is no stream of events: then break the connection. After the event end the body
// cleanly: a connection that is cut loses the message in some clients.
func (b *Body) ErrorEvent(f Failure) []byte {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	a := &b.answer
	if a.mode != modeEvents || a.events.open && !a.hide || b.large {
		return nil
	}
	event, body := "", f.body(a.call.Dialect)
	switch a.call.Kind {
	case Messages:
		event = "event: error\n"
	case Responses: // flat fields, and nested ones: some clients read one of them alone
		event = "event: error\n"
		of := f.openai()
		body = map[string]any{"type": "error", "code": of["code"], "message": of["message"], "param": of["param"], "sequence_number": a.count, "error": of}
	case Chat, Completions, Embeddings, Images, Speech, Transcription, Generate, Free, Other: // no names of events: some clients break on them
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	return []byte(event + "data: " + string(data) + "\n\n")
}
