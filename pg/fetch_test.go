package pg

import (
	"archive/tar"
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// fetched fetches into a cache of the test's own and returns the folders in the cache afterwards.
func fetched(t *testing.T, f func(cache string) fetcher) (installation, []string, error) {
	t.Helper()
	cache := filepath.Join(publicFolder(t), "cache")
	found, err := f(cache).fetch(t.Context(), 0, slog.New(slog.DiscardHandler))
	entries, readErr := os.ReadDir(cache)
	must(t, readErr)
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return found, names, err
}

// PostgreSQL is downloaded once and then taken from the cache, which holds nothing but the result. Every account can read and
// run it, whatever the modes in the archive are.
func TestFetchDownloadsOnce(t *testing.T) {
	t.Parallel()
	archive := postgresArchive(t)
	repository := newRepository(t, archive, checksum(archive))
	cache := filepath.Join(publicFolder(t), "cache")
	for range 2 {
		found, err := repository.fetcher(cache).fetch(t.Context(), 0, slog.New(slog.DiscardHandler))
		must(t, err)
		if found.version != "17.5" || found.major != 17 {
			t.Errorf("fetched %+v", found)
		}
	}
	if n := repository.downloads.Load(); n != 1 {
		t.Errorf("%d downloads", n)
	}
	entries, err := os.ReadDir(cache)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("the cache holds %v", entries)
	}
	for name, want := range map[string]os.FileMode{
		"": 0o755, "bin": 0o755, "bin/postgres": 0o755, "share": 0o755, "lib/libpq.so": 0o644, // the file that the link leads to
	} {
		info, err := os.Stat(filepath.Join(cache, entries[0].Name(), name))
		must(t, err)
		if info.Mode().Perm() != want {
			t.Errorf("%q has mode %o, want %o", name, info.Mode().Perm(), want)
		}
	}
}

// Guarantee: a download that is not the pinned one, byte by byte, is not unpacked, whatever the repository says of it: the error names both
// hashes and what to do. One that does not run here is not used. Neither leaves anything behind, and the next start tries again.
func TestFetchRefusesADamagedArchive(t *testing.T) {
	t.Parallel()
	good := postgresArchive(t)
	program, outside := script("bin/postgres", "exit 1"), script("../outside", "exit 1")
	absolute, device := outside, entry{tar.Header{Typeflag: tar.TypeChar, Name: "bin/null"}, ""}
	absolute.header.Name = "/outside"
	link := entry{tar.Header{Typeflag: tar.TypeSymlink, Name: "bin", Linkname: "/tmp"}, ""}
	for name, damaged := range map[string]struct {
		archive []byte
		pinned  string // empty: the archive's own
		says    string
	}{
		"another's hash":      {good, checksum(nil), "want " + checksum(nil)},
		"a byte more":         {append(slices.Clone(good), 0), checksum(good), "nothing of it was unpacked. Try again"},
		"a byte changed":      {append(slices.Clone(good[:len(good)-1]), good[len(good)-1]^1), checksum(good), "its SHA-256 is "},
		"nothing":             {nil, checksum(good), "its SHA-256 is " + checksum(nil)},
		"no archive":          {[]byte("<html>"), "", "open the archive"},
		"no PostgreSQL in it": {jar(t, "readme.txt", nil), "", "nothing in it ends in .txz"},
		"not compressed":      {jar(t, "postgres.txz", []byte("text")), "", "unpack postgres.txz"},
		"cut short":           {jar(t, "postgres.txz", txz(t, program)[:80]), "", "unpack postgres.txz"},
		"no initdb":           {jar(t, "postgres.txz", txz(t, program)), "", "does not run on this machine: no initdb"},
		"a way out":           {jar(t, "postgres.txz", txz(t, outside)), "", "leads out of the archive"},
		"a way to the root":   {jar(t, "postgres.txz", txz(t, absolute)), "", "leads out of the archive"},
		"a link to outside":   {jar(t, "postgres.txz", txz(t, link, program)), "", "bin/postgres"},
		"a device":            {jar(t, "postgres.txz", txz(t, device)), "", "is not expected"},
	} {
		if damaged.pinned == "" {
			damaged.pinned = checksum(damaged.archive)
		}
		_, left, err := fetched(t, newRepository(t, damaged.archive, damaged.pinned).fetcher)
		if err == nil || !strings.Contains(err.Error(), "download PostgreSQL 17") || !strings.Contains(err.Error(), damaged.says) {
			t.Errorf("%s: %v, want %q", name, err, damaged.says)
		}
		if len(left) > 0 {
			t.Errorf("%s: the cache holds %v", name, left)
		}
	}
}

// Without the network the error says so; what nobody offers is not tried.
func TestFetchFails(t *testing.T) {
	t.Parallel()
	cache := filepath.Join(publicFolder(t), "cache")
	offline := newRepository(t, nil, "").fetcher(cache)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	offline.repository = closed.URL
	_, err := offline.fetch(t.Context(), 15, slog.New(slog.DiscardHandler))
	wantError(t, err, "download PostgreSQL 15", closed.URL, "connection refused")

	empty := newRepository(t, nil, "").fetcher(cache)
	empty.platform = func() (string, error) { return "linux-sparc", nil }
	_, err = empty.fetch(t.Context(), 18, slog.New(slog.DiscardHandler))
	wantError(t, err, "download PostgreSQL 18", "embedded-postgres-binaries-linux-sparc", "404")

	_, err = empty.fetch(t.Context(), 99, slog.New(slog.DiscardHandler))
	wantError(t, err, "PostgreSQL 99 is not offered")
	_, err = platformName("plan9", "amd64")
	wantError(t, err, "plan9 on amd64")
}

// Guarantee: each version that is offered for download has a hash of its own for each platform that it is offered for, and nothing else has.
func TestEveryDownloadIsPinned(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	number := 0
	for _, major := range []int{0, 15, 16, 17, 18} {
		version, err := fetchable(major)
		must(t, err)
		for _, machine := range [][2]string{{"linux", "amd64"}, {"linux", "arm64"}, {"alpine", "amd64"}, {"darwin", "amd64"}, {"darwin", "arm64"}} {
			platform, err := platformName(machine[0], machine[1])
			must(t, err)
			sum, err := pinned(version, platform)
			must(t, err)
			what := version + " for " + platform
			if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(sum) || seen[sum] != "" && seen[sum] != what {
				t.Errorf("%s has the hash %q, and so has %s", what, sum, seen[sum])
			}
			seen[sum] = what
			number++
		}
	}
	if number != 25 || len(seen) != 20 {
		t.Errorf("%d downloads, %d hashes", number, len(seen))
	}
	_, err := pinned("17.11.0", "linux-sparc")
	wantError(t, err, "17.11.0 is not offered for download for linux-sparc")
	_, err = pinned("17.10.0", "linux-amd64")
	wantError(t, err, "17.10.0")
}

// A download that is canceled ends at once, one that sends nothing any more ends as well, and both leave nothing behind.
func TestFetchDoesNotHang(t *testing.T) {
	t.Parallel()
	for name, sends := range map[string]string{"before the answer": "", "in the middle": "begin"} {
		asked, answer := make(chan struct{}), make(chan struct{})
		silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			if sends != "" {
				_, _ = w.Write([]byte(sends))
				_ = http.NewResponseController(w).Flush()
			}
			select {
			case asked <- struct{}{}:
			case <-answer:
			}
			select {
			case <-request.Context().Done():
			case <-answer:
			}
		}))
		repository := &repository{url: silent.URL}
		cache := filepath.Join(publicFolder(t), "cache")
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-asked
			cancel()
		}()
		_, err := repository.fetcher(cache).fetch(ctx, 0, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
			t.Errorf("canceled %s: %v", name, err)
		}

		stalling := repository.fetcher(cache)
		stalling.stall = 50 * time.Millisecond
		_, err = stalling.fetch(t.Context(), 0, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "sent nothing for 50ms") {
			t.Errorf("stalled %s: %v", name, err)
		}
		left, err := os.ReadDir(cache)
		if err != nil || len(left) > 0 {
			t.Errorf("%s: the cache holds %v, %v", name, left, err)
		}
		close(answer)
		silent.Close()
	}
}

// Whoever waits is told what is downloaded from where, and how far it is.
func TestFetchTellsItsProgress(t *testing.T) {
	t.Parallel()
	archive := postgresArchive(t)
	repository := newRepository(t, archive, checksum(archive))
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	_, err := repository.fetcher(filepath.Join(publicFolder(t), "cache")).fetch(t.Context(), 0, logger)
	must(t, err)
	for _, want := range []string{"downloading PostgreSQL", "version=17.11.0", "from=" + repository.url, "unpacking PostgreSQL"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in %s", want, &log)
		}
	}

	log.Reset()
	began := time.Now()
	p := &progress{logger: logger, size: 3_000_000, reported: began}
	for _, at := range []time.Duration{0, reportPause, reportPause} {
		p.reported = p.reported.Add(-at)
		_, err := p.Write(make([]byte, 1_000_000))
		must(t, err)
	}
	lines := slices.Collect(strings.Lines(log.String()))
	if len(lines) != 2 || !strings.Contains(lines[0], `received="2.0 MB" of="3.0 MB"`) || !strings.Contains(lines[1], `received="3.0 MB"`) {
		t.Errorf("a line a second: %q", lines)
	}
}
