package test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bursar/db/dbtest/usercache"
	"bursar/sql"
)

// keptReleases is how many releases' programs are kept. Each has some 40 MB.
const keptReleases = 2

// Servers of the last release, started before the upgrade, and those of this one, started after it, answer every request of gateways
// and portals on this release's schema, and are ready all the time; workers of the last release start on it. Where this release closes the last one's servers out, they say
// so instead.
//
// The last release is built from the commit that its folder names, or that BURSAR_TEST_UPGRADE_FROM does. Without git's history,
// in a shallow clone or an unpacked archive, nothing is tested.
func TestServersOfTheLastReleaseGoOn(t *testing.T) {
	t.Parallel()
	awayFromMidnight(t)
	previous := buildLastRelease(t)
	url := postgres.NewEmptyURL(t)
	environment := []string{"DATABASE_URL=" + url}
	if code, printed := start(t, previous, environment, "migrate", "up").finish(); code != 0 {
		t.Fatalf("migrate up of the last release exits with %d:\n%s", code, printed)
	}
	f := newFleetOf(t, previous, url, 2)
	n := newTenant(f, "rolling")
	n.widen()
	release := sql.ThisRelease()
	if closes := release.Oldest == release.Number && os.Getenv("BURSAR_TEST_UPGRADE_FROM") == ""; closes && !isLast(t, release.Number) {
		upgrade(t, postgres.Pool(t, url))
		f.await(0, http.StatusServiceUnavailable)
		return
	}

	load := loadFor(n, "old")
	load.await()
	if code, printed := run(t, environment, "migrate", "up").finish(); code != 0 {
		t.Fatalf("migrate up exits with %d:\n%s", code, printed)
	}
	load.await()
	pool := postgres.Pool(t, url)
	work(t, previous, url, pool)

	newcomers := *n
	newcomers.fleet = newFleet(t, url, 2)
	more := loadFor(&newcomers, "new")
	more.await()
	load.await()
	load.finish()
	for _, server := range f.servers {
		server.terminate()
		if code, printed := server.finish(); code != 0 {
			t.Errorf("a server of the last release exits with %d:\n%s", code, printed)
		}
	}
	more.await()
	more.finish()
	newcomers.audit(pool)
	verify(t, environment)
}

// isLast tells whether a number is that of the last release: the schema is as released.
func isLast(t *testing.T, number int) bool {
	t.Helper()
	releases := storedReleases(t)
	return len(releases) > 0 && releases[len(releases)-1].number == number
}

// buildLastRelease returns the program of the last release. It is kept in the user's cache, by its commit, for it takes a while.
func buildLastRelease(t *testing.T) string {
	t.Helper()
	commit := commitOfLastRelease(t)
	program := filepath.Join(t.TempDir(), "bursar")
	build := func(to string) error {
		source := t.TempDir()
		unpack(t, []byte(output(t, "git", "-C", "..", "archive", "--format=tar", commit)), source)
		build := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", to, "./cmd/bursar")
		build.Dir = source
		if printed, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", commit, err, printed)
		}
		return nil
	}
	releases, err := usercache.Open("releases", keptReleases)
	if err == nil {
		err = releases.With(commit, func(folder string) error {
			return errors.Join(os.Mkdir(folder, 0o700), build(filepath.Join(folder, "bursar")))
		}, func(folder string) error {
			content, err := os.ReadFile(filepath.Join(folder, "bursar"))
			return errors.Join(err, os.WriteFile(program, content, 0o700)) //nolint:gosec // a program
		})
	} else {
		err = build(program)
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// commitOfLastRelease returns a commit that git has. A full clone without the commit of the last release is an error: history was
// rewritten, and the release has to be made again.
func commitOfLastRelease(t *testing.T) string {
	t.Helper()
	reference := os.Getenv("BURSAR_TEST_UPGRADE_FROM")
	if reference == "" {
		releases := storedReleases(t)
		if len(releases) == 0 {
			t.Skip("there is no release yet")
		}
		reference = releases[len(releases)-1].commit
	}
	git := func(arguments ...string) (string, error) {
		printed, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", ".."}, arguments...)...).Output()
		return strings.TrimSpace(string(printed)), err
	}
	within, err := git("rev-parse", "--show-prefix")
	if err != nil || within != "" {
		t.Skipf("the last release, %s, cannot be built: this is no clone with git's history (%v)", reference, err)
	}
	shallow, err := git("rev-parse", "--is-shallow-repository")
	if err != nil {
		t.Fatal(err)
	}
	commit, err := git("rev-parse", "--verify", "--quiet", reference+"^{commit}")
	switch {
	case err == nil:
		return commit
	case shallow == "true":
		t.Skipf("the last release, %s, cannot be built: this clone is shallow", reference)
	default:
		t.Fatalf("%s, the commit of the last release, is not in the history: make release again, of one that is", reference)
	}
	return ""
}

// unpack writes the files of an archive into a folder.
func unpack(t *testing.T, archive []byte, folder string) {
	t.Helper()
	for reader := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		path := filepath.Join(folder, filepath.FromSlash(header.Name)) //nolint:gosec // our own repository
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // for the build alone
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil { //nolint:gosec // for the build alone
			t.Fatal(err)
		}
	}
}
