package identity_test

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/identity"
	"bursar/db/dbtest"
	"bursar/db/session"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// installation is a home and cells, each in a database of its own.
type installation struct {
	*testing.T
	urls  map[string]string
	pools map[string]*pgxpool.Pool // which ask whatever the database is
}

// newInstallation makes databases with the schema.
func newInstallation(t *testing.T, names ...string) *installation {
	t.Helper()
	i := &installation{t, map[string]string{}, map[string]*pgxpool.Pool{}}
	for _, name := range append([]string{cells.Home}, names...) {
		i.name(name, server.NewURL(t))
	}
	return i
}

// name says which database is a cell's.
func (i *installation) name(name, databaseURL string) {
	i.Helper()
	i.urls[name], i.pools[name] = databaseURL, i.pool(databaseURL)
}

// pool returns one that asks a database whatever it is.
func (i *installation) pool(databaseURL string) *pgxpool.Pool {
	i.Helper()
	pool, err := db.NewPool(i.Context(), db.PoolConfig{URL: databaseURL, MaxConnections: 4, Cell: session.AnyCell{}})
	if err != nil {
		i.Fatal(err)
	}
	i.Cleanup(pool.Close)
	return pool
}

// add makes databases cells.
func (i *installation) add(names ...string) {
	i.Helper()
	for _, name := range names {
		if already, err := identity.Add(i.Context(), i.pools[cells.Home], i.pools[name], name, nil); err != nil || already {
			i.Fatalf("add %s: already %t, error %v", name, already, err)
		}
	}
}

// guard returns one that has checked once.
func (i *installation) guard() *identity.Guard {
	i.Helper()
	others := map[string]string{}
	for name, each := range i.urls {
		if name != cells.Home {
			others[name] = each
		}
	}
	g, err := identity.NewGuard(i.Context(), identity.Config{Home: i.urls[cells.Home], Cells: others, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		i.Fatal(err)
	}
	i.Cleanup(g.Close)
	i.check(g)
	return g
}

func (i *installation) check(g *identity.Guard) {
	i.Helper()
	if err := g.Check(i.Context()); err != nil {
		i.Fatal(err)
	}
}

// guarded returns a pool on a cell as a server has it.
func (i *installation) guarded(g *identity.Guard, name string) *pgxpool.Pool {
	i.Helper()
	pool, err := db.NewPool(i.Context(), db.PoolConfig{URL: i.urls[name], MaxConnections: 2, Cell: g.Cell(name), Role: db.ServerRole, AllowSuperuser: true})
	if err != nil {
		i.Fatal(err)
	}
	i.Cleanup(pool.Close)
	return pool
}

func (i *installation) exec(name, statement string, arguments ...any) {
	i.Helper()
	if _, err := i.pools[name].Exec(i.Context(), statement, arguments...); err != nil {
		i.Fatalf("%s: %v", statement, err)
	}
}

// text returns what a query answers in a cell, in one line.
func (i *installation) text(name, query string, arguments ...any) string {
	i.Helper()
	var text *string
	if err := i.pools[name].QueryRow(i.Context(), query, arguments...).Scan(&text); err != nil {
		i.Fatalf("%s: %v", query, err)
	}
	if text == nil {
		return ""
	}
	return *text
}

// organization makes one in a cell, and enters it in the directory.
func (i *installation) organization(name, slug string) uuid.UUID {
	i.Helper()
	made, err := db.New().CreateOrganization(i.Context(), i.pools[name], &db.CreateOrganizationParams{Name: slug, Slug: slug, Plan: db.PlanPRO})
	if err != nil {
		i.Fatal(err)
	}
	if name != cells.Home {
		i.exec(cells.Home, `insert into organization_cells (organization_id, slug, cell) values ($1, $2, $3)`, made.ID, slug, name)
	}
	return made.ID
}

// move does what a move does to the tables that say where an organization is.
func (i *installation) move(id uuid.UUID, from, to string) {
	i.Helper()
	i.exec(cells.Home, `insert into organization_moves (organization_id, source, target, moved_by) values ($1, $2, $3, 'a test')`, id, from, to)
	i.exec(from, `select set_residence($1, 'LEAVING')`, id)
	var slug string
	var generation int
	if err := i.pools[from].QueryRow(i.Context(), `select slug, residence_generation from organizations where id = $1`, id).Scan(&slug, &generation); err != nil {
		i.Fatal(err)
	}
	i.exec(to, `delete from organizations where id = $1`, id)
	i.replicated(to, `insert into organizations (id, name, slug, plan, residence, residence_generation) values ($1, $2, $2, 'PRO', 'HERE', $3)`, id, slug, generation+1)
	i.exec(to, `update cell_identity set moves = moves + 1`)
	i.exec(from, `select set_residence($1, 'LEFT')`, id)
	i.exec(from, `update cell_identity set moves = moves + 1`)
	i.exec(cells.Home, `update cells set moves = moves + 1 where name = any ($1)`, []string{from, to})
	i.exec(cells.Home, `update organization_cells set cell = $2 where organization_id = $1`, id, to)
	i.exec(cells.Home, `update organization_moves set state = 'DONE' where organization_id = $1`, id)
}

// replicated runs a statement without triggers.
func (i *installation) replicated(name, statement string, arguments ...any) {
	i.Helper()
	err := pgx.BeginFunc(i.Context(), i.pools[name], func(tx pgx.Tx) error {
		if _, err := tx.Exec(i.Context(), `set local session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(i.Context(), statement, arguments...)
		return err
	})
	if err != nil {
		i.Fatal(err)
	}
}

// backup copies a cell's database, as a backup that is restored beside it, and returns its URL. Nobody may be connected to it meanwhile.
func (i *installation) backup(name string) string {
	i.Helper()
	i.pools[name].Reset()
	parsed, err := url.Parse(i.urls[name])
	if err != nil {
		i.Fatal(err)
	}
	original, copied := strings.TrimPrefix(parsed.Path, "/"), "copy_"+strings.ReplaceAll(uuid.NewString(), "-", "")
	administer := func(statement string) {
		i.Helper()
		connection, err := pgx.Connect(context.Background(), server.NewEmptyURL(i.T))
		if err != nil {
			i.Fatal(err)
		}
		defer func() { _ = connection.Close(context.Background()) }()
		if _, err := connection.Exec(context.Background(), statement); err != nil {
			i.Fatalf("%s: %v", statement, err)
		}
	}
	administer("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + original + "'")
	administer("create database " + pgx.Identifier{copied}.Sanitize() + " template " + pgx.Identifier{original}.Sanitize())
	i.Cleanup(func() { administer("drop database " + pgx.Identifier{copied}.Sanitize() + " with (force)") })
	parsed.Path = "/" + copied
	return parsed.String()
}

// wantUnfit fails the test unless a query is refused with a sentence that has the words.
func (i *installation) wantUnfit(pool *pgxpool.Pool, words ...string) {
	i.Helper()
	_, err := pool.Exec(i.Context(), `select 1`)
	if err == nil {
		i.Errorf("asked, want a refusal with %q", words)
		return
	}
	for _, each := range words {
		if !strings.Contains(err.Error(), each) || strings.Contains(err.Error(), "\n") {
			i.Errorf("refused with %q, want %q in it", err, each)
		}
	}
}

func (i *installation) wantAsked(pool *pgxpool.Pool) {
	i.Helper()
	if _, err := pool.Exec(i.Context(), `select 1`); err != nil {
		i.Errorf("refused: %v", err)
	}
}

// await waits until a query is true at home.
func (i *installation) await(query string) {
	i.Helper()
	dbtest.Await(i.T, i.pools[cells.Home], query)
}
