package gateway

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"go.opentelemetry.io/otel/propagation"
)

// maxAnswerBytes bounds an answer: one with a thousand limits is smaller.
const maxAnswerBytes = 4 << 20

// operation is a GraphQL document of one operation. The documents are constant and select what is read, because Bursar keeps those that it
// has parsed.
type operation struct {
	name  string
	start []byte // of a request's body, up to the input
}

func newOperation(name, document string) operation {
	quoted, _ := json.Marshal(document) // a string always has JSON
	return operation{name, fmt.Appendf(nil, `{"operationName":%q,"query":%s,"variables":{"input":`, name, quoted)}
}

// body returns the body of a request with an input.
func (o *operation) body(input []byte) []byte {
	body := make([]byte, 0, len(o.start)+len(input)+len("}}"))
	return append(append(append(body, o.start...), input...), "}}"...)
}

// operations are what a Client sends.
type operations struct {
	check, reserve, record, release, extend, outage operation
	lease, giveBack                                 operation
	reserves, records                               operation // many in one request
}

func newOperations(limits, merges bool) operations {
	selection := `replayed
    reservation { id status apiKeyId admittedAt expiresAt tokens cost }
    decision { allowed httpStatus retryAfterSeconds apiKeyId denials { reason message limitId retryAt }`
	if limits {
		selection += `
      limits { limitId kind type max used reserved remaining resetsAt enforced }`
	}
	const booked, failure = "replayed usageEvent { id tokens cost }", "error { code message field }"
	many, leased := booked, "id status requests tokens cost expiresInMilliseconds apiKeyId"
	if merges {
		many, leased = "replayed usageEvent { id tokens cost unpriced }", leased+" mergeInputTokens"
	}
	return operations{
		reserves: newOperation("ReserveUsages", `mutation ReserveUsages($input: ReserveUsagesInput!) {
  reserveUsages(input: $input) {
    answers { `+selection+` } `+failure+` }
  }
}`),
		records: newOperation("RecordUsages", `mutation RecordUsages($input: RecordUsagesInput!) {
  recordUsages(input: $input) { answers { `+many+` `+failure+` } }
}`),
		check: newOperation("CheckUsage", `query CheckUsage($input: CheckUsageInput!) {
  checkUsage(input: $input) { allowed httpStatus retryAfterSeconds apiKeyId denials { reason message limitId retryAt } }
}`),
		reserve: newOperation("ReserveUsage", `mutation ReserveUsage($input: ReserveUsageInput!) {
  reserveUsage(input: $input) {
    `+selection+` }
  }
}`),
		record: newOperation("RecordUsage", `mutation RecordUsage($input: RecordUsageInput!) {
  recordUsage(input: $input) { `+booked+` }
}`),
		release: newOperation("ReleaseReservation", `mutation ReleaseReservation($input: ReleaseReservationInput!) {
  releaseReservation(input: $input) { reservation { status } }
}`),
		extend: newOperation("ExtendReservation", `mutation ExtendReservation($input: ExtendReservationInput!) {
  extendReservation(input: $input) { reservation { status expiresAt } }
}`),
		lease: newOperation("LeaseUsage", `mutation LeaseUsage($input: LeaseUsageInput!) {
  leaseUsage(input: $input) {
    lease { `+leased+` }
    decision { allowed httpStatus retryAfterSeconds apiKeyId denials { reason message limitId retryAt } limits { type enforced } }
  }
}`),
		giveBack: newOperation("ReturnLease", `mutation ReturnLease($input: ReturnLeaseInput!) {
  returnLease(input: $input) { lease { id status requests tokens cost expiresInMilliseconds } }
}`),
		outage: newOperation("ReportOutage", `mutation ReportOutage($input: ReportOutageInput!) {
  reportOutage(input: $input) { replayed }
}`),
	}
}

// do sends an operation until it is answered, or its failure does not pass by itself, or the time is up. data is a pointer to what the answer's data are read
// into.
func (c *Client) do(ctx context.Context, op *operation, input, data any) error {
	encoded, err := json.Marshal(input)
	if err != nil {
		return fmt.Errorf("gateway: write %s: %w", op.name, err)
	}
	body := op.body(encoded)
	return c.retry(ctx, func(ctx context.Context, endpoint string) error {
		return c.send(ctx, endpoint, body, maxAnswerBytes, data)
	})
}

// send sends a body once, and reads an answer of so many bytes at most. Its error is an *Error.
func (c *Client) send(ctx context.Context, endpoint string, body []byte, most int64, data any) error {
	ctx, cancel := context.WithTimeout(ctx, c.attempt)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return unreachable(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json, application/json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(request.Header)) // so that Bursar's spans are in the caller's trace
	response, err := c.http.Do(request)
	if err != nil {
		failed := unreachable(err)
		dial, ok := errors.AsType[*net.OpError](err)
		failed.unknown = !ok || dial.Op != "dial" // what was not connected was not sent
		return failed
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	var answer bytes.Buffer
	answer.Grow(int(min(max(response.ContentLength, 0), most)) + bytes.MinRead) // so that it is read without growing
	if _, err := answer.ReadFrom(io.LimitReader(response.Body, most+1)); err != nil {
		failed := unreachable(err)
		failed.unknown = true
		return failed
	}
	if int64(answer.Len()) > most {
		return malformed("more than %d bytes", most)
	}
	return read(response.StatusCode, answer.Bytes(), data)
}

func unreachable(err error) *Error {
	return &Error{Code: CodeUnreachable, Message: err.Error(), cause: err}
}

// read decodes an answer's data. Any error in it is an error: the documents ask for nothing that may be left out.
func read(status int, body []byte, data any) error {
	answer := struct {
		Data   any
		Errors []struct {
			Message    string
			Extensions struct{ Code, Field, RequestID string }
		}
	}{Data: data} // which is decoded into; null makes it nil
	err := json.Unmarshal(body, &answer)
	switch {
	case len(answer.Errors) > 0:
		first := answer.Errors[0]
		return &Error{
			Code: cmp.Or(first.Extensions.Code, "INTERNAL"), Message: first.Message,
			Field: first.Extensions.Field, RequestID: first.Extensions.RequestID,
		}
	case status == http.StatusUnauthorized || status == http.StatusForbidden: // a proxy's
		return &Error{Code: CodeForbidden, Message: "HTTP " + http.StatusText(status)}
	case status != http.StatusOK: // a proxy's answer, or that of a server that is stopping
		if status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
			failed := unreachable(fmt.Errorf("HTTP %d", status))
			failed.unknown = status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable // which were not passed on
			return failed
		}
		failed := malformed("HTTP %d", status)
		failed.status = status
		return failed
	case err != nil:
		return malformed("%v", err)
	case answer.Data == nil:
		return malformed("no data")
	}
	return nil
}

// codeOf returns the code of an operation's error; empty for another error.
func codeOf(err error) string {
	if failed, ok := errors.AsType[*Error](err); ok {
		return failed.Code
	}
	return ""
}
