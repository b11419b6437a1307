// Package health answers the probes of a process: whether it is alive, and whether it is ready for its work.
package health

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// checkTimeout bounds all checks of a probe together.
const checkTimeout = 2 * time.Second

// ServeAlive answers 200 as long as the process runs, with or without the database.
func ServeAlive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// fails only if the client has disconnected
	_, _ = io.WriteString(w, "ok\n")
}

// Problem is why a process is not ready, as its probe answers it.
type Problem struct {
	Failed string // what failed, in a word: database, schema or jobs
	Reason string // what everybody may read
	Cause  error  // what the log alone is told; nil: nothing
}

// Check returns why a process is not ready, nil when nothing is wrong. Its context ends after 2 s.
type Check func(ctx context.Context) *Problem

// Cell is one of several databases that a process works with.
type Cell struct {
	Name   string
	Checks []Check
}

// Readiness answers whether a process is ready: 200 if no check finds a problem, else 503 and the first problem. Simultaneous requests
// share one run of the checks.
type Readiness struct {
	logger *slog.Logger
	checks []Check
	cells  []Cell // nil: checks are all
	flight singleflight.Group
}

// NewReadiness returns the handler of a readiness probe.
func NewReadiness(logger *slog.Logger, checks ...Check) *Readiness {
	return &Readiness{logger: logger, checks: checks}
}

// NewCellReadiness is NewReadiness for a process with several databases: it is ready if one of them is, and says of each whether it is.
func NewCellReadiness(logger *slog.Logger, cells []Cell) *Readiness {
	return &Readiness{logger: logger, cells: cells}
}

// answer is the JSON of the probe.
type answer struct {
	Ready  bool        `json:"ready"`
	Failed string      `json:"failed,omitempty"`
	Reason string      `json:"reason,omitempty"`
	Cells  []ofOneCell `json:"cells,omitempty"`
}

type ofOneCell struct {
	Cell string `json:"cell"`
	answer
}

// ServeHTTP implements [http.Handler].
func (s *Readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// a client that disconnects must not end the checks for those that share them
	shared, _, _ := s.flight.Do("check", func() (any, error) { return s.check(context.WithoutCancel(r.Context())), nil })
	answer, _ := shared.(answer)
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.logger.DebugContext(r.Context(), "write the readiness", "error", err) // the client has disconnected
	}
}

// Ready tells whether no check finds a problem, for probes of other protocols than HTTP.
func (s *Readiness) Ready(ctx context.Context) bool { return s.check(ctx).Ready }

func (s *Readiness) check(ctx context.Context) answer {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if s.cells == nil {
		return run(ctx, s.logger, s.checks)
	}
	all := answer{Failed: "cells", Reason: "no cell is ready", Cells: make([]ofOneCell, len(s.cells))}
	var running sync.WaitGroup
	for i, cell := range s.cells {
		running.Go(func() { all.Cells[i] = ofOneCell{cell.Name, run(ctx, s.logger.With("cell", cell.Name), cell.Checks)} })
	}
	running.Wait()
	if slices.ContainsFunc(all.Cells, func(c ofOneCell) bool { return c.Ready }) {
		all.Ready, all.Failed, all.Reason = true, "", ""
	}
	return all
}

// run returns the first problem that a check finds.
func run(ctx context.Context, logger *slog.Logger, checks []Check) answer {
	for _, check := range checks {
		if problem := check(ctx); problem != nil {
			if problem.Cause != nil {
				logger.WarnContext(ctx, "not ready", "error", problem.Cause)
			}
			return answer{Failed: problem.Failed, Reason: problem.Reason}
		}
	}
	return answer{Ready: true}
}
