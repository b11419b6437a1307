// Package dbtest gives every test a database of its own on a real PostgreSQL: the one that DATABASE_URL names, or one that
// it starts. A test binary calls Main from its TestMain and New from its tests.
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/session"
	"bursar/pg"
	schema "bursar/sql"
)

// Server is the PostgreSQL of one test binary and the template that its databases are copied from.
type Server struct {
	Prepare string // a statement that each database of New has executed before its first test; "": none

	url      string // of a database that exists, on the server that tests use
	template string
	made     bool // whether the template is of this binary alone, and is dropped
	name     string
	owned    *pg.Server    // nil when DATABASE_URL named a server
	admin    *pgxpool.Pool // on the server, for statements about databases
	keep     bool          // whether databases are left until the server ends

	databases databases
}

// Main runs a test binary's tests with a server that use is given before them, and ends the program.
func Main(m *testing.M, use func(*Server)) { os.Exit(Run(m, use)) }

// Run is Main for a test binary that has more to clean up: it returns the program's exit code.
func Run(m *testing.M, use func(*Server)) int {
	code, err := run(m, use)
	if err != nil {
		fmt.Fprintln(os.Stderr, "dbtest:", err)
		return 1
	}
	return code
}

func run(m *testing.M, use func(*Server)) (code int, err error) {
	ctx := context.Background()
	// a test with a database waits for it, and many wait for a timeout; -parallel on the command line wins
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+2)); err != nil {
		return 1, err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // there is memory enough, and to collect less often saves a twentieth of the processor time
	}
	server, err := Start(ctx)
	if err != nil {
		return 1, err
	}
	defer func() {
		if closing := server.Close(ctx); err == nil {
			err = closing
		}
	}()
	use(server)
	return m.Run(), nil
}

// Close drops the databases that tests have used and the template, and stops the server, if Start made or started them.
func (s *Server) Close(ctx context.Context) (err error) {
	defer s.admin.Close()
	for _, d := range s.databases.free {
		if d.close(); s.owned == nil {
			err = errors.Join(err, s.administer(ctx, dropping(d.name)))
		}
	}
	if s.owned != nil {
		s.admin.Close()
		return s.owned.Stop()
	}
	if s.made {
		err = errors.Join(err, s.administer(ctx, dropping(s.template)))
	}
	return err
}

// NewURL returns the URL of a new database with the schema, which goes when the test ends, or with the server on a disk.
func (s *Server) NewURL(t testing.TB) string {
	t.Helper()
	return s.create(t, s.template, "")
}

// NewEmptyURL is NewURL for a database without the schema.
func (s *Server) NewEmptyURL(t testing.TB) string {
	t.Helper()
	return s.create(t, "template0", "")
}

// NewEmptyURLIn is NewEmptyURL for a database in UTF-8 whose letters a locale classifies: C, which knows those of ASCII alone, or
// another one that the machine has.
func (s *Server) NewEmptyURLIn(t testing.TB, locale string) string {
	t.Helper()
	return s.create(t, "template0", fmt.Sprintf(" encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype '%s'", locale))
}

// NewIn is New for a database whose letters a locale classifies; see NewEmptyURLIn.
func (s *Server) NewIn(t testing.TB, locale string) *pgxpool.Pool {
	t.Helper()
	pool := s.Pool(t, s.NewEmptyURLIn(t, locale))
	if err := schema.Up(context.Background(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return pool
}

func (s *Server) create(t testing.TB, template, options string) string {
	t.Helper()
	name := s.makeDatabase(t, template, options)
	t.Cleanup(func() { s.dropDatabase(t, name) })
	return s.urlOf(name)
}

// makeDatabase returns the name of a new database.
func (s *Server) makeDatabase(t testing.TB, template, options string) string {
	t.Helper()
	name := s.name + "_" + random()
	create := fmt.Sprintf("create database %s template %s strategy file_copy", pgx.Identifier{name}.Sanitize(), pgx.Identifier{template}.Sanitize()) + options
	if err := s.administer(context.Background(), create); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	return name
}

func (s *Server) dropDatabase(t testing.TB, name string) {
	t.Helper()
	if s.keep {
		return
	}
	if err := s.administer(context.Background(), dropping(name)); err != nil {
		t.Errorf("drop the test's database: %v", err)
	}
}

// dropping is a statement.
func dropping(name string) string {
	return "drop database if exists " + pgx.Identifier{name}.Sanitize() + " with (force)"
}

// New returns a pool, as its owner, on a database with the schema and without rows that no other test has. Its connections and the space in its
// tables may be those of a test before it: a test about these needs a database of its own, of NewURL.
func (s *Server) New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	d := s.lend(t)
	t.Cleanup(func() { s.takeBack(t, d) })
	return d.owner
}

// Pool returns a pool on a database, as its owner, closed when the test ends.
func (s *Server) Pool(t testing.TB, databaseURL string) *pgxpool.Pool {
	t.Helper()
	return newPool(t, ownerOf(databaseURL))
}

func ownerOf(databaseURL string) db.PoolConfig {
	return db.PoolConfig{URL: databaseURL, MaxConnections: 10, Cell: session.AnyCell{}}
}

// ServerPool returns a pool on the database of another pool, confined as a server's is, whatever its login; closed when the test ends.
func (s *Server) ServerPool(t testing.TB, owner *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	if pool := s.confinedPool(t, owner); pool != nil {
		return pool
	}
	return newPool(t, confinedTo(owner))
}

func confinedTo(owner *pgxpool.Pool) db.PoolConfig {
	return db.PoolConfig{URL: owner.Config().ConnString(), MaxConnections: 10, Role: db.ServerRole, AllowSuperuser: true, Cell: session.AnyCell{}}
}

func newPool(t testing.TB, config db.PoolConfig) *pgxpool.Pool {
	t.Helper()
	pool, err := db.NewPool(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// administer runs a statement on one of few connections that stay: to connect takes as long as to copy half a database.
func (s *Server) administer(ctx context.Context, statement string) error {
	_, err := s.admin.Exec(ctx, statement)
	return err
}

// connect opens the pool of administer.
func (s *Server) connect(ctx context.Context) error {
	config, err := pgxpool.ParseConfig(s.url)
	if err != nil {
		return err
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	s.admin, err = pgxpool.NewWithConfig(ctx, config)
	return err
}

func administer(ctx context.Context, url, statement string) error {
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close(ctx) }() // the statement has been answered
	_, err = connection.Exec(ctx, statement)
	return err
}

func (s *Server) urlOf(database string) string { return urlOf(s.url, database) }

func urlOf(server, database string) string {
	parsed, err := url.Parse(server)
	if err != nil || parsed.Scheme == "" { // key=value form: a later dbname wins
		return server + " dbname=" + database
	}
	parsed.Path = "/" + database
	return parsed.String()
}

func random() string {
	var bytes [6]byte
	_, _ = rand.Read(bytes[:]) // never fails
	return hex.EncodeToString(bytes[:])
}
