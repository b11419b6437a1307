package directive

import (
	"context"
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// cost is what @cost and @listSize say of a field.
type cost struct {
	weight          int    // values that the field itself stands for
	size            int    // how many times its selection counts
	slicingArgument string // that says so, unless it is null; "" when there is none
}

type fieldName struct{ object, field string }

// MaxListSize is the most that a slicing argument counts. A field whose pages are larger must refuse them.
const MaxListSize = 100

// countedSchema is an executable schema whose fields cost what their directives say.
type countedSchema struct {
	graphql.ExecutableSchema
	costs map[fieldName]cost // of fields with one of the directives
}

// NewCountedSchema returns an executable schema whose fields count in an operation's complexity what @cost and @listSize say. It fails
// for an argument of these that is not a number.
func NewCountedSchema(schema graphql.ExecutableSchema) (graphql.ExecutableSchema, error) {
	return newCountedSchema(schema)
}

func newCountedSchema(schema graphql.ExecutableSchema) (*countedSchema, error) {
	s := &countedSchema{ExecutableSchema: schema, costs: map[fieldName]cost{}}
	for _, definition := range schema.Schema().Types {
		for _, field := range definition.Fields {
			if !has(field, costName) && !has(field, listSize) {
				continue
			}
			c, err := costOf(field)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", definition.Name, field.Name, err)
			}
			s.costs[fieldName{definition.Name, field.Name}] = c
		}
	}
	return s, nil
}

func costOf(field *ast.FieldDefinition) (c cost, err error) {
	c = cost{weight: 1, size: 1}
	if directive := field.Directives.ForName(costName); directive != nil {
		if c.weight, err = strconv.Atoi(directive.Arguments.ForName("weight").Value.Raw); err != nil {
			return c, err
		}
	}
	directive := field.Directives.ForName(listSize)
	if directive == nil {
		return c, nil
	}
	if c.size, err = strconv.Atoi(directive.Arguments.ForName("assumedSize").Value.Raw); err != nil {
		return c, err
	}
	if slicing := directive.Arguments.ForName("slicingArguments"); slicing != nil {
		if len(slicing.Value.Children) != 1 {
			return c, fmt.Errorf("@listSize has %d slicing arguments, want one", len(slicing.Value.Children))
		}
		c.slicingArgument = slicing.Value.Children[0].Value.Raw
	}
	return c, nil
}

// Complexity implements [graphql.ExecutableSchema]. Fields without the directives have gqlgen's default, 1 and their selection.
func (s *countedSchema) Complexity(_ context.Context, object, field string, selection int, arguments map[string]any) (int, bool) {
	c, counted := s.costs[fieldName{object, field}]
	if !counted {
		return 0, false
	}
	if given := arguments[c.slicingArgument]; given != nil {
		size, err := graphql.UnmarshalInt(given)
		if err != nil {
			return 0, false // which the field refuses
		}
		c.size = max(1, min(size, MaxListSize))
	}
	return c.weight + selection*c.size, true
}
