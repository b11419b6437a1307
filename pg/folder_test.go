package pg

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A folder with somebody's files is refused and not touched.
func TestForeignFolderIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"thesis.txt": "thesis.txt",
		"PG_VERSION": "made by someone else",
	} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, name), []byte("15\n"), 0o600))
		_, err := Start(t.Context(), Config{DataDir: dir})
		wantError(t, err, dir, text)
		entries, err := os.ReadDir(dir)
		must(t, err)
		if len(entries) != 1 || entries[0].Name() != name {
			t.Errorf("the folder was changed: %v", entries)
		}
	}
}

// Files that tools put into any folder are no reason to refuse it.
func TestFolderWithToolFilesIsTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("*\n"), 0o600))
	startServer(t, Config{DataDir: dir})
}

// A cluster that lost its version is refused, not replaced: the rest of it may be somebody's data.
func TestBrokenClusterIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, startServer(t, Config{DataDir: dir}).Stop())
	version := filepath.Join(dir, "cluster", "PG_VERSION")
	content, err := os.ReadFile(version)
	must(t, err)
	must(t, os.Remove(version))
	_, err = Start(t.Context(), Config{DataDir: dir})
	wantError(t, err, "no PG_VERSION")

	must(t, os.WriteFile(version, content, 0o644))
	startServer(t, Config{DataDir: dir})
}

// A cluster of another major version is refused with both versions and the ways out, and left as it is.
func TestOtherMajorIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startServer(t, Config{DataDir: dir})
	must(t, server.Stop())
	version := filepath.Join(dir, "cluster", "PG_VERSION")
	must(t, os.WriteFile(version, []byte("99\n"), 0o644))
	_, err := Start(t.Context(), Config{DataDir: dir})
	wantError(t, err, "99", server.Version(), "pg_upgrade", "dump", "BURSAR_POSTGRES_BIN")

	must(t, os.WriteFile(version, []byte(strconv.Itoa(server.Major())), 0o644))
	startServer(t, Config{DataDir: dir})
}

// A log does not grow without end: a long one is set aside at the next start, once.
func TestLongLogIsSetAside(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgresql.log")
	must(t, os.WriteFile(path, []byte("short\n"), 0o600))
	log, err := openLog(path)
	must(t, err)
	if log.offset != 6 {
		t.Errorf("a log of 6 bytes continues at %d", log.offset)
	}
	must(t, log.file.Truncate(logLimit+1))
	must(t, log.file.Close())
	log, err = openLog(path)
	must(t, err)
	must(t, log.file.Close())
	if log.offset != 0 {
		t.Errorf("the new log begins at %d", log.offset)
	}
	if _, err := os.Stat(path + ".1"); err != nil {
		t.Error(err)
	}
}
