package bench

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"
)

// Guarantee: a process's parent and its times are read, with those of ended children or without, whatever its name is.
func TestProcessorTimeIsRead(t *testing.T) {
	t.Parallel()
	stat := []byte("77 (a) name) (of all) S 12 77 77 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 1 0 1234 0 0\n")
	for withEnded, want := range map[bool]time.Duration{false: 2 * time.Second, true: 2500 * time.Millisecond} {
		if parent, used, err := parseStat(stat, withEnded); parent != 12 || used != want || err != nil {
			t.Errorf("parent %d, %s, %v", parent, used, err)
		}
	}
	for _, bad := range []string{"", "77 (name) S 1 2", "77 (n) S x 77 77 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 1 0 1234 0 0"} {
		if _, _, err := parseStat([]byte(bad), true); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// Guarantee: the processor time of a process does not decrease, and its parent is known.
func TestProcessorTimeOfThisProcess(t *testing.T) {
	t.Parallel()
	before, err := ProcessorTime(os.Getpid())
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no /proc")
	}
	after, again := ProcessorTime(os.Getpid())
	if err != nil || again != nil || after < before {
		t.Errorf("%s, %v, then %s, %v", before, err, after, again)
	}
	if parent, err := ParentOf(os.Getpid()); err != nil || parent != os.Getppid() {
		t.Errorf("parent %d, want %d: %v", parent, os.Getppid(), err)
	}
}
