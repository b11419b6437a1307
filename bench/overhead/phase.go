package overhead

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"bursar/bench"
	"bursar/bench/gauge"
)

const (
	maxErrors = 10               // after which a worker stops
	timeout   = 10 * time.Second // after the measured time, for calls that have not begun until then
	maxWarmUp = time.Second      // beside the time of one call
)

// measured is what the calls of one phase took. Counts include the warm-up, latencies do not.
type measured struct {
	first, whole gauge.Histogram
	done, errors int64
	err          error // the first one
}

func (m *measured) merge(other *measured) {
	m.first.Merge(&other.first)
	m.whole.Merge(&other.whole)
	m.done += other.done
	m.errors += other.errors
	if m.err == nil {
		m.err = other.err
	}
}

// measure measures one phase of a load of a size: calls arrive at a constant rate, whether those before them have ended or not, and are measured
// from their arrival on.
func (r *runner) measure(ctx context.Context, of *kind, target *Target, size int, duration time.Duration) (*Phase, *measured, error) {
	if err := r.tell("%s: %s", target.Name, of.what(size)); err != nil {
		return nil, nil, err
	}
	rate := of.starts(size)
	clock := &gauge.Clock{PerSecond: max(1, int(rate))}
	warmUp := of.duration + min(duration, maxWarmUp)
	decided, err := r.decided(ctx, target)
	if err != nil {
		return nil, nil, err
	}
	before, err := r.load(target)
	if err != nil {
		return nil, nil, err
	}
	var m *measured
	err = r.booking(ctx, target, func() (err error) {
		m, err = r.drive(ctx, of, target, clock, of.workers(size), warmUp, duration)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	phase := &Phase{
		Target: target.Name, First: latencyOf(&m.first), Whole: latencyOf(&m.whole), Errors: m.errors, PerSecond: float64(m.whole.Total) / duration.Seconds(),
		RatePerSecond: float64(clock.PerSecond), OfferedPerSecond: float64(clock.Offered) / duration.Seconds(), LagMilliseconds: milliseconds(clock.Lags.Quantile(990)),
	}
	if m.err != nil {
		phase.FirstError = m.err.Error()
	}
	if err := before.end(phase, target, m.done); err != nil {
		return nil, nil, err
	}
	return phase, m, r.endDecided(ctx, phase, target, decided)
}

// drive runs an open loop.
func (r *runner) drive(ctx context.Context, of *kind, target *Target, clock *gauge.Clock, number int, warmUp, duration time.Duration) (*measured, error) {
	workers := make([]*worker, number)
	for i := range workers {
		connection, err := dial(ctx, target)
		if err != nil {
			return nil, fmt.Errorf("connect to %s: %w", target.Name, err)
		}
		workers[i] = &worker{target: target, data: r.Data, connection: connection, random: rand.New(rand.NewPCG(1, uint64(i)))} //nolint:gosec // picks keys
	}
	total := int((warmUp + duration).Seconds() * float64(clock.PerSecond))
	arrivals := make(chan time.Time, total) // has room for all, so that the clock never waits for a worker
	start := time.Now()
	begin, end := start.Add(warmUp), start.Add(warmUp+duration)
	ticking, stop := context.WithCancel(ctx)
	defer stop()
	var scheduling, running sync.WaitGroup
	scheduling.Go(func() { clock.Schedule(ticking, arrivals, start, begin, end, total) })
	for _, w := range workers {
		running.Go(func() { w.serve(ctx, of.chat, arrivals, begin, end.Add(timeout)) })
	}
	running.Wait()
	stop() // workers that stopped after errors have left arrivals
	scheduling.Wait()
	sum := &measured{}
	for _, w := range workers {
		sum.merge(&w.measured)
	}
	if left := int64(len(arrivals)); left > 0 && sum.errors == 0 {
		sum.errors, sum.err = left, fmt.Errorf("%s is slower than calls arrive", target.Name)
	}
	return sum, ctx.Err()
}

// worker makes calls over one connection.
type worker struct {
	measured

	target     *Target
	data       *bench.Data
	connection *connection // nil after an error
	random     *rand.Rand
}

// serve makes calls as they arrive, until there are none, or until the end.
func (w *worker) serve(ctx context.Context, chat *chat, arrivals <-chan time.Time, begin, end time.Time) {
	for at := range arrivals {
		first, err := w.call(ctx, chat, nil)
		ended := time.Now()
		switch {
		case err == nil:
			w.done++
			if !at.Before(begin) {
				w.first.Add(first.Sub(at))
				w.whole.Add(ended.Sub(at))
			}
		case w.err == nil:
			w.err = err
			fallthrough
		default:
			w.errors++
		}
		if ctx.Err() != nil || w.errors >= maxErrors || ended.After(end) {
			break
		}
	}
	if w.connection != nil {
		w.connection.close()
	}
}

// call makes one call, over a new connection after an error.
func (w *worker) call(ctx context.Context, chat *chat, started func()) (first time.Time, err error) {
	if w.connection == nil {
		if w.connection, err = dial(ctx, w.target); err != nil {
			return first, err
		}
	}
	key := "provider"
	if w.target.Governed {
		key = w.data.Secret(w.random.IntN(w.target.keys(w.data)))
	}
	if first, err = w.connection.call(chat, key, started); err != nil {
		w.connection.close()
		w.connection = nil
	}
	return first, err
}
