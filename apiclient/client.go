// Package apiclient calls Bursar's GraphQL API for commands that work with a URL and a token, as programs outside would: it retries what may be retried,
// and tells errors by their codes.
package apiclient

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// Codes of failures that no GraphQL error names.
const (
	Unreachable = "UNREACHABLE" // the connection broke, timed out, or was never made
	Malformed   = "MALFORMED"   // the answer is none of a GraphQL server
)

// Codes of GraphQL errors that callers tell apart.
const (
	Conflict        = "CONFLICT"
	Forbidden       = "FORBIDDEN"
	NotFound        = "NOT_FOUND"
	Unauthenticated = "UNAUTHENTICATED"
	unavailable     = "UNAVAILABLE"
)

const (
	attemptTimeout = 30 * time.Second // of one HTTP request
	attempts       = 6
	firstWait      = 200 * time.Millisecond // before the second attempt; it doubles
	maxAnswerBytes = 16 << 20
)

// Error is an operation that failed.
type Error struct {
	Code    string // extensions.code, or one of the codes above, or HTTP_ and a status
	Message string
	Field   string // the path of the input that is wrong; empty when none is
	// Unsure says that the operation may have been done all the same: an attempt of it was not answered.
	Unsure    bool
	temporary bool // another attempt may succeed
}

// Error returns the code and the message.
func (e *Error) Error() string {
	text := e.Code + ": " + e.Message
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	return text
}

// CodeOf returns the code of an error; empty for an error of another kind.
func CodeOf(err error) string {
	if failed, ok := errors.AsType[*Error](err); ok {
		return failed.Code
	}
	return ""
}

// IsUnsure says whether an operation that failed may have been done all the same.
func IsUnsure(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Unsure
}

// Temporary says whether another attempt may succeed.
func Temporary(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.temporary
}

// Config says where the API is.
type Config struct {
	URL         string // of the server, without /graphql
	Token       string
	Connections int           // that are open at most; 0: 8
	Wait        time.Duration // before the second attempt, doubled before each further one; 0: 200 ms
	UserAgent   string        // empty: Go's
}

// Client sends operations over connections that it keeps open. It is for concurrent use.
type Client struct {
	http   *http.Client
	config Config
}

// New returns a client.
func New(config Config) *Client {
	config.Connections = cmp.Or(config.Connections, 8)
	config.Wait = cmp.Or(config.Wait, firstWait)
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxConnsPerHost: config.Connections, MaxIdleConnsPerHost: config.Connections, IdleConnTimeout: time.Minute,
		ForceAttemptHTTP2: true,
	}
	// a redirect would make a query of the mutation, and take the token elsewhere
	asIs := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{http: &http.Client{Transport: transport, Timeout: attemptTimeout, CheckRedirect: asIs}, config: config}
}

// Close closes the connections that are not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do sends a document of one operation until it is answered, or its failure is not temporary, or six attempts have failed. Mutations that are sent so must do
// nothing a second time. The error is an *Error, or one of ctx.
func (c *Client) Do(ctx context.Context, document string, variables, data any) error {
	unsure, wait := false, c.config.Wait
	for attempt := 1; ; attempt++ {
		err := c.Once(ctx, document, variables, data)
		if err == nil {
			return nil
		}
		failed, ok := errors.AsType[*Error](err)
		if !ok {
			return err
		}
		unsure = unsure || failed.Unsure
		failed.Unsure = unsure
		if !failed.temporary || attempt == attempts {
			return failed
		}
		if Sleep(ctx, wait) != nil {
			return failed
		}
		wait *= 2
	}
}

// Sleep waits for a time of which a random half may be left out, or until ctx ends.
func Sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait/2 + rand.N(wait/2+1)) // #nosec G404 -- when an attempt is made is no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Once sends a document once.
func (c *Client) Once(ctx context.Context, document string, variables, data any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return fmt.Errorf("write the operation: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("write the operation: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json, application/json")
	request.Header.Set("Authorization", "Bearer "+c.config.Token)
	if c.config.UserAgent != "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return &Error{Code: Unreachable, Message: err.Error(), Unsure: true, temporary: true}
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes))
	if err != nil {
		return &Error{Code: Unreachable, Message: err.Error(), Unsure: true, temporary: true}
	}
	return read(response, answer, data)
}

// read decodes an answer. Any error in it is an error: no document asks for more than one field that may fail.
func read(response *http.Response, body []byte, data any) error {
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code, Field string }
		}
	}
	err := json.Unmarshal(body, &answer)
	status := response.StatusCode
	switch {
	case err == nil && len(answer.Errors) > 0:
		first := answer.Errors[0]
		code := cmp.Or(first.Extensions.Code, "INTERNAL")
		return &Error{Code: code, Message: first.Message, Field: first.Extensions.Field, temporary: code == unavailable, Unsure: code == unavailable || code == "INTERNAL"}
	case status/100 == 3:
		return &Error{Code: fmt.Sprintf("HTTP_%d", status), Message: "the URL leads elsewhere, to " + response.Header.Get("Location")}
	case status != http.StatusOK: // a proxy's answer, or a server's that is stopping
		temporary := status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
		return &Error{Code: fmt.Sprintf("HTTP_%d", status), Message: http.StatusText(status), temporary: temporary, Unsure: status >= http.StatusInternalServerError}
	case err == nil:
		err = json.Unmarshal(answer.Data, data)
	}
	if err != nil {
		return &Error{Code: Malformed, Message: "this is no answer of Bursar's API: " + err.Error(), Unsure: true}
	}
	return nil
}
