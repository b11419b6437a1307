package hostile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"time"

	"bursar/bench"
	"bursar/bench/gauge"
)

// Load is how much of a processor was used in a phase.
type Load struct {
	Phase      string  `json:"phase"`
	Servers    float64 `json:"servers"`
	PostgreSQL float64 `json:"postgresql"` // 0 if it runs on another machine
	Machine    float64 `json:"machine"`    // the share of all processors that was used, by whatever; 0 if it is not known
}

// processors reads the processor time of some servers and of PostgreSQL.
type processors struct {
	servers    []int // processes
	postgresql int   // its first process, of which all others are children; 0: unknown
	began      time.Time
	before     [2]time.Duration
	machine    gauge.Machine
}

// measureLoad begins to measure the processor time of some servers and PostgreSQL. Without /proc it measures nothing.
func (r *runner) measureLoad(ctx context.Context, servers []int) (*processors, error) {
	p := &processors{servers: servers}
	var backend int // 0: of another machine
	err := r.Pool.QueryRow(ctx, `select case when inet_client_addr() is null or inet_client_addr() = inet_server_addr() then pg_backend_pid()
		else 0 end`).Scan(&backend)
	if err != nil {
		return nil, fmt.Errorf("find PostgreSQL's process: %w", err)
	}
	if backend != 0 {
		if parent, err := bench.ParentOf(backend); err == nil { // else there is no /proc, or PostgreSQL is in a container
			p.postgresql = parent
		}
	}
	if p.machine, err = gauge.ReadMachine(); err != nil {
		return nil, err
	}
	p.began = time.Now()
	p.before, err = p.read()
	return p, err
}

// read returns the processor time of the servers and of PostgreSQL so far.
func (p *processors) read() (used [2]time.Duration, err error) {
	for _, pid := range p.servers {
		of, err := bench.ProcessorTime(pid)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return used, err
		}
		used[0] += of
	}
	if p.postgresql != 0 {
		used[1], err = bench.ProcessorTime(p.postgresql)
	}
	return used, err
}

// end returns the load since the begin.
func (p *processors) end(phase string) (Load, error) {
	used, err := p.read()
	if err != nil {
		return Load{}, err
	}
	now, err := gauge.ReadMachine()
	share := func(at int) float64 {
		return math.Round(1000*(used[at]-p.before[at]).Seconds()/time.Since(p.began).Seconds()) / 1000
	}
	return Load{Phase: phase, Servers: share(0), PostgreSQL: share(1), Machine: now.BusySince(p.machine)}, err
}
