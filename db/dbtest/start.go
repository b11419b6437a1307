package dbtest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest/tempdir"
	"bursar/pg"
	schema "bursar/sql"
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

// Start finds or starts a PostgreSQL and makes the template database.
func Start(ctx context.Context) (*Server, error) { return start(ctx, os.Getenv("DATABASE_URL")) }

// start starts a PostgreSQL when no URL is given.
func start(ctx context.Context, databaseURL string) (*Server, error) {
	s := &Server{url: databaseURL, name: "bursar_test_" + random()}
	inMemory := tempdir.InMemory()
	if s.url == "" {
		// ext4 passes over what was deleted in the last seconds, one by one, whenever it makes a file: databases that come and
		// go cost ten times of those that only come
		s.keep = !inMemory
		owned, err := pg.Start(ctx, pg.Config{Temporary: true, BinDir: os.Getenv("BURSAR_POSTGRES_BIN")})
		if err != nil {
			return nil, err
		}
		s.owned, s.url = owned, owned.URL()
	}
	s.template = s.name + "_template"
	if err := s.makeTemplate(ctx); err != nil {
		_ = s.Close(ctx) // the first error says more
		return nil, err
	}
	return s, nil
}

func (s *Server) makeTemplate(ctx context.Context) error {
	if err := s.administer(ctx, "create database "+pgx.Identifier{s.template}.Sanitize()); err != nil {
		return fmt.Errorf("create the template database: %w", err)
	}
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: s.urlOf(s.template), MaxConnections: 4})
	if err != nil {
		return err
	}
	defer pool.Close()
	return schema.Up(ctx, pool, slog.New(slog.DiscardHandler))
}
