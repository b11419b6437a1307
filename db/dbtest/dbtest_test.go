package dbtest

import (
	"context"
	"testing"

	schema "bursar/sql"
)

var server *Server

func TestMain(m *testing.M) { Main(m, func(s *Server) { server = s }) }

// A test's database has exactly this binary's schema.
func TestDatabaseIsCurrent(t *testing.T) {
	t.Parallel()
	status, err := schema.StatusOf(context.Background(), server.New(t))
	if err != nil || !status.Current() {
		t.Fatalf("status %+v, error %v", status, err)
	}
}

// Tests share nothing: what one writes another does not see.
func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	NewTenant(t, server.New(t))
	var organizations int
	if err := server.New(t).QueryRow(context.Background(), "select count(*) from organizations").Scan(&organizations); err != nil {
		t.Fatal(err)
	}
	if organizations != 0 {
		t.Fatalf("%d organizations in a new database, want 0", organizations)
	}
}
