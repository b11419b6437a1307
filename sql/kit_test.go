package sql_test

import (
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/sql"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// filesOf returns a copy of a release's files, to change.
func filesOf(t *testing.T, release sql.Release) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(release.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(release.Files, path)
		files[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// next returns the release after another one, which supports its servers, with other files.
func next(t *testing.T, release sql.Release, change map[string]string) sql.Release {
	t.Helper()
	files := filesOf(t, release)
	for path, content := range change {
		if content == "" {
			delete(files, path)
			continue
		}
		files[path] = &fstest.MapFile{Data: []byte(content)}
	}
	release.Files, release.Oldest, release.Number = files, release.Number, release.Number+1
	return release
}

// edited returns a file of a release with a text replaced, which it must have.
func edited(t *testing.T, release sql.Release, path, text, by string) string {
	t.Helper()
	content, err := fs.ReadFile(release.Files, path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), text) {
		t.Fatalf("%s has no %q", path, text)
	}
	return strings.Replace(string(content), text, by, 1)
}

// up upgrades to a release.
func up(t *testing.T, pool *pgxpool.Pool, release sql.Release) {
	t.Helper()
	if err := release.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	status, err := release.StatusOf(t.Context(), pool)
	if err != nil || !status.Current() {
		t.Fatalf("after the upgrade: %+v, %v", status, err)
	}
}

// problem returns what keeps a release's servers from working on a database; "" if nothing does.
func problem(t *testing.T, pool *pgxpool.Pool, release sql.Release) string {
	t.Helper()
	status, err := release.StatusOf(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if problem := status.Problem(); problem != nil {
		return problem.Error()
	}
	return ""
}

// rows returns the rows of a query of one column.
func rows(t *testing.T, pool *pgxpool.Pool, query string, arguments ...any) []string {
	t.Helper()
	found, err := pool.Query(t.Context(), query, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// execute runs statements.
func execute(t *testing.T, pool *pgxpool.Pool, statements string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statements); err != nil {
		t.Fatal(statements, err)
	}
}

// versions returns the version of every row that describes the schema, by what it describes.
func versions(t *testing.T, pool *pgxpool.Pool) map[string]string {
	t.Helper()
	found, err := pool.Query(t.Context(), `
		select 'function ' || oid::regprocedure, xmin::text from pg_proc where pronamespace = 'public'::regnamespace
		union all
		select 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass, t.xmin::text from pg_trigger t where not t.tgisinternal
		union all
		select 'policy ' || p.polname || ' on ' || p.polrelid::regclass, p.xmin::text from pg_policy p
		union all
		select 'relation ' || c.relname, c.xmin::text from pg_class c where c.relnamespace = 'public'::regnamespace
		union all
		select 'column ' || c.relname || '.' || a.attname, a.xmin::text
		from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and a.attnum > 0
		union all
		select 'record of ' || identity, xmin::text from schema_objects
		union all
		select 'release', xmin::text from schema_release`)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	var what, version string
	if _, err := pgx.ForEachRow(found, []any{&what, &version}, func() error {
		all[what] = version
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// changes returns what is there in one of the versions and not, or otherwise, in the other.
func changes(before, after map[string]string) map[string]bool {
	changed := map[string]bool{}
	for what := range maps.Keys(before) {
		if before[what] != after[what] {
			changed[what] = true
		}
	}
	for what := range maps.Keys(after) {
		if before[what] != after[what] {
			changed[what] = true
		}
	}
	return changed
}

// record is a log handler that keeps messages, with the attributes of the first of each, and tells of it.
type record struct {
	slog.Handler
	mutex    sync.Mutex
	messages map[string]*message
}

type message struct {
	logged     chan struct{} // closed with the first
	once       sync.Once
	attributes map[string]string
}

func newRecord() *record {
	return &record{Handler: slog.DiscardHandler, messages: map[string]*message{}}
}

func (r *record) Enabled(context.Context, slog.Level) bool { return true }

func (r *record) Handle(_ context.Context, entry slog.Record) error {
	m := r.message(entry.Message)
	m.once.Do(func() {
		entry.Attrs(func(a slog.Attr) bool {
			m.attributes[a.Key] = a.Value.String()
			return true
		})
		close(m.logged)
	})
	return nil
}

func (r *record) message(text string) *message {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.messages[text] == nil {
		r.messages[text] = &message{logged: make(chan struct{}), attributes: map[string]string{}}
	}
	return r.messages[text]
}

// of returns a channel that is closed when a message has been logged.
func (r *record) of(text string) chan struct{} { return r.message(text).logged }

// attributes returns those of the first message with a text, which has been logged.
func (r *record) attributes(text string) map[string]string {
	<-r.of(text)
	return r.message(text).attributes
}
