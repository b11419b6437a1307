package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

var errOfTest = errors.New("it went wrong")

// workers returns a function that connects workers which all do the same, and the number of those that are connected.
func workers(do func(ctx context.Context, number int) error) (newWorker, *atomic.Int64) {
	var connected atomic.Int64
	return func(_ context.Context, number int) (*worker, error) {
		connected.Add(1)
		return &worker{
			do:    func(ctx context.Context) error { return do(ctx, number) },
			close: func() error { connected.Add(-1); return nil },
		}, nil
	}, &connected
}

// Guarantee: operations that end within the measured time are counted, others are not, and every worker disconnects.
func TestMeasuresItsTimeAlone(t *testing.T) {
	t.Parallel()
	var done atomic.Int64
	connect, connected := workers(func(ctx context.Context, _ int) error {
		done.Add(1)
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
		}
		return nil
	})
	m, err := measure(t.Context(), connect, 3, 50*time.Millisecond, 50*time.Millisecond)
	if err != nil || m.errors != 0 {
		t.Fatalf("%v, %d errors", err, m.errors)
	}
	if counted := int64(m.latencies.Total); counted == 0 || counted >= done.Load() { //nolint:gosec // small
		t.Errorf("%d of %d operations were counted", counted, done.Load())
	}
	if p50 := m.latencies.Quantile(500); p50 < time.Millisecond {
		t.Errorf("the median of operations of 1 ms is %s", p50)
	}
	if connected.Load() != 0 {
		t.Errorf("%d workers are still connected", connected.Load())
	}
}

// Guarantee: errors are counted and not measured, and a worker stops after maxErrors of them.
func TestErrorsAreCounted(t *testing.T) {
	t.Parallel()
	connect, _ := workers(func(_ context.Context, number int) error {
		if number == 0 {
			return errOfTest
		}
		return nil
	})
	m, err := measure(t.Context(), connect, 1, 0, time.Hour)
	if err != nil || m.errors != maxErrors || m.latencies.Total != 0 || !errors.Is(m.firstError, errOfTest) {
		t.Errorf("%v; %d errors, first %v; %d measured", err, m.errors, m.firstError, m.latencies.Total)
	}
}

// Guarantee: the end of the context ends a measurement with an error, and every worker disconnects.
func TestMeasurementIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	connect, connected := workers(func(ctx context.Context, _ int) error {
		cancel()
		<-ctx.Done()
		return nil
	})
	if _, err := measure(ctx, connect, 2, 0, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("want the end of the context, got %v", err)
	}
	if connected.Load() != 0 {
		t.Errorf("%d workers are still connected", connected.Load())
	}
}

// Guarantee: when one worker cannot connect, none stays connected.
func TestConnectsAllOrNone(t *testing.T) {
	t.Parallel()
	good, connected := workers(nil)
	connect := func(ctx context.Context, number int) (*worker, error) {
		if number == 2 {
			return nil, errOfTest
		}
		return good(ctx, number)
	}
	if _, err := measure(t.Context(), connect, 5, 0, time.Hour); !errors.Is(err, errOfTest) {
		t.Errorf("want the worker's error, got %v", err)
	}
	if connected.Load() != 0 {
		t.Errorf("%d workers are still connected", connected.Load())
	}
}
