package db_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
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

// Errors of a statement whose functions are replaced while it runs are UNAVAILABLE, and it may be sent again: PostgreSQL has run nothing.
func TestFunctionsThatAreReplacedAreUnavailable(t *testing.T) {
	t.Parallel()
	for code, message := range map[string]string{
		"42883": "function f(integer) does not exist", "42725": "function f(unknown) is not unique", "42P13": "return type mismatch",
		"42804": "structure of query does not match function result type", "XX000": "cache lookup failed for function 4711",
		"0A000": "",
	} {
		err := &pgconn.PgError{Code: code, Message: message, Routine: map[string]string{"0A000": "RevalidateCachedQuery"}[code]}
		equal(t, code, string(fault.CodeOf(db.Fault(err))), "UNAVAILABLE")
		equal(t, code+" took no effect", db.TookNoEffect(err), true)
	}
	for code, message := range map[string]string{"XX000": "unexpected data beyond EOF", "42703": "column c does not exist", "22012": "division by zero"} {
		equal(t, message, string(fault.CodeOf(db.Fault(&pgconn.PgError{Code: code, Message: message}))), "INTERNAL")
	}
	_, err := server.New(t).Exec(t.Context(), `select reserve_usage('of the next release')`)
	equal(t, "a function that an upgrade has dropped", string(fault.CodeOf(db.Fault(err))), "UNAVAILABLE")
}
