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
	Connections int     `json:"connections"` // that it served until then
	NowMiB      float64 `json:"nowMiB"`
	PeakMiB     float64 `json:"peakMiB"` // since it started
}

// readMemory notes the server's memory where the system tells it (/proc), and says so where it does not.
func (r *runner) readMemory() error {
	if r.ServerPID == 0 {
		return r.tell("the server's memory is not read: its process is not known")
	}
	now, peak, err := residentMiB(r.ServerPID)
	if errors.Is(err, fs.ErrNotExist) {
		return r.tell("the server's memory is not read: this system has no /proc")
	}
	if err != nil {
		return fmt.Errorf("read the server's memory: %w", err)
	}
	r.report.Memory = &Memory{Connections: r.Connections, NowMiB: now, PeakMiB: peak}
	return nil
}

// residentMiB returns a process's resident memory, and the most that it has been.
func residentMiB(pid int) (now, peak float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	if now, err = statusMiB(status, "VmRSS:"); err == nil {
		peak, err = statusMiB(status, "VmHWM:")
	}
	return now, peak, err
}

// statusMiB returns a value of /proc/PID/status or /proc/meminfo, which have them in kilobytes.
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

// MachineMiB returns how much memory the machine has; an error where the system does not tell (/proc).
func MachineMiB() (float64, error) {
	memory, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	return statusMiB(memory, "MemTotal:")
}
