package dbtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// DropRoles drops the servers' roles and what depends on them, with a server of the test's own (Alone): what a cluster lacks into which
// a dump is restored.
func (s *Server) DropRoles(t testing.TB) {
	t.Helper()
	const roles = "bursar_operator, bursar_server, bursar_authenticator"
	ctx := context.Background()
	rows, err := s.names(ctx)
	for _, name := range rows {
		if err == nil {
			err = administer(ctx, s.urlOf(name), "drop owned by "+roles)
		}
	}
	if err == nil {
		err = s.administer(ctx, "drop role "+roles)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// names returns the names of the databases of the server that one can connect to.
func (s *Server) names(ctx context.Context) ([]string, error) {
	rows, err := s.admin.Query(ctx, `select datname::text from pg_database where datallowconn`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
