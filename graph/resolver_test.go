package graph_test

import (
	"reflect"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/graph"
)

// A resolver cannot forget whose rows it is about: it has no connection but through db.TenantDB, which asks.
func TestResolverHasNoBarePool(t *testing.T) {
	t.Parallel()
	resolver := reflect.TypeFor[graph.Resolver]()
	for field := range resolver.Fields() {
		if field.Type == reflect.TypeFor[*pgxpool.Pool]() {
			t.Errorf("Resolver.%s is a pool", field.Name)
		}
	}
}
