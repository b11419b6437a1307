package test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// diskSize is enough for a cluster of PostgreSQL and its log, in bytes.
const diskSize = 256 << 20

// smallDisk returns a folder on a file system of its own, in memory. The test is skipped where it may not be mounted.
func smallDisk(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skipf("needs a tmpfs of its own, which %s does not have", runtime.GOOS)
	}
	mounted := t.TempDir()
	if err := mount(mounted, diskSize); err != nil {
		t.Skipf("needs a tmpfs of its own, and may not mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := unmount(mounted); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(mounted, "postgres")
}

// fillDisk uses all free space of the disk and frees it after the fault. If PostgreSQL has ended meanwhile, it is started again, as
// a supervisor would do.
func fillDisk(s *setting, last time.Duration) time.Time {
	filler := filepath.Join(filepath.Dir(s.server.config.DataDir), "filler")
	taken, deadline := 0, time.After(last)
	for full := true; full; { // again and again: whatever PostgreSQL frees is taken, too
		taken += fill(s.t, filler)
		select {
		case <-deadline:
			full = false
		case <-s.t.Context().Done():
			full = false
		case <-time.After(20 * time.Millisecond):
		}
	}
	if err := os.Remove(filler); err != nil {
		s.t.Fatal(err)
	}
	what := "went on running"
	select {
	case <-s.server.server.Done():
		what = "ended"
		s.server.restart()
	default:
	}
	s.t.Logf("%d MB were taken; PostgreSQL %s", taken>>20, what)
	return time.Now()
}

// fill appends to a file until the disk is full and returns how many bytes.
func fill(t *testing.T, path string) (bytes int) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it is full
	for block := make([]byte, 1<<20); len(block) > 0; {
		written, err := file.Write(block)
		bytes += written
		switch {
		case errors.Is(err, syscall.ENOSPC):
			block = block[:len(block)/2]
		case err != nil:
			t.Fatal(fmt.Errorf("fill the disk: %w", err))
		}
	}
	return bytes
}
