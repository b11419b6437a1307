package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"bursar/bench/gauge"
)

const (
	openRate    = 1000             // requests a second of row h
	openClients = 50               // connections of row h
	openTimeout = 10 * time.Second // after the measured time; requests that have not begun until then are errors
	openCeiling = "h a"            // name of the measurement of row a that calibrates row h
	maxOpenP99  = 5                // bar, in ms
)

var errOverload = errors.New("the server is slower than the requests arrive")

// measureOpenLoop measures row h: requests arrive at a constant rate, whether those before them are answered or not. It takes
// twice as long as other rows, so that the 99.9th percentile has more than a few requests above it. Row a at the same rate
// calibrates it.
func (r *runner) measureOpenLoop(ctx context.Context) error {
	calibration := row{letter: "h", what: ceilingWhat, newWorker: ReserveHotKey().workers(r.Data, "h", r.Ceiling)}
	for _, of := range []row{calibration.called(openCeiling, ""), r.row(ReserveHotKey(), "h")} {
		of = of.called(of.name, fmt.Sprintf(", %d/s by the clock from %d clients", openRate, openClients))
		of.connections = openClients
		if err := r.tell("measuring %s: %s", title(of.letter), of.what); err != nil {
			return err
		}
		m, err := measureOpen(ctx, of.newWorker, openClients, openRate, min(r.Duration, maxWarmUp), 2*r.Duration)
		if err != nil {
			return fmt.Errorf("row %s: %w", title(of.letter), err)
		}
		r.report.Rows = append(r.report.Rows, newRow(of, m, 2*r.Duration))
	}
	return nil
}

// measureOpen runs an open loop: requests arrive at a constant rate, and the first free worker takes the next one. It measures
// those that arrive within the duration after the warm-up, from their arrival on. A stall of the server therefore counts for
// every request that arrives during it, not for one request a worker (coordinated omission).
func measureOpen(
	ctx context.Context, connect newWorker, number, perSecond int, warmUp, duration time.Duration,
) (*measurement, error) {
	total := int((warmUp + duration).Seconds() * float64(perSecond))
	arrivals := make(chan time.Time, total) // has room for all, so that the clock never waits for a worker
	ticking, stop := context.WithCancel(ctx)
	defer stop()
	c := &gauge.Clock{PerSecond: perSecond}
	var scheduling sync.WaitGroup
	m, err := together(ctx, connect, number, func() func(*measurement, *worker) {
		start := time.Now()
		begin, end := start.Add(warmUp), start.Add(warmUp+duration)
		scheduling.Go(func() { c.Schedule(ticking, arrivals, start, begin, end, total) })
		return func(m *measurement, w *worker) { m.serve(ctx, w, arrivals, begin, end.Add(openTimeout)) }
	})
	stop() // workers that stop after errors leave arrivals
	scheduling.Wait()
	if err != nil {
		return nil, err
	}
	m.clock = c
	if left := int64(len(arrivals)); left > 0 && m.errors == 0 {
		m.errors, m.firstError = left, errOverload
	}
	return m, nil
}

// serve has a worker handle arrivals until there are none, or until the end.
func (m *measurement) serve(ctx context.Context, w *worker, arrivals <-chan time.Time, begin, end time.Time) {
	for at := range arrivals {
		if m.count(w.do(ctx)) && !at.Before(begin) {
			m.latencies.Add(time.Since(at))
		}
		if ctx.Err() != nil || m.errors >= maxErrors || time.Now().After(end) {
			return
		}
	}
}
