package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// tick is the unit of processor times in /proc, on every architecture (USER_HZ).
const tick = 10 * time.Millisecond

// ProcessorTime returns the processor time of a process, of its children, and of children that have ended. The error is
// [fs.ErrNotExist] on systems without /proc.
func ProcessorTime(pid int) (time.Duration, error) {
	_, total, err := processOf(strconv.Itoa(pid), true)
	if err != nil {
		return 0, err
	}
	paths, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		parent, used, err := processOf(filepath.Base(path), false)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, errEnded): // meanwhile
		case err != nil:
			return 0, err
		case parent == pid:
			total += used
		}
	}
	return total, nil
}

// ParentOf returns the process that started another.
func ParentOf(pid int) (int, error) {
	parent, _, err := processOf(strconv.Itoa(pid), false)
	return parent, err
}

var errEnded = errors.New("the process has ended")

// processOf reads a process's parent and its processor time, with that of children that have ended or without.
func processOf(pid string, withEnded bool) (parent int, used time.Duration, err error) {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		if _, gone := os.Stat("/proc/self/stat"); gone == nil {
			return 0, 0, errEnded
		}
		return 0, 0, fs.ErrNotExist
	}
	return parseStat(stat, withEnded)
}

// parseStat reads a /proc/PID/stat; see proc(5).
func parseStat(stat []byte, withEnded bool) (parent int, used time.Duration, err error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]) // behind the program's name: the state, the parent, …
	last := 13                                                      // stime, without cutime and cstime
	if withEnded {
		last = 15
	}
	if len(fields) < 15 {
		return 0, 0, fmt.Errorf("want 15 fields and more behind the name in %q", stat)
	}
	if parent, err = strconv.Atoi(string(fields[1])); err != nil {
		return 0, 0, err
	}
	for _, field := range fields[11:last] {
		ticks, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, 0, err
		}
		used += time.Duration(ticks) * tick
	}
	return parent, used, nil
}
