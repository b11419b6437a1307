package pg

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// blockingInitdb returns a folder with the machine's postgres and an initdb that gets half way and then waits to be
// killed. The fifo can be opened for reading once it has got there.
func blockingInitdb(t *testing.T) (bin, fifo string) {
	t.Helper()
	machine, err := newSearch().find(t.Context(), "", 0, nil)
	must(t, err)
	bin = publicFolder(t)
	fifo = filepath.Join(bin, "fifo")
	must(t, syscall.Mkfifo(fifo, 0o666))
	must(t, os.Chmod(fifo, 0o666))
	must(t, os.Symlink(machine.program("postgres"), filepath.Join(bin, "postgres")))
	writeProgram(t, filepath.Join(bin, "initdb"), fmt.Sprintf(`
for argument; do case $argument in --pgdata=*) data=${argument#--pgdata=};; esac; done
mkdir "$data" && echo half > "$data/half" && exec sleep 600 > %s`, fifo))
	return bin, fifo
}

// awaitWriter waits until a program has opened the fifo for writing. Reading to the end of what it returns waits for
// the end of that program.
func awaitWriter(t *testing.T, fifo string) *os.File {
	t.Helper()
	reader, err := os.Open(fifo)
	must(t, err)
	t.Cleanup(func() { must(t, reader.Close()) })
	return reader
}

func awaitEnd(t *testing.T, writer *os.File) {
	t.Helper()
	_, err := io.Copy(io.Discard, writer)
	must(t, err)
}

// publicFolder makes a folder that any account can reach; the one of testing.T is closed to others.
func publicFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg-test-") //nolint:usetesting // the parent of t.TempDir lets no other account through
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	must(t, os.Chmod(dir, 0o755))
	return dir
}

// writeProgram writes a shell script.
func writeProgram(t *testing.T, path, script string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
}

// A program killed while it makes the cluster leaves nothing that blocks the next start, and no initdb behind.
func TestInterruptedInitdbIsMadeGood(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bin, fifo := blockingInitdb(t)
	killed := startProgram(t, "hold", dirVariable+"="+dir, binVariable+"="+bin)
	initdb := awaitWriter(t, fifo)
	half, err := filepath.Glob(filepath.Join(dir, initializingPrefix+"*", "cluster", "half"))
	must(t, err)
	if len(half) != 1 {
		t.Fatalf("the half-made cluster is not where it was expected: %v", half)
	}
	killed.kill(t)
	awaitEnd(t, initdb)

	startNew(t, Config{DataDir: dir})
	left, err := filepath.Glob(filepath.Join(dir, initializingPrefix+"*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
