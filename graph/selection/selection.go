// Package selection tells what a client asked for below the field that is being resolved, so that a resolver reads no more.
package selection

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Has tells whether the client asked for the field at a path below the one that is being resolved.
func Has(ctx context.Context, path ...string) bool {
	object, name := path[:len(path)-1], path[len(path)-1]
	return slices.ContainsFunc(Of(ctx, object...), func(f graphql.CollectedField) bool { return f.Name == name })
}

// IDAlone tells whether the client asked for no more than the id of the object at a path, or not for the object at all.
func IDAlone(ctx context.Context, path ...string) bool {
	return !slices.ContainsFunc(Of(ctx, path...), func(f graphql.CollectedField) bool {
		return f.Name != "id" && f.Name != "__typename"
	})
}

// Within tells whether the client asked for no more than some fields of the object at a path, or not for the object at all.
func Within(ctx context.Context, fields []string, path ...string) bool {
	return !slices.ContainsFunc(Of(ctx, path...), func(f graphql.CollectedField) bool {
		return f.Name != "__typename" && !slices.Contains(fields, f.Name)
	})
}

// Of returns the fields that the client asked for of the object at a path below the field that is being resolved.
func Of(ctx context.Context, path ...string) []graphql.CollectedField {
	operation, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	fields := graphql.CollectFields(operation, field.Selections, nil)
	for _, name := range path {
		var nested ast.SelectionSet
		for _, f := range fields {
			if f.Name == name {
				nested = append(nested, f.Selections...) // there may be several, with aliases
			}
		}
		fields = graphql.CollectFields(operation, nested, nil)
	}
	return fields
}
