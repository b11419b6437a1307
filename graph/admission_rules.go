package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/api/document"
	"bursar/db"
)

// admissions has gqlgen ask for admission: before it parses a document that it does not know, and before it runs what is not one
// enforcement call. The place is given back before the answer is written, for its reader may be slow.
type admissions struct {
	admission *admission
	documents graphql.Cache[*ast.QueryDocument] // those that were parsed and admitted before
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
	graphql.HandlerExtension
} = admissions{}

// ExtensionName names the extension.
func (admissions) ExtensionName() string { return "Admission" }

// Validate accepts every schema.
func (admissions) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters lets a document in that was not parsed before, and refuses one that is too large before it is
// validated: to parse one costs up to a hundred times what it costs to run one that was, to validate some the square of their
// length. A gateway that writes values into its short documents, so that each is a new one, is not kept waiting.
func (a admissions) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	v := visitOf(ctx)
	v.parsed()
	if _, known := a.documents.Get(ctx, params.Query); known {
		return nil
	}
	if !v.tenant.gateways || len(params.Query) > shortDocument {
		if err := v.enter(ctx, a.admission.heavy); err != nil {
			return gqlerror.Wrap(err)
		}
	}
	return refusal(document.Check(params.Query))
}

// MutateOperationContext lets an operation in, but for one enforcement call, which has its own queue.
func (a admissions) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	v := visitOf(ctx)
	if enforces(operation.Operation.SelectionSet) {
		v.enforce()
		return nil
	}
	kind := a.admission.small
	stats, _ := operation.Stats.GetExtension("ComplexityLimit").(*extension.ComplexityStats)
	if stats != nil && stats.Complexity >= heavyComplexity {
		kind = a.admission.heavy
	}
	if err := v.enter(ctx, kind); err != nil {
		return gqlerror.Wrap(err)
	}
	v.breaks = takeBreaks(operation, a.admission, v.turn.free(time.Now()))
	return nil
}

// InterceptResponse ends the visit with the work, of which one statement is done at a time.
func (admissions) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	v := visitOf(ctx)
	defer v.leave()
	if !v.enforcing {
		ctx = db.OneAtATime(ctx)
	}
	return next(ctx)
}

func refusal(err error) *gqlerror.Error {
	if err == nil {
		return nil
	}
	return gqlerror.Wrap(err)
}

// enforces tells whether an operation is a single enforcement call.
func enforces(selections ast.SelectionSet) bool {
	if len(selections) != 1 {
		return false
	}
	switch selected := selections[0].(type) {
	case *ast.Field:
		return isEnforcement[selected.Name]
	case *ast.InlineFragment:
		return enforces(selected.SelectionSet)
	case *ast.FragmentSpread:
		return enforces(selected.Definition.SelectionSet)
	default:
		return false
	}
}

// shortDocument is how many bytes a document has, at most, that costs little to parse.
const shortDocument = 2 << 10

var isEnforcement = map[string]bool{
	"checkUsage": true, "reserveUsage": true, "recordUsage": true, "releaseReservation": true, "extendReservation": true,
}
