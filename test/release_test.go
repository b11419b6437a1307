package test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// releasesFolder has a folder for each release, named by its number: commit, the one that it was made of; dump.sql, a database
// with rows in every table; statements.json, every statement of its servers and workers by name. `make release` adds one.
const releasesFolder = "../sql/testdata/releases"

// storedRelease is one of them.
type storedRelease struct {
	number           int
	folder, commit   string
	statementsByName map[string]string
}

// storedReleases returns them in order.
func storedReleases(t *testing.T) []storedRelease {
	t.Helper()
	entries, err := os.ReadDir(releasesFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var all []storedRelease
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		r := storedRelease{folder: filepath.Join(releasesFolder, entry.Name())}
		if r.number, err = strconv.Atoi(entry.Name()); err != nil {
			t.Fatalf("%s is not named by the number of a release", r.folder)
		}
		r.commit = strings.TrimSpace(string(r.read(t, "commit")))
		if err := json.Unmarshal(r.read(t, "statements.json"), &r.statementsByName); err != nil {
			t.Fatal(r.folder, err)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b storedRelease) int { return a.number - b.number })
	return all
}

func (r *storedRelease) read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(r.folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
