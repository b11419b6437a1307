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
	weight           int      // values that the field itself stands for
	size             int      // how many times its selection counts
	slicingArguments []string // of which the largest says so, unless all are null
}

type fieldName struct{ object, field string }

// countedSchema is an executable schema whose fields cost what their directives say.
type countedSchema struct {
	graphql.ExecutableSchema
	costs   map[fieldName]cost // of fields with one of the directives
	maxPage int                // a slicing argument above it counts as it
	weigh   map[string]Weigh
}

// Weigh returns the weight of a field of Query by its arguments, given that in its @cost. The arguments are not coerced yet.
type Weigh func(weight int, arguments map[string]any) int

// CountCosts returns a schema whose fields cost what @cost and @listSize say, a page at most maxPage times its selection. weigh has, by name,
// the fields of Query whose arguments change their weight. It fails for a value of a directive that is not a number.
func CountCosts(schema graphql.ExecutableSchema, maxPage int, weigh map[string]Weigh) (graphql.ExecutableSchema, error) {
	s := &countedSchema{ExecutableSchema: schema, costs: map[fieldName]cost{}, maxPage: maxPage, weigh: weigh}
	for _, definition := range schema.Schema().Types {
		for _, field := range definition.Fields {
			if !has(field, costDirective) && !has(field, listSizeDirective) {
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
	if directive := field.Directives.ForName(costDirective); directive != nil {
		if c.weight, err = strconv.Atoi(directive.Arguments.ForName("weight").Value.Raw); err != nil {
			return c, err
		}
	}
	directive := field.Directives.ForName(listSizeDirective)
	if directive == nil {
		return c, nil
	}
	if c.size, err = strconv.Atoi(directive.Arguments.ForName("assumedSize").Value.Raw); err != nil {
		return c, err
	}
	if slicing := directive.Arguments.ForName("slicingArguments"); slicing != nil {
		for _, argument := range slicing.Value.Children {
			c.slicingArguments = append(c.slicingArguments, argument.Value.Raw)
		}
	}
	return c, nil
}

// Complexity implements [graphql.ExecutableSchema]. Fields without the directives have gqlgen's default, 1 and their selection.
func (s *countedSchema) Complexity(_ context.Context, object, field string, selection int, arguments map[string]any) (int, bool) {
	c, counted := s.costs[fieldName{object, field}]
	if !counted {
		return 0, false
	}
	largest, sliced := 1, false
	for _, name := range c.slicingArguments {
		given := arguments[name]
		if given == nil {
			continue
		}
		size, err := sizeOf(given)
		if err != nil {
			return 0, false // which the field refuses
		}
		largest, sliced = max(largest, size), true
	}
	if sliced {
		c.size = min(largest, s.maxPage)
	}
	if weigh := s.weigh[field]; weigh != nil && object == "Query" {
		c.weight = weigh(c.weight, arguments)
	}
	return c.weight + selection*c.size, true
}

// sizeOf returns the number that a slicing argument is, or the length of the list that it is.
func sizeOf(given any) (int, error) {
	if list, isList := given.([]any); isList {
		return len(list), nil
	}
	return graphql.UnmarshalInt(given)
}
