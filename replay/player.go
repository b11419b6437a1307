package replay

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// giveUpAfter is after how many failed requests in a row the replay stops: the server is not there.
	giveUpAfter = 100
	// grace is how long requests in flight may take after the replay was stopped, so that their reservations are settled.
	grace = 5 * time.Second
)

// player sends a file's requests.
type player struct {
	client   *client
	plan     *plan
	requests []request
	run      string // prefix of every requestId, so that the requests of another replay are not taken for these
	done     atomic.Int64
	failures atomic.Int64 // in a row
	stop     context.CancelCauseFunc
}

// play sends every request over a number of connections and returns what was counted, and why it stopped early if it did.
func (p *player) play(ctx context.Context, connections int, speed float64) (*tally, error) {
	ctx, p.stop = context.WithCancelCause(ctx)
	defer p.stop(nil)
	draining, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, abandon) })()

	rows := make(chan int)
	tallies := make([]*tally, connections)
	var workers sync.WaitGroup
	for i := range tallies {
		tallies[i] = newTally()
		workers.Go(func() {
			for row := range rows {
				p.request(draining, row, tallies[i])
				p.done.Add(1)
			}
		})
	}
	schedule(ctx, p.requests, speed, rows)
	workers.Wait()

	total := newTally()
	for _, t := range tallies {
		total.merge(t)
	}
	return total, context.Cause(ctx)
}

// schedule sends the rows' indexes to the channel, each no earlier than its time divided by the speed (0: at once), and closes the
// channel after the last one or when the context is done. A row is late while all connections are in use.
func schedule(ctx context.Context, requests []request, speed float64, rows chan<- int) {
	defer close(rows)
	started := time.Now()
	for row := range requests {
		if speed > 0 {
			offset := requests[row].at.Sub(requests[0].at)
			timer := time.NewTimer(time.Until(started.Add(time.Duration(float64(offset) / speed))))
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return
			}
		}
		if ctx.Err() != nil { // select chooses at random when both cases are ready
			return
		}
		select {
		case rows <- row:
		case <-ctx.Done():
			return
		}
	}
}

// request reserves a row's estimate and, when it is admitted, records the row's actual usage.
func (p *player) request(ctx context.Context, row int, t *tally) {
	called := p.plan.call(row, p.requests[row])
	requestID := fmt.Sprintf("replay-%s-%d", p.run, row+1)

	started := time.Now()
	reservationID, reasons, err := p.client.reserve(ctx, requestID, &called)
	if err != nil {
		p.fail(err, t)
		return
	}
	t.reserves = append(t.reserves, time.Since(started))
	p.failures.Store(0)
	if reservationID == "" {
		t.deny(reasons)
		return
	}
	t.admitted++

	cost := dollars(called.model.cost(called.inputTokens, called.outputTokens))
	started = time.Now()
	if err := p.client.record(ctx, requestID, reservationID, &called, cost); err != nil {
		p.fail(err, t)
		return
	}
	t.records = append(t.records, time.Since(started))
	t.record(&called, cost)
}

// fail counts a failed request and stops the replay when no other can succeed.
func (p *player) fail(err error, t *tally) {
	t.fail(err)
	switch failures := p.failures.Add(1); {
	case isFatal(err):
		p.stop(fmt.Errorf("the server refuses the token: %w", err))
	case failures >= giveUpAfter:
		p.stop(fmt.Errorf("%d requests failed in a row, the last one with: %w", failures, err))
	}
}
