package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// payload is the answer to one call, which may be one of many.
type payload interface{ failure() *itemError }

// itemError is UsageError.
type itemError struct {
	Code, Message string
	Field         *string
}

// of returns the error of the call at an index of a list, as it had it alone.
func (f *itemError) of(list string, index int) *Error {
	e, at := &Error{Code: f.Code, Message: f.Message}, list+"."+strconv.Itoa(index)
	if f.Field != nil {
		e.Field = strings.TrimPrefix(strings.TrimPrefix(*f.Field, at), ".")
		e.Message = strings.TrimPrefix(e.Message, at+".")
	}
	return e
}

// gatherBy sets up what calls share requests by.
func (c *Client) gatherBy(shared int) {
	if shared == 0 {
		shared = DefaultShared
	}
	c.reserves, c.records = map[string]*gather[*reservePayload]{}, map[string]*gather[*recordPayload]{}
	for _, endpoint := range c.endpoints {
		c.reserves[endpoint] = &gather[*reservePayload]{
			client: c, endpoint: endpoint, one: &c.operations.reserve, many: &c.operations.reserves, list: "requests", most: shared}
		c.records[endpoint] = &gather[*recordPayload]{
			client: c, endpoint: endpoint, one: &c.operations.record, many: &c.operations.records, list: "events", most: shared}
	}
}

// gathering is Client.do for calls that share requests.
func gathering[P payload](ctx context.Context, c *Client, by map[string]*gather[P], name string, input any) (answer P, err error) {
	encoded, err := json.Marshal(input)
	if err != nil {
		return answer, fmt.Errorf("gateway: write %s: %w", name, err)
	}
	err = c.retry(ctx, func(ctx context.Context, endpoint string) (err error) {
		answer, err = by[endpoint].do(ctx, encoded)
		return err
	})
	return answer, err
}
