package replay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"bursar/fault"
)

const (
	attemptTimeout = 10 * time.Second // of one HTTP request
	maxAnswerBytes = 16 << 20         // more than the largest page
)

// Codes of failures that no GraphQL error names.
const (
	codeUnreachable = "UNREACHABLE" // the connection broke, timed out, or was never made
	codeMalformed   = "MALFORMED"   // the answer is not one of GraphQL
)

// failure is an operation that was not answered.
type failure struct {
	code      string // extensions.code, or one of the codes above
	message   string
	temporary bool // a retry may succeed; the requestId makes it count once
}

// Error returns the code and the message.
func (f *failure) Error() string { return f.code + ": " + f.message }

// fatal tells whether every other operation would fail in the same way.
func (f *failure) fatal() bool {
	switch f.code {
	case string(fault.Unauthenticated), string(fault.Forbidden), "HTTP_401", "HTTP_403":
		return true
	}
	return false
}

// client sends GraphQL operations over connections that it keeps open.
type client struct {
	http     *http.Client
	endpoint string
	token    string
	gateway  *client // with the gateway's token; nil: there is none
}

func newClient(config Config) *client {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		MaxConnsPerHost:     config.Connections,
		MaxIdleConns:        config.Connections,
		MaxIdleConnsPerHost: config.Connections,
		IdleConnTimeout:     time.Minute,
	}
	c := &client{http: &http.Client{Transport: transport, Timeout: attemptTimeout}, endpoint: config.endpoint(), token: config.Token}
	if config.GatewayToken != "" {
		c.gateway = &client{http: c.http, endpoint: c.endpoint, token: config.GatewayToken}
	}
	return c
}

// by returns the client that makes a call: the gateway's if the key's secret is known, or else that of the token which accepts ids.
func (c *client) by(called *call) *client {
	if called.key.secret != "" {
		return c.gateway
	}
	return c
}

func (c *client) close() { c.http.CloseIdleConnections() }

// do sends an operation until it is answered, or its failure is not temporary, or the attempts are used up.
func (c *client) do(ctx context.Context, op operation, variables, data any) error {
	return retry(ctx, func() error { return c.send(ctx, op, variables, data) })
}

// send sends an operation once. Its error is a *failure, or one of ours when the operation cannot be written.
func (c *client) send(ctx context.Context, op operation, variables, data any) error {
	body, err := json.Marshal(map[string]any{
		"operationName": op.name, "query": op.document, "variables": variables,
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", op.name, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("write %s: %w", op.name, err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json, application/json")
	request.Header.Set("Authorization", "Bearer "+c.token)

	response, err := c.http.Do(request)
	if err != nil {
		return &failure{code: codeUnreachable, message: err.Error(), temporary: true}
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes))
	if err != nil {
		return &failure{code: codeUnreachable, message: err.Error(), temporary: true}
	}
	return readAnswer(response.StatusCode, answer, data)
}

// readAnswer decodes a GraphQL answer's data. Any error in it is an error: no document of this package asks for fields that may be null.
func readAnswer(status int, body []byte, data any) error {
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case err == nil && len(answer.Errors) > 0:
		first := answer.Errors[0]
		return &failure{
			code: cmp.Or(first.Extensions.Code, string(fault.Internal)), message: first.Message,
			temporary: first.Extensions.Code == string(fault.Unavailable),
		}
	case status != http.StatusOK: // a proxy's answer, or a server's that is stopping
		temporary := status == http.StatusBadGateway || status == http.StatusServiceUnavailable ||
			status == http.StatusGatewayTimeout
		return &failure{code: fmt.Sprintf("HTTP_%d", status), message: http.StatusText(status), temporary: temporary}
	case err == nil:
		err = json.Unmarshal(answer.Data, data)
	}
	if err != nil {
		return &failure{code: codeMalformed, message: "this is no answer of a GraphQL server: " + err.Error()}
	}
	return nil
}

// codeOf returns the code of an operation's error.
func codeOf(err error) string {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.code
	}
	return string(fault.Internal)
}
