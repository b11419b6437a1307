package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	openRate     = 1000             // requests a second of row h
	openClients  = 50               // connections of row h
	openPatience = 10 * time.Second // how long requests may be late at the end before they count as errors
)

var errOverload = errors.New("the server is slower than the requests arrive")

// measureOpenLoop measures row h: requests that arrive by the clock, whether the one before is answered or not. It takes
// twice as long as other rows, so that one in a thousand is more than one.
func (r *runner) measureOpenLoop(ctx context.Context) error {
	of := r.reserveHot("h").called("h", fmt.Sprintf(", %d/s by the clock from %d clients", openRate, openClients))
	of.connections = openClients
	if err := r.tell("measuring %s. %s", of.letter, of.what); err != nil {
		return err
	}
	m, err := measureOpen(ctx, of.newWorker, openClients, openRate, min(r.Duration, maxWarmUp), 2*r.Duration)
	if err != nil {
		return fmt.Errorf("row h: %w", err)
	}
	r.report.add(of, m, 2*r.Duration)
	return nil
}

// measureOpen has requests arrive at a constant rate, of which the first free worker takes the next, and measures those of
// the duration after the warm-up from the instant at which they should have begun. So a server that stalls is charged with
// all who would have waited, and not with as few as there are workers (coordinated omission).
func measureOpen(
	ctx context.Context, connect newWorker, number, perSecond int, warmUp, duration time.Duration,
) (*measurement, error) {
	total := int((warmUp + duration).Seconds() * float64(perSecond))
	arrivals := make(chan time.Time, total) // all of them: whoever keeps the schedule never waits
	m, err := together(ctx, connect, number, func() func(*measurement, *worker) {
		start := time.Now()
		begin, end := start.Add(warmUp), start.Add(warmUp+duration+openPatience)
		go schedule(ctx, arrivals, start, total, perSecond)
		return func(m *measurement, w *worker) { m.serve(ctx, w, arrivals, begin, end) }
	})
	if err != nil {
		return nil, err
	}
	if left := int64(len(arrivals)); left > 0 && m.errors == 0 { // workers with errors leave arrivals behind too
		m.errors, m.firstError = left, errOverload
	}
	return m, nil
}

// schedule sends the instants at which requests arrive, each when it has come. It ends early with ctx.
func schedule(ctx context.Context, arrivals chan<- time.Time, start time.Time, total, perSecond int) {
	defer close(arrivals)
	for n := range total {
		at := start.Add(time.Duration(n) * time.Second / time.Duration(perSecond))
		if sleepUntil(at); ctx.Err() != nil {
			return
		}
		arrivals <- at
	}
}

// serve works off arrivals until there are none, or the end.
func (m *measurement) serve(ctx context.Context, w *worker, arrivals <-chan time.Time, begin, end time.Time) {
	for at := range arrivals {
		if m.count(w.do(ctx)) && !at.Before(begin) {
			m.latencies.add(time.Since(at))
		}
		if ctx.Err() != nil || m.errors >= maxErrors || time.Now().After(end) {
			return
		}
	}
}
