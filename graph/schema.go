package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph/directive"
	"bursar/graph/exec"
	"bursar/graph/page"
	"bursar/graph/report"
	"bursar/graph/sdl"
)

// Schema returns the parsed schema, as clients see it.
func Schema() *ast.Schema { return sdl.Schema() }

// NewExecutableSchema returns the schema with its resolvers, for gqlgen to execute. Its operations need [loader.PerOperation].
func NewExecutableSchema(resolver *Resolver) graphql.ExecutableSchema {
	schema, err := directive.CountCosts(exec.NewExecutableSchema(exec.Config{
		Schema: sdl.Schema(), Resolvers: resolver, Directives: exec.DirectiveRoot{Auth: directive.RequireRole},
	}), page.Max, map[string]directive.Weigh{"usage": report.Weight})
	if err != nil {
		panic(err) // the schema is a part of the program
	}
	return schema
}
