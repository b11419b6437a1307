package pg

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Two servers on one folder would destroy it. The second start fails at once and names the holder, this program here.
func TestSecondStartOfThisProgramFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startServer(t, Config{DataDir: dir})
	_, err := Start(t.Context(), Config{DataDir: dir})
	var used *InUseError
	if !errors.As(err, &used) {
		t.Fatalf("want an InUseError, got %v", err)
	}
	if used.PID != os.Getpid() || used.Command == "" || time.Since(used.Since) > time.Hour {
		t.Errorf("the holder is described as %+v", used)
	}
	must(t, server.Stop())
	startServer(t, Config{DataDir: dir})
}

// The same holds between programs, and through a link to the folder; the death of the holder frees it.
func TestSecondProgramFailsUntilTheFirstIsDead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(dir, link))
	first := startProgram(t, "hold", dirVariable+"="+dir)
	first.held(t)

	_, err := Start(t.Context(), Config{DataDir: link})
	var used *InUseError
	if !errors.As(err, &used) || used.PID != first.child.Process.Pid {
		t.Fatalf("want an InUseError of process %d, got %v", first.child.Process.Pid, err)
	}
	first.kill(t)
	startServer(t, Config{DataDir: link})
}

// A holder that has not described itself yet is an error too, and not a crash.
func TestUndescribedHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	held, err := acquireLock(dir)
	must(t, err)
	must(t, held.file.Truncate(0))
	_, err = acquireLock(dir)
	wantError(t, err, "just starting")
	must(t, held.release())
}

// A folder that was given up is free at once, also when a child that is just being started still has a copy of the descriptor.
func TestReleasedLockIsFreeDespiteCopies(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := acquireLock(dir)
	must(t, err)
	inherited, err := syscall.Dup(int(first.file.Fd()))
	must(t, err)
	defer func() { must(t, syscall.Close(inherited)) }()
	must(t, first.release())
	second, err := acquireLock(dir)
	must(t, err)
	must(t, second.release())
}
