package admission

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	// heavyComplexity is the complexity from which an operation needs a heavy slot.
	heavyComplexity = 1_000
	// shortDocument is the size in bytes up to which a document costs little to parse.
	shortDocument = 2 << 10
)

// Extension has gqlgen wait for slots: before it parses a document that is not known, and before it executes an operation that is
// not exempt. Slots are released before the answer is written, for its reader may be slow. The extension must come behind those that
// find a document and those that refuse an operation; the complexity limit among them says what is heavy.
type Extension struct {
	Controller *Controller
	// Known tells whether a document was parsed and validated before.
	Known func(ctx context.Context, document string) bool
	// Check refuses a document that is too large.
	Check func(document string) error
	// Exempt tells whether an operation is an enforcement call.
	Exempt func(operation *ast.OperationDefinition) bool
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
	graphql.HandlerExtension
} = Extension{}

// ExtensionName implements [graphql.HandlerExtension].
func (Extension) ExtensionName() string { return "Admission" }

// Validate implements [graphql.HandlerExtension]. It accepts every schema.
func (Extension) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters waits for a heavy slot when the document is not known, and refuses one that is too large before it is
// validated: to parse a document costs up to a hundred times what it costs to execute a known one, and the time to validate some
// grows with the square of their length. Short documents of gateways do not wait: some write values into them, so that each is new.
func (e Extension) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	t := FromContext(ctx)
	t.endBody()
	if e.Known(ctx, params.Query) {
		return nil
	}
	if !t.flow.gateways || len(params.Query) > shortDocument {
		if err := t.acquire(ctx, e.Controller.heavy); err != nil {
			return gqlerror.Wrap(err)
		}
	}
	if err := e.Check(params.Query); err != nil {
		return gqlerror.Wrap(err)
	}
	return nil
}

// MutateOperationContext waits for a slot of the operation's priority level. An exempt operation has none.
func (e Extension) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	t := FromContext(ctx)
	if e.Exempt(operation.Operation) {
		t.makeExempt()
		return nil
	}
	level := e.Controller.small
	stats, _ := operation.Stats.GetExtension("ComplexityLimit").(*extension.ComplexityStats)
	if stats != nil && stats.Complexity >= heavyComplexity {
		level = e.Controller.heavy
	}
	if err := t.acquire(ctx, level); err != nil {
		return gqlerror.Wrap(err)
	}
	t.yielder = newYielder(operation, e.Controller, t.tenantSlot.remaining(time.Now()))
	return nil
}

// InterceptResponse releases the request's slots once the operation has been executed.
func (Extension) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	defer FromContext(ctx).release()
	return next(ctx)
}
