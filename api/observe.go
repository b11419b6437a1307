package api

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"bursar/api/admission"
	"bursar/api/live"
	"bursar/fault"
)

// Observer counts errors and streams, and times admission. Its methods are called concurrently and must not block.
type Observer interface {
	admission.Observer
	live.Observer
	// Failed is called for each error that a client is told, except for UNAVAILABLE when the client has left. operation is the
	// field of Query or Mutation that the error is about, "" when it is about the request as a whole.
	Failed(operation string, code fault.Code)
	// LostDenials is called with a number of denied requests that are missing in the counts of them.
	LostDenials(requests int64)
}

// lostDenials tells the observer of denied requests that are missing in the counts of them.
func (c *Config) lostDenials(requests int64) {
	if c.Observer != nil {
		c.Observer.LostDenials(requests)
	}
}

// observe tells the observer of an error.
func (p presenter) observe(ctx context.Context, code fault.Code) {
	if p.observer != nil {
		p.observer.Failed(rootField(ctx), code)
	}
}

// rootField returns the name in the schema of the root field that is being resolved; "" while none is.
func rootField(ctx context.Context) string {
	name := ""
	for field := graphql.GetFieldContext(ctx); field != nil; field = field.Parent {
		if field.Field.Field != nil {
			name = field.Field.Name
		}
	}
	return name
}
