package gateway

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Later says how RecordLater books.
type Later struct {
	// Flush is how long a report waits for others, with which it is booked. Default: DefaultFlush.
	Flush time.Duration
	// Waiting bounds the reports that wait; who reports more waits. Default: DefaultWaitingReports.
	Waiting int
	// Merge books reports of one lease, provider, model, tier and metadata that are flushed together as one event, with the sum of their requests, tokens and
	// parts, where the organization allows it: see Client.Merge. Fewer rows, and no row for each call. Default: an event each.
	Merge bool
	// Keep keeps reports until they are booked, so that the end of the program loses none: *spool.Spool does. The API keys in them are sealed with the
	// client's token. Give what it holds to ResumeLater. Nil:
	// nothing does, and what is not booked when the program is killed is lost.
	Keep Keeper
	// Failed is told of each report that Bursar refuses for good, which is forgotten; and of those that fail otherwise, or are not booked when Shutdown
	// ends: Keep has these for the next start. Nil: nobody is. It must be fast.
	Failed func(Report, error)
}

// Keeper keeps payloads by their ids.
type Keeper interface {
	Begin(id string, payload []byte) error
	Done(id string) error
}

// Bounds of RecordLater.
const (
	DefaultFlush = 100 * time.Millisecond

	DefaultWaitingReports = 65536

	maxFlushed = 1000 // reports in one flush
	maxBooking = 4    // flushes that are being booked
)

// later books reports in the background.
type later struct {
	client atomic.Pointer[Client]
	config Later
	ctx    context.Context //nolint:containedctx // of its work, which no call's end ends
	stop   context.CancelFunc
	queue  chan *kept
	over   chan struct{} // closed when the work is over; nil: it has not begun

	mu     sync.Mutex
	closed bool
	adding sync.WaitGroup // reports that wait for a place in the queue
}

// kept is a report that waits, or several that are booked as one.
type kept struct {
	Report  Report   `json:"report"`
	Sealed  []byte   `json:"sealed,omitempty"`  // the report's API key
	Members []string `json:"members,omitempty"` // request ids of the reports that it is made of

	reservations []Report // of those
}

func newLater(c *Client, config Later) *later {
	l := &later{config: config, queue: make(chan *kept, orDefault(config.Waiting, DefaultWaitingReports))}
	l.config.Flush = orDefault(config.Flush, DefaultFlush)
	l.ctx, l.stop = context.WithCancel(context.Background())
	l.client.Store(c)
	return l
}

// RecordLater books what a call used in the background, with others: it returns when the report is kept (see Later.Keep), and waits only when too many
// wait. An error means that the report was not taken over. It is retried until Bursar answers.
func (c *Client) RecordLater(r Report) error {
	one := &kept{Report: r}
	if keep := c.later.config.Keep; keep != nil {
		payload, err := c.encodeKept(one)
		if err != nil {
			return fmt.Errorf("gateway: keep a report: %w", err)
		}
		if err := keep.Begin(r.RequestID, payload); err != nil {
			return fmt.Errorf("gateway: keep a report: %w", err)
		}
	}
	return c.later.add(one)
}

// add has a report booked. It waits while too many wait, until the client is shut down.
func (l *later) add(one *kept) error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return errShutDown
	}
	if l.over == nil {
		l.over = make(chan struct{})
		go l.work()
	}
	l.adding.Add(1)
	l.mu.Unlock()
	defer l.adding.Done()
	select {
	case l.queue <- one:
		return nil
	case <-l.ctx.Done():
		return errShutDown
	}
}

var errShutDown = errors.New("gateway: the client is shut down")

// work books what waits, until the queue is closed and empty: some flushes at the same time, so that Bursar has the next one when it has answered one.
func (l *later) work() {
	defer close(l.over)
	var booking sync.WaitGroup
	defer booking.Wait()
	slots := make(chan struct{}, maxBooking)
	for open := true; open; {
		var batch []*kept
		if batch, open = l.take(); len(batch) == 0 {
			continue
		}
		slots <- struct{}{}
		booking.Go(func() {
			l.bookAll(batch)
			<-slots
		})
	}
}

// bookAll books reports, however long Bursar does not answer.
func (l *later) bookAll(batch []*kept) {
	if l.config.Merge {
		batch = l.mergeKept(batch)
	}
	delay := firstDelay
	for batch = l.book(batch); len(batch) > 0; batch = l.book(batch) {
		timer := time.NewTimer(delay)
		delay = min(2*delay, maxDelay)
		select {
		case <-timer.C:
		case <-l.ctx.Done():
			timer.Stop()
			for _, one := range batch {
				l.failed(one, l.ctx.Err())
			}
			return
		}
	}
}

// take waits for a report, and for others that come soon after it.
func (l *later) take() (batch []*kept, open bool) {
	one, open := <-l.queue
	if !open {
		return nil, false
	}
	batch = append(batch, one)
	flush := time.NewTimer(l.config.Flush)
	defer flush.Stop()
	for len(batch) < maxFlushed {
		select {
		case one, open := <-l.queue:
			if !open {
				return batch, false
			}
			batch = append(batch, one)
		case <-flush.C:
			return batch, true
		}
	}
	return batch, true
}

// book books reports, and returns those that have to wait for Bursar.
func (l *later) book(batch []*kept) (again []*kept) {
	_, errs := l.client.Load().recordAll(l.ctx, batch)
	for i, one := range batch {
		switch err := errs[i]; {
		case err == nil:
			l.done(one.Report.RequestID)
		case errors.Is(err, ErrUnavailable) || codeOf(err) == CodeUnauthenticated || codeOf(err) == CodeForbidden: // the client's token is to be put right
			again = append(again, one)
		case IsRefused(err):
			l.failed(one, err)
			l.done(one.Report.RequestID)
		default:
			l.failed(one, err)
		}
	}
	return again
}

func (l *later) done(id string) {
	if l.config.Keep == nil {
		return
	}
	if err := l.config.Keep.Done(id); err != nil && l.config.Failed != nil { // it is booked once more, which counts nothing
		l.config.Failed(Report{RequestID: id}, err)
	}
}

func (l *later) failed(one *kept, err error) {
	if l.config.Failed == nil {
		return
	}
	l.config.Failed(one.Report, err)
}

// shutdown books what waits, until ctx ends.
func (l *later) shutdown(ctx context.Context) {
	l.mu.Lock()
	over := l.over
	if !l.closed {
		l.closed = true
		go func() {
			l.adding.Wait()
			close(l.queue)
		}()
	}
	l.mu.Unlock()
	if over != nil {
		select {
		case <-over:
		case <-ctx.Done():
			l.stop()
			<-over
		}
	}
	l.stop()
}
