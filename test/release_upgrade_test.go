package test

import (
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/sql"
)

// The dump of every release, with rows in every table, is upgraded to this one: no row is lost, the schema is as that of a new
// database once servers of the release are closed out, and every counter and roll-up is what the ledger says.
func TestReleasesUpgrade(t *testing.T) {
	t.Parallel()
	releases := storedReleases(t)
	if len(releases) == 0 {
		t.Skip("there is no release yet")
	}
	for _, r := range releases {
		t.Run(strconv.Itoa(r.number), func(t *testing.T) {
			t.Parallel()
			url, pool := r.restore(t)
			if empty := emptyTables(t, pool); len(empty) > 0 {
				t.Errorf("the dump has no rows of %v", empty)
			}
			before := countRows(t, pool)
			upgrade(t, pool)
			after := countRows(t, pool)
			for table, rows := range before {
				if left, there := after[table]; there && left < rows && !strings.HasPrefix(table, "schema_") {
					t.Errorf("%s has %d rows, and had %d", table, left, rows)
				}
			}
			if err := sql.CloseOut(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
			compareSchemas(t, pool, postgres.New(t))
			verify(t, []string{"DATABASE_URL=" + url})
		})
	}
}

// Statements of servers and workers of the releases that this one supports work as before: every statement has the
// parameters and the result that it had, and what functions answer with has the columns that it had: a call that is under way may have read one
// before the upgrade and the other after it. A function that stays is replaced where it stands, for the same reason. A change needs a new name,
// or, for a function with other arguments, its older form in sql/compatibility.
func TestReleasesGoOn(t *testing.T) {
	t.Parallel()
	releases := storedReleases(t)
	if len(releases) == 0 {
		t.Skip("there is no release yet")
	}
	for _, r := range releases {
		if r.number < sql.ThisRelease().Oldest {
			continue
		}
		_, pool := r.restore(t)
		connection, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(connection.Release)
		before, shapes := describeStatements(t, connection.Conn(), r.statementsByName), describe(t, pool, shapesQuery)
		functions := describe(t, pool, functionsQuery)
		for name, prepared := range before {
			if !strings.HasPrefix(prepared, "parameters") {
				t.Errorf("release %d has no %s: %s", r.number, name, prepared)
			}
		}
		r.migrationsLeaveAlone(t, pool, shapes)
		upgrade(t, pool)
		differ(t, "statement", before, describeStatements(t, connection.Conn(), r.statementsByName))
		same(t, shapes, describe(t, pool, shapesQuery))
		after := describe(t, pool, functionsQuery)
		maps.DeleteFunc(functions, func(function, _ string) bool { return after[function] == "" }) // dropped when no call is left that began before
		same(t, functions, after)
	}
}

// same wants what there was to be as it was.
func same(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name, was := range before {
		if after[name] != was {
			t.Errorf("%s is\n%s\nand was\n%s", name, after[name], was)
		}
	}
}

// migrationsLeaveAlone wants the migrations since the release not to change what functions answer with, not for a moment.
func (r *storedRelease) migrationsLeaveAlone(t *testing.T, pool *pgxpool.Pool, shapes map[string]string) {
	t.Helper()
	var last int
	if err := pool.QueryRow(t.Context(), `select max(version_id) from goose_db_version`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../sql/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	for _, file := range files {
		version, _, _ := strings.Cut(filepath.Base(file), "_")
		if number, err := strconv.Atoi(version); err != nil || number <= last {
			continue
		}
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for shape := range shapes {
			if regexp.MustCompile(`(?i)\balter\s+` + strings.Replace(shape, " ", `\s+`, 1) + `\b`).Match(script) {
				t.Errorf("%s alters the %s: functions that answer with more need another shape", file, shape)
			}
		}
	}
}

// The number of this release is one more than that of the last one as soon as the schema is another.
func TestReleaseNumber(t *testing.T) {
	t.Parallel()
	releases := storedReleases(t)
	if len(releases) == 0 {
		t.Skip("there is no release yet")
	}
	last := releases[len(releases)-1]
	_, pool := last.restore(t)
	status, err := sql.StatusOf(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	same := status.Same && status.Version == status.Latest
	switch number := sql.ThisRelease().Number; {
	case status.Number != last.number:
		t.Errorf("the dump in %s is of release %d", last.folder, status.Number)
	case number != last.number+1 && !(same && number == last.number):
		t.Errorf("the number in sql/schema.go is %d; the schema is another than that of release %d, so it must be %d", number, last.number, last.number+1)
	}
}

// restore returns a new database with the release's dump.
func (r *storedRelease) restore(t *testing.T) (string, *pgxpool.Pool) {
	t.Helper()
	return r.restoreTo(t, postgres.NewEmptyURL(t))
}

// restoreTo restores the release's dump to an empty database.
func (r *storedRelease) restoreTo(t *testing.T, url string) (string, *pgxpool.Pool) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url) // of its own, for a dump changes the session's settings
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(t.Context()) }() // what it did is committed
	if _, err := connection.PgConn().Exec(t.Context(), string(r.read(t, "dump.sql"))).ReadAll(); err != nil {
		t.Fatalf("restore %s: %v", r.folder, err)
	}
	return url, postgres.Pool(t, url)
}

// upgrade upgrades to this release.
func upgrade(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if err := sql.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
}
