package demoprovider

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// dialect is whose format a request and its answer are in.
type dialect int

const (
	unknownDialect dialect = iota // a path that all have
	openAI
	anthropic
	gemini
)

// String is the dialect's name.
func (d dialect) String() string { return [...]string{"", "openai", "anthropic", "gemini"}[d] }

// dialectOf tells by headers and path whose client asks for a path that several providers have.
func dialectOf(r *http.Request) dialect {
	switch {
	case r.Header.Get("Anthropic-Version") != "":
		return anthropic
	case r.Header.Get("X-Goog-Api-Key") != "", strings.HasPrefix(r.URL.Path, "/v1beta/"):
		return gemini
	}
	return openAI
}

// keyHeaders are the headers that keys travel in.
func keyHeaders() []string {
	return []string{"Authorization", "X-Api-Key", "X-Goog-Api-Key", "X-Portkey-Api-Key", "Api-Key"}
}

// withoutKeys returns which headers have a key, with its end, and the other headers and the path without the keys.
func withoutKeys(r *http.Request) (keys string, others http.Header, path string) {
	others, path = r.Header.Clone(), r.URL.RequestURI()
	var list []string
	for _, name := range keyHeaders() {
		for _, key := range r.Header.Values(name) {
			list = append(list, strings.ToLower(name)+" …"+key[max(0, len(key)-4):])
		}
		others.Del(name)
	}
	if query := r.URL.Query(); query.Has("key") {
		key := query.Get("key")
		list = append(list, "key= …"+key[max(0, len(key)-4):])
		query.Del("key")
		path = strings.TrimSuffix(r.URL.EscapedPath()+"?"+query.Encode(), "?")
	}
	return strings.Join(list, ", "), others, path
}

// carries reports whether a request has a key, in any of the headers or in Gemini's query.
func carries(r *http.Request, key string) bool {
	for _, name := range keyHeaders() {
		for _, value := range r.Header.Values(name) {
			if strings.TrimPrefix(value, "Bearer ") == key {
				return true
			}
		}
	}
	return r.URL.Query().Get("key") == key
}

// setHeaders sets what a provider tells in headers with every answer: the request's id, and how far its own rate limits are away.
func (d dialect) setHeaders(h http.Header, id string, took time.Duration) {
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	switch d {
	case anthropic:
		h.Set("Request-Id", "req_"+id)
		h.Set("Anthropic-Organization-Id", "bursar-demo")
		h.Set("Anthropic-Ratelimit-Requests-Limit", "4000")
		h.Set("Anthropic-Ratelimit-Requests-Remaining", "3999")
		h.Set("Anthropic-Ratelimit-Requests-Reset", time.Now().UTC().Add(time.Second).Format(time.RFC3339))
	case gemini:
		h.Set("Server-Timing", "gfet4t7; dur="+strconv.FormatInt(took.Milliseconds(), 10))
		h.Set("Vary", "X-Origin, Referer, Origin")
	default:
		h.Set("X-Request-Id", "req_"+id)
		h.Set("Openai-Organization", "bursar-demo")
		h.Set("Openai-Version", "2020-10-01")
		h.Set("Openai-Processing-Ms", strconv.FormatInt(took.Milliseconds(), 10))
		h.Set("X-Ratelimit-Limit-Requests", "10000")
		h.Set("X-Ratelimit-Remaining-Requests", "9999")
		h.Set("X-Ratelimit-Reset-Requests", "6ms")
	}
}

// failure is an error that is answered.
type failure struct {
	status      int
	code, param string // OpenAI's; "" for the status's own, and none
	message     string
}

// fail answers an error in the dialect. It costs nothing.
func (e *exchange) fail(f failure) {
	e.record(func(r *Request) { r.Status, r.Ended = f.status, Refused })
	header := e.w.Header()
	e.dialect.setHeaders(header, e.id, time.Since(e.began))
	header.Set("Content-Type", "application/json")
	retryAfter := e.demand.RetryAfter
	if second := 1; retryAfter == nil && f.status == http.StatusTooManyRequests {
		retryAfter = &second
	}
	if retryAfter != nil {
		header.Set("Retry-After", strconv.Itoa(*retryAfter))
	}
	e.w.WriteHeader(f.status)
	_ = json.NewEncoder(e.w).Encode(e.dialect.errorObject(f, e.id)) // fails when the client has gone
}

// errorObject returns an error as the dialect has it.
func (d dialect) errorObject(f failure, id string) object {
	switch d {
	case anthropic:
		return object{"type": "error", "error": object{"type": anthropicErrorType(f.status), "message": f.message}, "request_id": "req_" + id}
	case gemini:
		return object{"error": object{"code": f.status, "message": f.message, "status": geminiStatus(f.status)}}
	}
	kind, code := openAIErrorType(f.status)
	if f.code != "" {
		code = f.code
	}
	return object{"error": object{"message": f.message, "type": kind, "param": orNull(f.param), "code": orNull(code)}}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func openAIErrorType(status int) (kind, code string) {
	switch {
	case status == http.StatusTooManyRequests:
		return "requests", "rate_limit_exceeded"
	case status >= http.StatusInternalServerError:
		return "server_error", ""
	}
	return "invalid_request_error", ""
}

func anthropicErrorType(status int) string {
	names := map[int]string{400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
		404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 504: "timeout_error", 529: "overloaded_error"}
	if name, ok := names[status]; ok {
		return name
	}
	if status >= http.StatusInternalServerError {
		return "api_error"
	}
	return "invalid_request_error"
}

func geminiStatus(status int) string {
	names := map[int]string{400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ABORTED",
		429: "RESOURCE_EXHAUSTED", 499: "CANCELLED", 500: "INTERNAL", 501: "UNIMPLEMENTED", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}
	if name, ok := names[status]; ok {
		return name
	}
	if status >= http.StatusInternalServerError {
		return "INTERNAL"
	}
	return "INVALID_ARGUMENT"
}

// quoted returns a name in quotation marks, shortened.
func quoted(name string) string {
	if runes := []rune(name); len(runes) > 100 {
		name = string(runes[:100]) + "…"
	}
	return strconv.Quote(name)
}
