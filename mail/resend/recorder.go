package resend

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bursar/mail"
)

const (
	// maxRefusalBytes is how much of a refusal's body is read; Resend's are
	// a few hundred bytes, a proxy's error page can be anything.
	maxRefusalBytes = 64 << 10
	// maxRefusalMessageBytes is how much of its explanation is kept: it ends
	// up in logs and in the record of the delivery.
	maxRefusalMessageBytes = 500
	// maxRetryAfter is the longest wait that is obeyed, so that a nonsensical
	// header cannot put a mail off for good.
	maxRetryAfter = 24 * time.Hour
)

// recorder is the transport of one call. It keeps what the Resend library
// throws away of a refusal and makes the request repeatable on a connection
// that turns out to be closed.
type recorder struct {
	next    http.RoundTripper // nil: http.DefaultTransport
	refusal *Error            // set if the answer was not 2xx
}

// RoundTrip implements [http.RoundTripper].
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	request, err := withRepeatableBody(request)
	if err != nil {
		return nil, err
	}
	response, err := cmp.Or(r.next, http.DefaultTransport).RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response, nil
	}
	// The status alone classifies a refusal, so a body that breaks off is no
	// reason to lose it: what arrived is kept, and the library is given the
	// same to read.
	body, readErr := io.ReadAll(io.LimitReader(response.Body, maxRefusalBytes))
	closeErr := response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	r.refusal = newRefusal(response, body)
	if err := cmp.Or(readErr, closeErr); err != nil {
		r.refusal.Message = fmt.Sprintf("%s (reading the answer: %v)", r.refusal.Message, err)
	}
	return response, nil
}

// withRepeatableBody gives the request what the library leaves out: a length,
// and a body that net/http can send again if a kept connection was closed by
// the server before it answered. The idempotency key makes that safe.
func withRepeatableBody(request *http.Request) (*http.Request, error) {
	if request.Body == nil {
		return request, nil
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, fmt.Errorf("mail: read the request: %w", err)
	}
	if err := request.Body.Close(); err != nil {
		return nil, fmt.Errorf("mail: read the request: %w", err)
	}
	repeatable := request.Clone(request.Context())
	repeatable.ContentLength = int64(len(body))
	repeatable.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	repeatable.Body, err = repeatable.GetBody()
	return repeatable, err
}

func newRefusal(response *http.Response, body []byte) *Error {
	var parsed struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	// A body that is no JSON is a proxy's page: the status says enough.
	if err := json.Unmarshal(body, &parsed); err != nil {
		parsed.Name, parsed.Message = "", ""
	}
	refusal := &Error{
		Status: response.StatusCode, Code: tagText(parsed.Name),
		Message: explanation(cmp.Or(mail.OneLine(parsed.Message), http.StatusText(response.StatusCode))),
	}
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		refusal.retryAfter, refusal.hasRetryAfter = parseRetryAfter(response.Header)
	}
	return refusal
}

// explanation is a provider's text, on one line and of bounded length.
func explanation(text string) string {
	text = cmp.Or(mail.OneLine(text), "no explanation")
	if len(text) > maxRefusalMessageBytes {
		text = strings.ToValidUTF8(text[:maxRefusalMessageBytes], "") + "…"
	}
	return text
}

// parseRetryAfter reads Retry-After: seconds, or a date, which is measured
// against the answer's own Date, so that no two clocks need agree. False if it
// is missing or unreadable.
func parseRetryAfter(header http.Header) (time.Duration, bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second)), true
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0, false
	}
	return min(max(until.Sub(now), 0), maxRetryAfter), true
}
