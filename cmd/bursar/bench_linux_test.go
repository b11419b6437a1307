package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"bursar/db/dbtest"
)

// Guarantee: a bench that is killed leaves no server behind: neither those that it drives nor its PostgreSQL.
func TestKilledBenchLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a PostgreSQL and a benchmark")
	p := startProcess(t, []string{"TMPDIR=" + t.TempDir()}, "bench", "--duration", "1h", "--keys", "1")
	p.await(t, "measuring a")
	var descriptors []int
	for _, pid := range childrenOf(t, p.Process.Pid) {
		descriptor, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = unix.Close(descriptor) }()
		descriptors = append(descriptors, descriptor)
	}
	if len(descriptors) != 4 { // the ceiling, two servers and PostgreSQL
		t.Fatalf("%d children", len(descriptors))
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(timeout)
	for _, descriptor := range descriptors {
		wait := []unix.PollFd{{Fd: int32(descriptor), Events: unix.POLLIN}} //nolint:gosec // descriptors are small
		ready, err := unix.Poll(wait, int(time.Until(deadline).Milliseconds()))
		for errors.Is(err, unix.EINTR) {
			ready, err = unix.Poll(wait, int(time.Until(deadline).Milliseconds()))
		}
		if err != nil || ready != 1 {
			t.Errorf("a child is still there after %s: %v", timeout, err)
		}
	}
}

// childrenOf returns the processes that a process has started and that have not ended.
func childrenOf(t *testing.T, parent int) (children []int) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // ended meanwhile
		}
		_, rest, _ := strings.Cut(string(stat), ") ") // after the program's name: the state and the parent
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == fmt.Sprint(parent) && fields[0] != "Z" {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				t.Fatal(err)
			}
			children = append(children, pid)
		}
	}
	return children
}
