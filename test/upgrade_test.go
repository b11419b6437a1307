package test

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/sql"
)

// Servers answer every request of gateways and portals, and are ready all the time, and workers go on, while the schema is upgraded
// to one that supports them and differs in everything that may differ: all functions have other texts, those that only functions call
// have other names, two of enforcement have other arguments, a trigger has another condition, and tables have new columns.
func TestServersGoOnThroughAnUpgrade(t *testing.T) {
	t.Parallel()
	awayFromMidnight(t)
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 2), postgres.Pool(t, url)
	n := newTenant(f, "upgrade")
	n.widen()
	release := nextRelease(t, pool)
	load := loadFor(n, "load")
	load.await()
	if err := release.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	load.await()
	work(t, binary, url, pool)
	load.finish()
	if status, err := release.StatusOf(t.Context(), pool); err != nil || !status.Current() {
		t.Errorf("%+v, %v", status, err)
	}
	n.audit(pool)
	verify(t, []string{"DATABASE_URL=" + url})
}

// nextRelease returns a release after this one that supports its servers.
func nextRelease(t *testing.T, pool *pgxpool.Pool) sql.Release {
	t.Helper()
	release := sql.ThisRelease()
	files := releaseFiles(t, release)
	renamed := renameInner(t, files)
	for file, content := range files {
		if strings.HasPrefix(file, "functions/") {
			content.Data = []byte(strings.ReplaceAll(string(content.Data), "as $$", "as $$ -- of the next release"))
		}
	}
	for _, name := range []string{"reserve_usage", "record_usage"} {
		keep(t, files, pool, release.Number, name)
	}
	change(t, files, "functions/control/keep_an_owner.sql", "when (old.role = 'OWNER')", "when (old.role = 'OWNER' and old.role is not null)")
	files["migrations/9000_next_release.sql"] = &fstest.MapFile{Data: []byte(`-- +goose Up
alter table usage_events add column of_next_release text;
alter table reservations add column of_next_release text;
alter table limits add column of_next_release text;
alter table api_keys add column of_next_release text;
`)}
	t.Logf("%d functions are renamed", renamed)
	release.Files, release.Oldest, release.Number = files, release.Number, release.Number+1
	return release
}

// releaseFiles returns a copy of a release's files, to change.
func releaseFiles(t *testing.T, release sql.Release) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(release.Files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(release.Files, file)
		files[file] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// renameInner renames the functions that neither Go nor a migration nor this test names, and returns how many they are.
func renameInner(t *testing.T, files fstest.MapFS) int {
	t.Helper()
	named := "external_id "
	queries, err := filepath.Glob("../sql/queries/*.sql")
	if err != nil || len(queries) == 0 {
		t.Fatalf("%d files of queries, %v", len(queries), err)
	}
	for _, file := range queries {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		named += string(content)
	}
	for file, content := range files {
		if strings.HasPrefix(file, "migrations/") {
			named += string(content.Data)
		}
	}
	var names []string
	for file, content := range files {
		name := strings.TrimSuffix(path.Base(file), ".sql")
		if strings.HasPrefix(file, "functions/") && !strings.Contains(named, name) && !strings.Contains(string(content.Data), "returns trigger") {
			names = append(names, name)
		}
	}
	if len(names) < 10 {
		t.Fatalf("only %v are called by functions alone", names)
	}
	words := regexp.MustCompile(`\b(` + strings.Join(names, "|") + `)\b`)
	for file, content := range files {
		if !strings.HasPrefix(file, "migrations/") {
			content.Data = words.ReplaceAll(content.Data, []byte("${1}_of_next_release"))
		}
	}
	return len(names)
}

// keep gives a function another argument, and keeps its old form in compatibility.
func keep(t *testing.T, files fstest.MapFS, pool *pgxpool.Pool, number int, name string) {
	t.Helper()
	var arguments, result string
	var count int
	if err := pool.QueryRow(t.Context(), `select pg_get_function_arguments(oid), pg_get_function_result(oid), pronargs from pg_proc where proname = $1
		order by pronargs desc limit 1`, // one with fewer is kept for the release before
		name).Scan(&arguments, &result, &count); err != nil {
		t.Fatal(err)
	}
	call := "''"
	for i := range count {
		call += fmt.Sprintf(", $%d", i+1)
	}
	files[fmt.Sprintf("compatibility/%d/%s.sql", number, name)] = &fstest.MapFile{Data: []byte(fmt.Sprintf(
		"create or replace function %s(%s) returns %s language sql volatile as $$ select * from %s(%s) $$;", name, arguments, result, name, call))}
	for file := range files {
		if path.Base(file) == name+".sql" && strings.HasPrefix(file, "functions/") {
			change(t, files, file, "function "+name+"(", "function "+name+"(p_of_next_release text, ")
		}
	}
}

// change replaces a text, which the file must have.
func change(t *testing.T, files fstest.MapFS, file, text, by string) {
	t.Helper()
	before := string(files[file].Data)
	if !strings.Contains(before, text) {
		t.Fatalf("%s has no %q", file, text)
	}
	files[file] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(before, text, by))}
}
