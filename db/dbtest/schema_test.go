package dbtest

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	schema "bursar/sql"
)

// A function of another version is replaced whatever its arguments and result were, and leaves no older form behind.
func TestUpReplacesFunctions(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), server.New(t)
	var before, after int
	count := func(n *int) {
		t.Helper()
		err := pool.QueryRow(ctx, `select count(*) from pg_proc where pronamespace = 'public'::regnamespace`).Scan(n)
		if err != nil {
			t.Fatal(err)
		}
	}
	count(&before)
	if _, err := pool.Exec(ctx, `
		drop function units_of;
		create function units_of(other text) returns text language sql as 'select other';
		create function check_usage(other uuid[] default null) returns integer language sql as 'select 1';
		update schema_functions set hash = 'of another version'`); err != nil {
		t.Fatal(err)
	}
	if status, err := schema.StatusOf(ctx, pool); err != nil || status.Current() {
		t.Fatalf("before: %+v, %v", status, err)
	}
	if err := schema.Up(ctx, pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if status, err := schema.StatusOf(ctx, pool); err != nil || !status.Current() {
		t.Fatalf("after: %+v, %v", status, err)
	}
	if count(&after); after != before {
		t.Fatalf("%d functions, want %d", after, before)
	}
	NewTenant(t, pool)
}

// A database that a newer binary has migrated is refused and left as it is.
func TestUpRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	ctx, pool := context.Background(), server.New(t)
	if _, err := pool.Exec(ctx, `insert into goose_db_version (version_id, is_applied) values (9999, true)`); err != nil {
		t.Fatal(err)
	}
	if err := schema.Up(ctx, pool, slog.New(slog.DiscardHandler)); !errors.Is(err, schema.ErrNewer) {
		t.Fatalf("%v, want %v", err, schema.ErrNewer)
	}
}
