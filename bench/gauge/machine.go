// Package gauge is what benchmarks measure with: latencies in buckets, requests by the clock, and the load of the processors.
package gauge

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
)

// Machine is what the processors have done since the system started, in ticks; zero where it is not known.
type Machine struct{ busy, total uint64 }

// ReadMachine reads it from /proc/stat. Time that another guest of the same host had is neither.
func ReadMachine() (Machine, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Machine{}, nil //nolint:nilerr // another operating system: it is not known
	}
	return parseMachine(stat)
}

// parseMachine reads the first line of a /proc/stat, of all processors: user, nice, system, idle, iowait, irq, softirq, …; see proc(5).
func parseMachine(stat []byte) (m Machine, err error) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 8 || string(fields[0]) != "cpu" {
		return m, fmt.Errorf("want cpu and 7 numbers or more in %q", line)
	}
	for i, field := range fields[1:8] {
		ticks, err := strconv.ParseUint(string(field), 10, 64)
		if err != nil {
			return m, err
		}
		if m.total += ticks; i != 3 && i != 4 { // idle, iowait
			m.busy += ticks
		}
	}
	return m, nil
}

// BusySince returns the share of the processors' time that was used since an earlier reading; 0 if it is not known.
func (m Machine) BusySince(before Machine) float64 {
	if m.total <= before.total {
		return 0
	}
	return math.Round(1000*float64(m.busy-before.busy)/float64(m.total-before.total)) / 1000
}
