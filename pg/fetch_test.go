package pg

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// repository is a Maven repository whose every archive is testdata/postgres.txz: shell scripts bin/postgres, which
// says "17.5", bin/initdb and bin/pg_ctl, which fail. It counts the downloads.
func repository(t *testing.T, checksum func([]byte) string) (address string, downloads *atomic.Int32) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "postgres.txz"))
	must(t, err)
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	entry, err := writer.Create("postgres-any.txz")
	must(t, err)
	_, err = entry.Write(content)
	must(t, err)
	must(t, writer.Close())
	downloads = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		answer := archive.Bytes()
		if strings.HasSuffix(request.URL.Path, ".sha256") {
			answer = []byte(checksum(answer))
		} else {
			downloads.Add(1)
		}
		if _, err := response.Write(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, downloads
}

func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func fetcherInto(cache, repository string) fetcher {
	return fetcher{cache: func() (string, error) { return cache, nil }, repository: repository, freePort: freePort}
}

// PostgreSQL is downloaded once and then taken from the cache, which holds nothing but the result.
func TestFetchDownloadsOnce(t *testing.T) {
	t.Parallel()
	address, downloads := repository(t, checksum)
	cache := filepath.Join(publicFolder(t), "cache")
	for range 2 {
		found, err := fetcherInto(cache, address).fetch(t.Context(), 0, slog.New(slog.DiscardHandler))
		must(t, err)
		if found.version != "17.5" || found.major != 17 {
			t.Errorf("fetched %+v", found)
		}
	}
	if downloads.Load() != 1 {
		t.Errorf("%d downloads", downloads.Load())
	}
	entries, err := os.ReadDir(cache)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("the cache holds %v", entries)
	}
}

// A download that was tampered with or cut short is not used, and the next start tries again.
func TestFetchRefusesWrongChecksum(t *testing.T) {
	t.Parallel()
	address, _ := repository(t, func([]byte) string { return checksum(nil) })
	cache := filepath.Join(publicFolder(t), "cache")
	_, err := fetcherInto(cache, address).fetch(t.Context(), 0, slog.New(slog.DiscardHandler))
	wantError(t, err, "download PostgreSQL 17", "checksums do not match")

	address, _ = repository(t, checksum)
	_, err = fetcherInto(cache, address).fetch(t.Context(), 0, slog.New(slog.DiscardHandler))
	must(t, err)
}

// Without the network the error says so; a version that nobody offers is not tried; a cancellation does not wait.
func TestFetchFails(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	fetcher := fetcherInto(filepath.Join(publicFolder(t), "cache"), server.URL)
	_, err := fetcher.fetch(t.Context(), 15, slog.New(slog.DiscardHandler))
	wantError(t, err, "download PostgreSQL 15", "unable to connect to "+server.URL)
	_, err = fetcher.fetch(t.Context(), 99, slog.New(slog.DiscardHandler))
	wantError(t, err, "PostgreSQL 99 is not offered")

	asked, answer := make(chan struct{}), make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		response.WriteHeader(http.StatusNotFound)
	}))
	defer silent.Close()
	defer close(answer)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err = fetcherInto(filepath.Join(publicFolder(t), "cache"), silent.URL).fetch(ctx, 0, slog.New(slog.DiscardHandler))
	wantError(t, err, context.Canceled.Error())
}
