package bulk

import (
	"context"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Present turns an error into what a client is told, and logs what it must not see.
type Present func(ctx context.Context, err error) *gqlerror.Error

// Errors tells clients the errors of one request's calls. What has failed for one reason is presented, and so logged, once.
type Errors struct {
	ctx     context.Context //nolint:containedctx // of the one request
	present Present
	told    map[string]*Error // by the error's text
}

// NewErrors returns the errors of a request.
func NewErrors(ctx context.Context, present Present) *Errors {
	return &Errors{ctx: ctx, present: present, told: map[string]*Error{}}
}

// Of returns what the client is told of an error.
func (e *Errors) Of(err error) *Error {
	if known := e.told[err.Error()]; known != nil {
		return known
	}
	shown := e.present(e.ctx, err)
	told := &Error{Message: shown.Message}
	told.Code, _ = shown.Extensions["code"].(string)
	if field, isAbout := shown.Extensions["field"].(string); isAbout {
		told.Field = &field
	}
	e.told[err.Error()] = told
	return told
}
