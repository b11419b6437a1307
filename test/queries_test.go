//go:build sqlcvet

package test

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"bursar/db/dbtest"
)

// A real PostgreSQL with this schema prepares every query in sql/queries.
//
// It stands behind a build tag because it compiles sqlc, which takes minutes the first time; .ci/run asks for it.
func TestQueriesPrepare(t *testing.T) {
	t.Parallel()
	ctx := context.Background() // the server outlives the test's own context
	server, err := dbtest.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	command := exec.CommandContext(ctx, "go", "tool", "-modfile=tools/go.mod", "sqlc", "vet")
	command.Dir = ".."
	command.Env = append(os.Environ(), "SQLC_DATABASE_URL="+server.NewURL(t))
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("sqlc vet: %v\n%s", err, output)
	}
}
