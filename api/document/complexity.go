package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/fault"
)

// maxComplexity bounds the values that an operation may ask for; the contract's ApiKeys with a page of 100 is about 14,000.
const maxComplexity = 25_000

// ComplexityLimit refuses operations that ask for too many values, as the executable schema counts them.
type ComplexityLimit struct {
	*extension.ComplexityLimit
	exempt func(*ast.OperationDefinition) bool
}

// NewComplexityLimit returns a limit that does not look at exempt operations: to count is a hundredth of what the server does for
// an enforcement call, which has no list to multiply what is selected by.
func NewComplexityLimit(exempt func(*ast.OperationDefinition) bool) ComplexityLimit {
	return ComplexityLimit{extension.FixedComplexityLimit(maxComplexity), exempt}
}

// MutateOperationContext refuses an operation before it runs.
func (l ComplexityLimit) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if l.exempt(operation.Operation) {
		return nil
	}
	if err := l.ComplexityLimit.MutateOperationContext(ctx, operation); err != nil {
		return gqlerror.Wrap(fault.New(fault.QueryTooComplex, "%s", err.Message))
	}
	return nil
}
