package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/fault"
)

// maxComplexity is how many values an operation may ask for. ApiKeys of the contract with a page of 100 asks for 16,501.
const maxComplexity = 25_000

// ComplexityLimit is an extension of gqlgen that refuses operations that ask for too many values, as the executable schema counts
// them, with QUERY_TOO_COMPLEX.
type ComplexityLimit struct {
	*extension.ComplexityLimit
	exempt func(*ast.OperationDefinition) bool
}

// NewComplexityLimit returns a limit that does not count exempt operations: those have no lists, and to count them would be 1 % of
// what the server does for them.
func NewComplexityLimit(exempt func(*ast.OperationDefinition) bool) ComplexityLimit {
	return ComplexityLimit{extension.FixedComplexityLimit(maxComplexity), exempt}
}

// MutateOperationContext implements [graphql.OperationContextMutator].
func (l ComplexityLimit) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if l.exempt(operation.Operation) {
		return nil
	}
	if err := l.ComplexityLimit.MutateOperationContext(ctx, operation); err != nil {
		return gqlerror.Wrap(fault.New(fault.QueryTooComplex, "%s", err.Message))
	}
	return nil
}
