package gateway

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Bounds of calls that wait for reports; see Client.Pending.
const (
	DefaultWaiting    = 256
	DefaultReportWait = time.Second

	waitingShare = 8 // of a key, at most: an eighth of all
)

// underway knows the reports and releases that are on their way to Bursar, by the API key. What they settle is held until Bursar has them.
type underway struct {
	mu      sync.Mutex
	reports map[string]map[chan struct{}]struct{} // by the secret; each is closed when it is over
	waiting map[string]int                        // calls that wait, by the secret
	total   int                                   // of them
	most    int                                   // that may wait together
}

func newUnderway(most int) *underway {
	return &underway{reports: map[string]map[chan struct{}]struct{}{}, waiting: map[string]int{}, most: most}
}

// Pending notes that a report or a release of a reservation of a key is going to be sent, until done is called: when Bursar has answered it, or it is given
// up for now. Call it before the caller has the end of an answer. Reserve and Check take no denial by a budget or a rate for final that such a report
// may lift: they wait for those that are on their way, for Config.ReportWait at most, and ask once more. Done may be called more than once.
//
// Without it the next call of an agent can be denied for what its own last call holds, which has ended and is not booked yet. Record calls it itself
// for the time that it takes, if its report has the Secret.
func (c *Client) Pending(secret string) (done func()) { return c.underway.begin(secret) }

func (u *underway) begin(secret string) (done func()) {
	over := make(chan struct{})
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.reports[secret] == nil {
		u.reports[secret] = map[chan struct{}]struct{}{}
	}
	u.reports[secret][over] = struct{}{}
	return sync.OnceFunc(func() {
		u.mu.Lock()
		delete(u.reports[secret], over)
		if len(u.reports[secret]) == 0 {
			delete(u.reports, secret)
		}
		u.mu.Unlock()
		close(over)
	})
}

// of returns what is on its way for a key, each closed when it is over. Nil: nothing.
func (u *underway) of(secret string) []<-chan struct{} {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.reports[secret]) == 0 {
		return nil
	}
	all := make([]<-chan struct{}, 0, len(u.reports[secret]))
	for over := range u.reports[secret] {
		all = append(all, over)
	}
	return all
}

// enter takes one of the slots of calls that wait; false: none is free. leave gives it back.
func (u *underway) enter(secret string) (leave func(), ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.total >= u.most || u.waiting[secret] >= (u.most+waitingShare-1)/waitingShare {
		return nil, false
	}
	u.total++
	u.waiting[secret]++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.total--
		if u.waiting[secret]--; u.waiting[secret] == 0 {
			delete(u.waiting, secret)
		}
	}, true
}

// decide asks for a decision, and once more if it is a denial that reports may lift which were on their way meanwhile. A denial is not stored, so
// that the same request is decided anew.
func (u *underway) decide(ctx context.Context, secret string, most time.Duration, ask func() error) error {
	reports := u.of(secret) // one of these may be over when the denial arrives that it was the reason of
	err := ask()
	denied, ok := errors.AsType[*Denied](err)
	if !ok || !denied.mayLift() {
		return err
	}
	reports = append(reports, u.of(secret)...)
	if len(reports) == 0 {
		return err
	}
	leave, ok := u.enter(secret)
	if !ok {
		return err
	}
	defer leave()
	if !await(ctx, reports, most) {
		return err
	}
	return ask()
}

// await waits until reports are over, for a time at most. False: ctx has ended.
func await(ctx context.Context, reports []<-chan struct{}, most time.Duration) bool {
	late := time.NewTimer(most)
	defer late.Stop()
	for _, over := range reports {
		select {
		case <-over:
		case <-late.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// mayLift says whether all reasons are limits that have room again when what is held is settled.
func (d *Denied) mayLift() bool {
	for _, denial := range d.Denials {
		switch denial.Reason {
		case BudgetExhausted, RateLimited, HoldsExceeded:
		default:
			return false
		}
	}
	return len(d.Denials) > 0
}
