package bench

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// maxErrors is how many errors a worker has before it stops: the row is spoilt, and more of the same says nothing.
const maxErrors = 10

// worker does one operation after the other on one connection. Only one goroutine uses it.
type worker struct {
	do    func(ctx context.Context) error
	close func() error
}

// newWorker makes one of a row's workers, which are numbered from 0, connected and ready.
type newWorker func(ctx context.Context, number int) (*worker, error)

// measurement is what the workers of one row did.
type measurement struct {
	latencies  histogram // of the operations that ended within the measured time
	done       int64     // operations without an error of the whole row, its warm-up included
	errors     int64     // of the whole row, its warm-up included
	firstError error
}

// measure keeps workers busy, each with one operation at a time, and measures those that end after the warm-up and before
// the duration after it is over. An operation's error is part of the measurement; measure itself fails when a worker
// cannot connect and when ctx ends.
func measure(ctx context.Context, connect newWorker, number int, warmUp, duration time.Duration) (*measurement, error) {
	return together(ctx, connect, number, func() func(*measurement, *worker) {
		begin := time.Now().Add(warmUp)
		end := begin.Add(duration)
		return func(m *measurement, w *worker) { m.run(ctx, w, begin, end) }
	})
}

// together connects workers, begins, has each of them work in a goroutine of its own, and adds up what they measured.
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

// run keeps one worker busy until the end.
func (m *measurement) run(ctx context.Context, w *worker, begin, end time.Time) {
	for began := time.Now(); began.Before(end) && ctx.Err() == nil && m.errors < maxErrors; {
		err := w.do(ctx)
		ended := time.Now()
		if m.count(err) && !ended.Before(begin) && ended.Before(end) {
			m.latencies.add(ended.Sub(began))
		}
		began = ended
	}
}

// count counts an operation and tells whether it went well.
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
	m.latencies.merge(&other.latencies)
	m.done += other.done
	m.errors += other.errors
	if m.firstError == nil {
		m.firstError = other.firstError
	}
}

// connectAll makes all workers or none.
func connectAll(ctx context.Context, connect newWorker, number int) ([]*worker, error) {
	workers := make([]*worker, 0, number)
	for i := range number {
		w, err := connect(ctx, i)
		if err != nil {
			_ = closeAll(workers) // the first error says more
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
