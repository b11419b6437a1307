package bench

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/pg"
)

// Guarantee: segments of the write-ahead log exist before anything is measured, as in a PostgreSQL that has run for a while.
func TestAgedLogHasItsFiles(t *testing.T) {
	t.Parallel()
	server, err := pg.Start(t.Context(), pg.Config{Temporary: true, Settings: map[string]string{"min_wal_size": "256MB"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	const segments = 5
	if err := AgeLog(t.Context(), server.URL(), segments); err != nil {
		t.Fatal(err)
	}
	// names count up: those above the one that is written to are there to be filled
	var ahead int
	connection, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(context.Background()) }()
	if err := connection.QueryRow(t.Context(),
		"select count(*) from pg_ls_waldir() where name > pg_walfile_name(pg_current_wal_lsn()) and name ~ '^[0-9A-F]{24}$'").Scan(&ahead); err != nil {
		t.Fatal(err)
	}
	if ahead < segments {
		t.Errorf("%d segments are there, want %d at least", ahead, segments)
	}
}
