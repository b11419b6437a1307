package gateway

import (
	"context"
	"errors"
	"sync"
	"time"
)

// maxLost bounds the requests of which nobody knows whether Bursar has stored them. What is beyond it expires.
const maxLost = 1000

// LostOutcome says what became of a request to reserve whose answer did not come.
type LostOutcome string

// The outcomes.
const (
	LostReleased LostOutcome = "released" // it held, and does not any more
	LostNothing  LostOutcome = "nothing"  // it held nothing
	LostExpired  LostOutcome = "expired"  // Bursar did not answer until the reservation had expired
	LostDropped  LostOutcome = "dropped"  // there were too many, Bursar refused to answer, or the program ended: the reservation expires
)

// lost gives back what is held for calls that were refused because the answer to reserveUsage did not come: it sends each request again, with the same
// RequestID, until it is answered, and releases the reservation. One after the other, so that Bursar is not flooded when it is back.
type lost struct {
	told func(LostOutcome)
	ctx  context.Context //nolint:containedctx // of its work, which no call's end ends
	stop context.CancelFunc

	mu      sync.Mutex
	waiting []lostRequest
	working chan struct{} // closed when the work that is being done is over; nil: none is
	closed  bool
}

// lostRequest is a request that may hold something.
type lostRequest struct {
	client *Client
	input  reserveInput
	until  time.Time // when it holds nothing any more by itself
}

func newLost(told func(LostOutcome)) *lost {
	if told == nil {
		told = func(LostOutcome) {}
	}
	l := &lost{told: told}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

// add has a request that was sent and not answered given back.
func (l *lost) add(r lostRequest) {
	l.mu.Lock()
	full := l.closed || len(l.waiting) >= maxLost
	if !full {
		l.waiting = append(l.waiting, r)
		if l.working == nil {
			l.working = make(chan struct{})
			go l.work(l.working)
		}
	}
	l.mu.Unlock()
	if full {
		l.told(LostDropped)
	}
}

// work gives back what waits, until nothing does.
func (l *lost) work(over chan struct{}) {
	defer close(over)
	for delay := firstDelay; ; {
		l.mu.Lock()
		if len(l.waiting) == 0 {
			l.working = nil
			l.mu.Unlock()
			return
		}
		next := l.waiting[0]
		l.mu.Unlock()
		outcome := next.giveBack(l.ctx)
		if outcome == "" {
			timer := time.NewTimer(delay)
			select {
			case <-timer.C:
			case <-l.ctx.Done():
				timer.Stop()
			}
			delay = min(2*delay, maxDelay)
			continue
		}
		delay = firstDelay
		l.mu.Lock()
		l.waiting = l.waiting[1:]
		l.mu.Unlock()
		l.told(outcome)
	}
}

// giveBack asks what became of a request, and releases what it holds. It is empty as long as Bursar does not answer.
func (r *lostRequest) giveBack(ctx context.Context) LostOutcome {
	switch {
	case ctx.Err() != nil:
		return LostDropped
	case time.Now().After(r.until):
		return LostExpired
	}
	held, err := r.client.reserve(ctx, r.input)
	if err == nil {
		err = r.client.Release(ctx, held.ID)
	}
	switch _, denied := errors.AsType[*Denied](err); {
	case err == nil:
		return LostReleased
	case denied:
		return LostNothing
	case errors.Is(err, ErrUnavailable):
		return ""
	}
	return LostDropped
}

// shutdown lets the work end, until ctx ends.
func (l *lost) shutdown(ctx context.Context) {
	l.mu.Lock()
	l.closed = true
	working := l.working
	l.mu.Unlock()
	defer l.stop()
	if working == nil {
		return
	}
	select {
	case <-working:
	case <-ctx.Done():
		l.stop()
		<-working
	}
}
