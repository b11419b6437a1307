package test

import (
	"io/fs"
	"log/slog"
	"strconv"
	"testing"
	"testing/fstest"

	"bursar/sql"
)

// Between the migrations of an upgrade and its functions, when an upgrade stops half way as well, workers of the release before go on
// rolling up.
func TestRollUpsGoOnDuringAnUpgrade(t *testing.T) {
	t.Parallel()
	for _, r := range storedReleases(t) {
		if r.number < sql.ThisRelease().Oldest {
			continue
		}
		t.Run(strconv.Itoa(r.number), func(t *testing.T) {
			t.Parallel()
			_, pool := r.restore(t)
			stopping := sql.ThisRelease()
			stopping.Files = with(t, stopping.Files, "access/policies.sql", "select this fails")
			if err := stopping.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); err == nil {
				t.Fatal("the upgrade did not stop")
			}
			// twice: the second time each row is there already
			if _, err := pool.Exec(t.Context(), `delete from usage_hours; delete from usage_days; delete from usage_workspace_hours; delete from usage_workspace_days`); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := pool.Exec(t.Context(), `select add_usage(o.id, 0, 9223372036854775807, '-infinity') from organizations o`); err != nil {
					t.Fatal(err)
				}
			}
			for _, table := range []string{"usage_hours", "usage_days", "usage_workspace_hours", "usage_workspace_days"} {
				var rows, rolledUp, ledger int64
				err := pool.QueryRow(t.Context(), `select count(*), coalesce(sum(u.requests), 0)::bigint, (select sum(requests)::bigint from usage_events) from `+table+` u`).
					Scan(&rows, &rolledUp, &ledger)
				if err != nil || rows == 0 || ledger == 0 || rolledUp != 2*ledger {
					t.Errorf("%s has %d rows of %d requests, the ledger has %d, %v", table, rows, rolledUp, ledger, err)
				}
			}
		})
	}
}

// with returns files with another content of one of them.
func with(t *testing.T, files fs.FS, name, content string) fs.FS {
	t.Helper()
	changed := fstest.MapFS{}
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, path)
		changed[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	changed[name] = &fstest.MapFile{Data: []byte(content)}
	return changed
}
