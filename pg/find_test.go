package pg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// fakePostgres makes a folder with programs that say a version.
func fakePostgres(t *testing.T, dir, version string) {
	t.Helper()
	writeProgram(t, filepath.Join(dir, "postgres"), fmt.Sprintf("echo '%s'", version))
	writeProgram(t, filepath.Join(dir, "initdb"), "exit 1")
}

func noFetch(context.Context, int, *slog.Logger) (installation, error) {
	return installation{}, errors.New("no network")
}

// machine is a search of a made-up machine with these major versions in the usual place.
func machine(t *testing.T, majors ...int) (search, string) {
	t.Helper()
	root := publicFolder(t)
	for _, major := range majors {
		fakePostgres(t, filepath.Join(root, "lib", fmt.Sprint(major), "bin"), fmt.Sprintf("postgres (PostgreSQL) %d.3 (Distribution)", major))
	}
	return search{patterns: []string{filepath.Join(root, "lib", "*", "bin")}, fetch: noFetch}, root
}

// The newest of the usual folders is taken, by number and not by letter; PATH goes first, and the caller's folder
// before all.
func TestOrderOfTheSearch(t *testing.T) {
	t.Parallel()
	search, root := machine(t, 9, 15, 100, 16)
	want := func(binDir, version string) {
		t.Helper()
		found, err := search.find(t.Context(), binDir, 0, slog.New(slog.DiscardHandler))
		must(t, err)
		if found.version != version {
			t.Errorf("found %s in %s, want %s", found.version, found.dir, version)
		}
	}
	want("", "100.3")

	linked, real := filepath.Join(root, "path"), filepath.Join(root, "real")
	fakePostgres(t, real, "postgres (PostgreSQL) 17beta2")
	must(t, os.Mkdir(linked, 0o755))
	must(t, os.Symlink(filepath.Join(real, "postgres"), filepath.Join(linked, "postgres"))) // without its initdb
	search.path = []string{"", "relative", filepath.Join(root, "missing"), linked}
	want("", "17beta2")

	want(filepath.Join(root, "lib", "15", "bin"), "15.3")
}

// A cluster is opened by its own major version if the machine has that, whichever comes first in the search.
func TestClusterFindsItsMajor(t *testing.T) {
	t.Parallel()
	search, root := machine(t, 15, 16, 17)
	search.path = []string{filepath.Join(root, "lib", "17", "bin")}
	found, err := search.find(t.Context(), "", 15, slog.New(slog.DiscardHandler))
	must(t, err)
	if found.major != 15 {
		t.Errorf("found %s", found.version)
	}
	_, err = search.find(t.Context(), "", 18, slog.New(slog.DiscardHandler))
	wantError(t, err, "PostgreSQL 18", "17.3", "pg_upgrade", "BURSAR_POSTGRES_BIN")

	named := filepath.Join(root, "lib", "16", "bin")
	_, err = search.find(t.Context(), named, 15, slog.New(slog.DiscardHandler))
	wantError(t, err, "PostgreSQL 15", "16.3", "set BURSAR_POSTGRES_BIN to "+filepath.Join(root, "lib", "15", "bin"))
}

// Versions that are too old are passed over, or refused where the caller insists; the error says what was looked at,
// why it would not do, and what to do.
func TestNothingSuitable(t *testing.T) {
	t.Parallel()
	search, root := machine(t, 13)
	old := filepath.Join(root, "lib", "13", "bin")
	incomplete := filepath.Join(root, "incomplete")
	writeProgram(t, filepath.Join(incomplete, "postgres"), "exit 0")
	search.path = []string{incomplete}
	_, err := search.find(t.Context(), "", 0, slog.New(slog.DiscardHandler))
	wantError(t, err, "passed over "+old+": version 13.3 is older than 15", "passed over "+incomplete+": no initdb there",
		"no network", search.patterns[0], "install PostgreSQL", "BURSAR_POSTGRES_BIN")

	_, err = search.find(t.Context(), old, 0, slog.New(slog.DiscardHandler))
	wantError(t, err, old, "13.3", "15 or newer")
	_, err = search.find(t.Context(), incomplete, 0, slog.New(slog.DiscardHandler))
	wantError(t, err, incomplete, "no initdb there")
}

// Only a machine without any PostgreSQL makes the search download one, of the cluster's major version.
func TestDownloadIsTheLastResort(t *testing.T) {
	t.Parallel()
	search, _ := machine(t)
	search.fetch = func(_ context.Context, major int, _ *slog.Logger) (installation, error) {
		return installation{version: "fetched", major: major}, nil
	}
	found, err := search.find(t.Context(), "", 16, slog.New(slog.DiscardHandler))
	must(t, err)
	if found.version != "fetched" || found.major != 16 {
		t.Errorf("found %+v", found)
	}
}

// The number in a folder's name is read from where the pattern has its asterisk.
func TestPathMajor(t *testing.T) {
	t.Parallel()
	for match, want := range map[string]int{"/v2/postgresql@9.6/bin": 9, "/v2/postgresql@17/bin": 17, "/v2/postgresql@latest/bin": -1} {
		if got := pathMajor("/v2/postgresql@*/bin", match); got != want {
			t.Errorf("%s is of version %d, want %d", match, got, want)
		}
	}
}
