package admission

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Extension has gqlgen ask for admission: before it parses a document that it does not know, and before it runs what is not one
// enforcement call. The place is given back before the answer is written, for its reader may be slow.
type Extension struct {
	Controller *Controller
	// Known tells of a document whether it was parsed and validated before.
	Known func(ctx context.Context, document string) bool
	// Check refuses a document that is too large.
	Check func(document string) error
	// Exempt tells of an operation whether it is one enforcement call, which is let in at once.
	Exempt func(operation *ast.OperationDefinition) bool
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
	graphql.HandlerExtension
} = Extension{}

// ExtensionName names the extension.
func (Extension) ExtensionName() string { return "Admission" }

// Validate accepts every schema.
func (Extension) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters lets a document in that was not parsed before, and refuses one that is too large before it is
// validated: to parse one costs up to a hundred times what it costs to run one that was, to validate some the square of their
// length. A gateway that writes values into its short documents, so that each is a new one, is not kept waiting.
func (a Extension) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	v := FromContext(ctx)
	v.parsed()
	if a.Known(ctx, params.Query) {
		return nil
	}
	if !v.tenant.gateways || len(params.Query) > shortDocument {
		if err := v.enter(ctx, a.Controller.heavy); err != nil {
			return gqlerror.Wrap(err)
		}
	}
	return refusal(a.Check(params.Query))
}

// MutateOperationContext lets an operation in, but for one enforcement call, which has its own queue.
func (a Extension) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	v := FromContext(ctx)
	if a.Exempt(operation.Operation) {
		v.enforce()
		return nil
	}
	kind := a.Controller.small
	stats, _ := operation.Stats.GetExtension("ComplexityLimit").(*extension.ComplexityStats)
	if stats != nil && stats.Complexity >= heavyComplexity {
		kind = a.Controller.heavy
	}
	if err := v.enter(ctx, kind); err != nil {
		return gqlerror.Wrap(err)
	}
	v.breaks = takeBreaks(operation, a.Controller, v.turn.free(time.Now()))
	return nil
}

// InterceptResponse ends the visit with the work.
func (Extension) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	defer FromContext(ctx).leave()
	return next(ctx)
}

func refusal(err error) *gqlerror.Error {
	if err == nil {
		return nil
	}
	return gqlerror.Wrap(err)
}

// heavyComplexity is what an operation asks for at least that takes one of the few places for heavy ones.
const heavyComplexity = 1_000

// shortDocument is how many bytes a document has, at most, that costs little to parse.
const shortDocument = 2 << 10
