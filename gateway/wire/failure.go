package wire

import (
	"net/http"
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
	Final      bool           // whether a retry does not help: x-should-retry is false. It is so for 402, 412 and waits above a minute in any case.
	RequestID  string         // that the gateway gave the request
	Details    map[string]any // more for programs; values are those of encoding/json
}

// WriteError answers a request with a failure, in the form and with the headers that the dialect's SDKs understand.
func WriteError(w http.ResponseWriter, d Dialect, f Failure) { w.WriteHeader(f.Status) }
