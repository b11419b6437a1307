package bench

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/auth"
	"bursar/db"
	"bursar/graph/exec"
	"bursar/graph/model"
)

// CeilingHandler returns Bursar's GraphQL schema with a reserveUsage that admits everything: it checks no token and no input
// and has no database. Its rate is the most that HTTP and gqlgen allow. Other operations answer an error.
func CeilingHandler() http.Handler {
	graphQL := handler.New(exec.NewExecutableSchema(exec.Config{
		Resolvers: idle{mutations: idleMutations{answer: &db.UsageAnswer{
			Ordinal: 1, Allowed: true, DecidedAt: time.Now(), Reservation: &db.Reservation{ID: uuid.New()},
		}}},
		Directives: exec.DirectiveRoot{
			Auth: func(ctx context.Context, _ any, next graphql.Resolver, _, _ []auth.Role, _ *bool) (any, error) {
				return next(ctx)
			},
		},
	}))
	graphQL.AddTransport(transport.POST{})
	graphQL.SetQueryCache(lru.New[*ast.QueryDocument](1))
	return graphQL
}

// idle resolves mutations and nothing else.
type idle struct {
	exec.ResolverRoot // nil: methods that are not overridden panic, which gqlgen answers with an error
	mutations         idleMutations
}

// Mutation implements [exec.ResolverRoot].
func (i idle) Mutation() exec.MutationResolver { return i.mutations }

type idleMutations struct {
	exec.MutationResolver // nil, as above
	answer                *db.UsageAnswer
}

// ReserveUsage implements [exec.MutationResolver].
func (i idleMutations) ReserveUsage(context.Context, model.ReserveUsageInput) (*db.UsageAnswer, error) {
	return i.answer, nil
}
