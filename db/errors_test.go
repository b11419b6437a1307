package db_test

import (
	"testing"

	"bursar/fault"
)

// Every constraint whose violation is explained to clients exists in the database, or is the name that a function raises: a
// constraint that is renamed would be INTERNAL from then on.
func TestExplainedConstraintsExist(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, name := range fault.Constraints() {
		if !query[bool](g, `select exists (select from pg_constraint where conname = $1)
			or exists (select from pg_class where relkind = 'i' and relname = $1)
			or exists (select from pg_proc where strpos(prosrc, quote_literal($1)) > 0)`, name) {
			t.Errorf("the database has no constraint %s", name)
		}
	}
}
