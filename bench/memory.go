package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
)

// Memory is a process's resident memory.
type Memory struct {
	Connections int     `json:"connections"` // of the rows before
	NowMiB      float64 `json:"nowMiB"`
	PeakMiB     float64 `json:"peakMiB"` // since it started
}

// readMemory adds the server's memory to the report. Without /proc it prints why there is none.
func (r *runner) readMemory() error {
	if r.ServerPID == 0 {
		return r.tell("the server's memory is not read: its process is not known")
	}
	now, peak, err := ResidentMiB(r.ServerPID)
	if errors.Is(err, fs.ErrNotExist) {
		return r.tell("the server's memory is not read: this system has no /proc")
	}
	if err != nil {
		return fmt.Errorf("read the server's memory: %w", err)
	}
	r.report.Memory = &Memory{Connections: r.Connections, NowMiB: now, PeakMiB: peak}
	return nil
}

// ResidentMiB returns a process's resident memory and its peak. The error is [fs.ErrNotExist] on systems without /proc.
func ResidentMiB(pid int) (now, peak float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	if now, err = statusMiB(status, "VmRSS:"); err == nil {
		peak, err = statusMiB(status, "VmHWM:")
	}
	return now, peak, err
}

// statusMiB returns a value of /proc/PID/status or /proc/meminfo, whose unit is kB.
func statusMiB(status []byte, name string) (float64, error) {
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		if fields := bytes.Fields(lines.Bytes()); len(fields) == 3 && string(fields[0]) == name {
			kilobytes, err := strconv.ParseFloat(string(fields[1]), 64)
			return math.Round(kilobytes/102.4) / 10, err
		}
	}
	return 0, fmt.Errorf("/proc: want a line %s, got %q", name, status)
}

// MachineMiB returns the machine's memory. It fails on systems without /proc.
func MachineMiB() (float64, error) {
	memory, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	return statusMiB(memory, "MemTotal:")
}
