package bench

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// Guarantee: a stall counts for every request that arrives during it, not only for those that a worker had sent: latencies
// begin with the arrival.
func TestOpenLoopChargesStalls(t *testing.T) {
	t.Parallel()
	const stall = 200 * time.Millisecond
	var done atomic.Int64
	connect, connected := workers(func(context.Context, int) error {
		if done.Add(1) == 1 {
			<-time.After(stall)
		}
		return nil
	})
	m, err := measureOpen(t.Context(), connect, 1, 1000, 0, 2*stall)
	if err != nil || m.errors != 0 || m.latencies.Total != 400 || m.done != 400 {
		t.Fatalf("%v, %d errors, %d measured, %d done, want each of 400", err, m.errors, m.latencies.Total, m.done)
	}
	if p75 := m.latencies.Quantile(750); m.latencies.Most < stall || p75 < stall/4 { // half of all waited, evenly from 0 to the stall
		t.Errorf("the longest is %s, p75 %s", m.latencies.Most, p75)
	}
	if connected.Load() != 0 {
		t.Errorf("%d workers are still connected", connected.Load())
	}
}

// Guarantee: requests that arrive in the warm-up are sent and not measured, and the others arrive at the rate.
func TestOpenLoopKeepsItsRate(t *testing.T) {
	t.Parallel()
	connect, _ := workers(func(context.Context, int) error { return nil })
	began := time.Now()
	m, err := measureOpen(t.Context(), connect, 3, 500, 100*time.Millisecond, 100*time.Millisecond)
	if took := time.Since(began); err != nil || m.latencies.Total != 50 || m.done != 100 || m.clock.Lags.Total != 50 || took < 198*time.Millisecond {
		t.Errorf("%v, %d measured of %d in %s", err, m.latencies.Total, m.done, took)
	}
}

// Guarantee: errors and the end of the context end an open loop as they end a closed one.
func TestOpenLoopEnds(t *testing.T) {
	t.Parallel()
	bad, _ := workers(func(context.Context, int) error { return errOfTest })
	m, err := measureOpen(t.Context(), bad, 1, 1000, 0, time.Minute)
	if err != nil || m.errors != maxErrors || !errors.Is(m.firstError, errOfTest) {
		t.Errorf("%v, %d errors, first %v", err, m.errors, m.firstError)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopping, connected := workers(func(context.Context, int) error { cancel(); return nil })
	if _, err := measureOpen(ctx, stopping, 2, 1000, 0, time.Minute); !errors.Is(err, context.Canceled) || connected.Load() != 0 {
		t.Errorf("want the end of the context, got %v; %d connected", err, connected.Load())
	}
}
