package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/fault"
	"bursar/graph/exec"
	"bursar/graph/model"
)

// operationRules refuses operations that are nested too deeply, and mutations that came by GET.
type operationRules struct{}

var _ interface {
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = operationRules{}

// ExtensionName names the extension.
func (operationRules) ExtensionName() string { return "OperationRules" }

// Validate accepts every schema.
func (operationRules) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation before it runs.
func (operationRules) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if depth(operation.Operation.SelectionSet) > maxDepth {
		return gqlerror.Wrap(fault.New(fault.QueryTooComplex, "the document is nested deeper than %d levels", maxDepth))
	}
	if operation.Operation.Operation == ast.Mutation && isGet(ctx) {
		return gqlerror.Wrap(fault.New(fault.BadUserInput, "GET runs queries only; send mutations with POST"))
	}
	return nil
}

// depth returns how deeply selections are nested; introspection is left out. Validation has refused cycles of fragments.
func depth(selections ast.SelectionSet) int {
	deepest := 0
	for _, selection := range selections {
		nested := 0
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				continue
			}
			nested = 1 + depth(s.SelectionSet)
		case *ast.InlineFragment:
			nested = depth(s.SelectionSet)
		case *ast.FragmentSpread:
			nested = depth(s.Definition.SelectionSet)
		}
		deepest = max(deepest, nested)
	}
	return deepest
}

// nestedRows is what a list without a page counts as: subjects have a few limits and recipients.
const nestedRows = 4

// complexity says how many rows a field stands for.
func complexity() exec.ComplexityRoot {
	var c exec.ComplexityRoot
	paged := func(child int, first *int) int { return 1 + child*max(1, min(pageSize(first), maxPage)) }
	list := func(child int) int { return 1 + child*nestedRows }
	c.Query.APIKeys = func(child int, _ *model.APIKeyFilter, first *int, _ *string) int { return paged(child, first) }
	c.Query.Alerts = func(child int, _ *model.AlertFilter, first *int, _ *string) int { return paged(child, first) }
	c.Query.AuditLog = func(child int, _ *model.AuditFilter, first *int, _ *string) int { return paged(child, first) }
	c.Query.Organizations = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.Workspaces = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.Members = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.AccessTokens = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.BudgetLimit.Periods = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.BudgetLimits, c.Organization.RateLimits, c.Organization.Recipients = list, list, list
	c.Workspace.BudgetLimits, c.Workspace.RateLimits, c.Workspace.Recipients = list, list, list
	c.ApiKey.BudgetLimits, c.ApiKey.RateLimits, c.ApiKey.Recipients = list, list, list
	c.Alert.Deliveries = list
	return c
}
