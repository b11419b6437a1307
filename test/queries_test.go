//go:build sqlcvet

package test

import (
	"os"
	"os/exec"
	"testing"
)

// A real PostgreSQL with this schema prepares every query in sql/queries.
//
// It stands behind a build tag because it compiles sqlc, which takes minutes the first time; .ci/run asks for it.
func TestQueriesPrepare(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools/go.mod", "sqlc", "vet")
	command.Dir = ".."
	command.Env = append(os.Environ(), "SQLC_DATABASE_URL="+postgres.NewURL(t))
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("sqlc vet: %v\n%s", err, output)
	}
}
