package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bursar/bench/gauge"
)

// maxErrors is the number of errors after which a worker stops: the row has failed, and more errors add nothing.
const maxErrors = 10

// worker runs operations one after the other on one connection. It is not safe for concurrent use.
type worker struct {
	do    func(ctx context.Context) error
	close func() error
}

// newWorker returns one of a row's workers, connected. Workers are numbered from 0.
type newWorker func(ctx context.Context, number int) (*worker, error)

// measurement is what the workers of one row did. The counts include the warm-up, the latencies do not.
type measurement struct {
	latencies  gauge.Histogram // of the operations that ended within the measured time
	done       int64           // operations without an error
	errors     int64
	firstError error
	clock      *gauge.Clock // of an open loop
}

// measure runs a closed loop: each worker starts an operation when its last one has ended. It measures the operations that
// end within the duration after the warm-up. An operation's error is part of the measurement; measure itself fails when a
// worker cannot connect and when ctx ends.
func measure(ctx context.Context, connect newWorker, number int, warmUp, duration time.Duration) (*measurement, error) {
	return together(ctx, connect, number, func() func(*measurement, *worker) {
		begin := time.Now().Add(warmUp)
		end := begin.Add(duration)
		return func(m *measurement, w *worker) { m.run(ctx, w, begin, end) }
	})
}

// together connects workers, calls begin, runs the function that it returns in a goroutine for each worker, and returns the
// sum of their measurements.
func together(
	ctx context.Context, connect newWorker, number int, begin func() func(*measurement, *worker),
) (*measurement, error) {
	workers, err := connectAll(ctx, connect, number)
	if err != nil {
		return nil, err
	}
	parts := make([]measurement, number)
	work := begin()
	var running sync.WaitGroup
	for i, w := range workers {
		running.Go(func() { work(&parts[i], w) })
	}
	running.Wait()
	if err := closeAll(workers); err != nil {
		return nil, err
	}
	total := &measurement{}
	for i := range parts {
		total.merge(&parts[i])
	}
	return total, ctx.Err()
}

// run runs a worker until the end.
func (m *measurement) run(ctx context.Context, w *worker, begin, end time.Time) {
	for began := time.Now(); began.Before(end) && ctx.Err() == nil && m.errors < maxErrors; {
		err := w.do(ctx)
		ended := time.Now()
		if m.count(err) && !ended.Before(begin) && ended.Before(end) {
			m.latencies.Add(ended.Sub(began))
		}
		began = ended
	}
}

// count counts an operation and reports whether it succeeded.
func (m *measurement) count(err error) bool {
	if err == nil {
		m.done++
		return true
	}
	m.errors++
	if m.firstError == nil {
		m.firstError = err
	}
	return false
}

func (m *measurement) merge(other *measurement) {
	m.latencies.Merge(&other.latencies)
	m.done += other.done
	m.errors += other.errors
	if m.firstError == nil {
		m.firstError = other.firstError
	}
}

// connectAll connects all workers, or none and fails.
func connectAll(ctx context.Context, connect newWorker, number int) ([]*worker, error) {
	workers := make([]*worker, 0, number)
	for i := range number {
		w, err := connect(ctx, i)
		if err != nil {
			_ = closeAll(workers) // the connection error matters more
			return nil, fmt.Errorf("connect: %w", err)
		}
		workers = append(workers, w)
	}
	return workers, nil
}

func closeAll(workers []*worker) (first error) {
	for _, w := range workers {
		if err := w.close(); err != nil && first == nil {
			first = fmt.Errorf("disconnect: %w", err)
		}
	}
	return first
}
