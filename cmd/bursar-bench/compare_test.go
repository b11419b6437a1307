package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// Guarantee: compare has two builds load and serve databases of their own, measures them alternately with each number of
// connections, shows its progress, and finds both databases without a difference.
func TestCompare(t *testing.T) {
	t.Parallel()
	code, printed := start(t, nil, "compare", "--against", bursar, "--bursar", bursar, "--rows", "hot-key,d", "--rounds", "2",
		"--duration", "50ms", "--connections", "1,3", "--keys", "20")
	if code != exitDone {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	contains(t, printed, "this: "+bursar, "other: "+bursar, "round 1 of 2, b hot-key, connections 1: this",
		"round 2 of 2, d reserve-record, connections 3: this", "20 keys, 2 rounds", "reserve + record pairs",
		"bursar verify, this: verified 1 organization", "bursar verify, other: verified 1 organization")
	if found := strings.Count(printed, "no difference"); found != 2 {
		t.Errorf("%d databases are without a difference", found)
	}
}

// Guarantee: an interrupted comparison prints the rounds that were finished, exits 1, and leaves neither files nor processes
// that hold its output open.
func TestCompareIsInterrupted(t *testing.T) {
	t.Parallel()
	dbtest.Repeated(t, 10, "interrupts what TestCompare finishes; TestBenchIsInterrupted interrupts a benchmark of the product")
	folder := t.TempDir()
	c := command(t, []string{"TMPDIR=" + folder}, "compare", "--against", bursar, "--bursar", bursar, "--rows", "e",
		"--rounds", "1000", "--duration", "50ms", "--connections", "1", "--keys", "1")
	var table strings.Builder
	c.Stdout = &table
	progress, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines := bufio.NewScanner(progress); lines.Scan(); { // until nobody holds it open
		if last = lines.Text(); strings.HasPrefix(last, "round 2 of 1000") {
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != exitFailed {
		t.Errorf("%v: %s", err, last)
	}
	contains(t, table.String(), "e check-usage", "1000 rounds")
	contains(t, last, "canceled") // whichever step it interrupts
	if left, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}
