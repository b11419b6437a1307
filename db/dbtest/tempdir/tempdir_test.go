package tempdir

import (
	"os"
	"path/filepath"
	"testing"
)

// Whoever set TMPDIR has decided, whatever that folder is; else temporary files are in memory or where they were.
func TestInMemory(t *testing.T) { //nolint:paralleltest // sets a variable of the process
	chosen := t.TempDir()
	t.Setenv(variable, chosen)
	if got := InMemory(); got != isMemory(chosen) || os.TempDir() != chosen {
		t.Errorf("with a folder chosen: %v, in %s", got, os.TempDir())
	}
	t.Setenv(variable, "")
	before := os.TempDir()
	got := InMemory()
	if want := map[bool]string{true: folder, false: before}[got]; os.TempDir() != want {
		t.Errorf("%v, in %s, want %s", got, os.TempDir(), want)
	}
}

// A folder that is too small, missing or closed to others has no room.
func TestHasRoom(t *testing.T) {
	t.Parallel()
	closed := t.TempDir()
	for _, path := range []string{filepath.Join(closed, "missing"), closed} {
		if hasRoom(path) {
			t.Errorf("%s has room", path)
		}
	}
}
