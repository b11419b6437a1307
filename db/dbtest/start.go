package dbtest

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest/tempdir"
)

// Alone returns a server that no other test uses, stopped when the test ends: a snapshot sees the transactions of all databases of its
// PostgreSQL, so that those of others keep old versions of rows alive.
func Alone(t testing.TB) *Server {
	t.Helper()
	server, err := start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return server
}

// Start finds or starts a PostgreSQL with the template database.
func Start(ctx context.Context) (*Server, error) { return start(ctx, os.Getenv("DATABASE_URL")) }

// start starts a PostgreSQL when no URL is given.
func start(ctx context.Context, databaseURL string) (s *Server, err error) {
	s = &Server{url: databaseURL, name: "bursar_test_" + random(), databases: databases{lent: map[*pgxpool.Pool]*database{}}}
	if s.template, err = templateName(); err != nil {
		return nil, err
	}
	if databaseURL == "" {
		// ext4 passes over what was deleted in the last seconds, one by one, whenever it makes a file: databases that come and
		// go cost ten times of those that only come
		s.keep = !tempdir.InMemory()
		if s.owned, err = StartPostgreSQL(ctx, slog.New(slog.DiscardHandler)); err != nil {
			return nil, err
		}
		s.url = s.owned.URL()
		return s, s.connect(ctx)
	}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	if slices.Contains(names, s.template) { // one of StartPostgreSQL's
		return s, nil
	}
	s.template, s.made = s.name+"_template", true
	if err := makeTemplate(ctx, s.url, s.template); err != nil {
		_ = s.Close(ctx) // the first error says more
		return nil, err
	}
	return s, nil
}
