package gateway

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	leasedCalls = 4                     // calls of a key in a second from which it has leases
	leaseAgain  = 50 * time.Millisecond // between two leases of a key
	leaseDenied = time.Second           // after one was denied
	leaseRefuse = time.Minute           // after the organization allows none
	maxGuard    = 2 * time.Second
)

// ask asks for the next lease of a key, unless it is asked for already, was denied just now, or there are too few calls. The key's mutex is held.
func (l *leases) ask(k *leasedKey, now time.Time) {
	calls, sum := k.demand.perSecond()
	if k.asking || now.Before(k.notBefore) || calls < leasedCalls || l.ending.Load() {
		return
	}
	k.asking = true
	// what the calls of its time ask for, and a quarter more: the next one is asked for when half of it is left
	perTTL := func(n int64) int64 { return n + int64(float64(n)*l.ttl.Seconds()*5/4) }
	wish := amounts{perTTL(sum.requests), perTTL(sum.tokens), perTTL(sum.nanos)}
	if !l.background(func(ctx context.Context) { l.renew(ctx, k, wish) }) {
		k.asking = false
	}
}

// renew asks for a lease and hands it out from now on. What the one before has left is given back.
func (l *leases) renew(ctx context.Context, k *leasedKey, wish amounts) {
	defer l.client.Load().underway.begin(k.secret)() // what it takes is not lacking for a call that waits for it
	sent := time.Now()
	granted, limits, err := l.client.Load().leaseUsage(ctx, leaseInput{Secret: k.secret, RequestID: NewRequestID(), leaseAmounts: wish.input(),
		TTLSeconds: seconds(l.ttl)})
	k.mu.Lock()
	k.asking = false
	before := k.current
	if err != nil {
		k.refused(err, time.Now())
		l.counts.denied.Add(1)
		k.mu.Unlock()
		return
	}
	k.notBefore = time.Now().Add(leaseAgain)
	k.bounded(limits)
	lasts := time.Duration(granted.ExpiresInMilliseconds) * time.Millisecond
	h := &lease{id: granted.ID, key: k, granted: granted.amounts(), left: granted.amounts(), calls: map[uint64]amounts{}, from: sent,
		expires: sent.Add(lasts), until: sent.Add(lasts - guard(lasts))}
	k.current, k.apiKeyID = h, granted.APIKeyID
	h.timer = time.AfterFunc(time.Until(h.until), func() { l.end(h) })
	if before != nil {
		before.timer.Reset(0)
	}
	if !k.covered(h.left, k.last) { // of use to no call
		k.notBefore = time.Now().Add(leaseDenied)
		k.current = nil
		h.timer.Reset(0)
	}
	l.counts.granted.Add(h.granted.requests)
	l.mu.Lock()
	l.byID[h.id] = h
	l.mu.Unlock()
	k.mu.Unlock()
}

// guard is how long before its expiry a lease is handed out no more: in that time what its calls hold is kept for longer.
func guard(lasts time.Duration) time.Duration { return min(lasts/4, maxGuard) }

// bounded takes over which amounts are bounded by a limit. A limit that is new since the lease was granted counts from the next one on.
func (k *leasedKey) bounded(limits []Limit) {
	k.costs, k.tokens, k.requests = false, false, false
	for _, limit := range limits {
		switch limit.Type {
		case "COST":
			k.costs = k.costs || limit.Enforced
		case "TOKENS":
			k.tokens = k.tokens || limit.Enforced
		default:
			k.requests = k.requests || limit.Enforced
		}
	}
}

// refused notes that there is no lease. The key's mutex is held.
func (k *leasedKey) refused(err error, now time.Time) {
	k.notBefore = now.Add(leaseDenied)
	denied, ok := errors.AsType[*Denied](err)
	if !ok {
		return
	}
	if denied.HTTPStatus == http.StatusUnauthorized {
		k.current = nil
	}
	if denied.Is(LeasesNotAllowed) {
		k.notBefore = now.Add(leaseRefuse)
	}
}

// end hands a lease out no more, and keeps of it what calls in flight hold, for as long as they do: each time before it expires.
func (l *leases) end(h *lease) {
	h.key.mu.Lock()
	if h.keeping {
		h.key.mu.Unlock()
		return
	}
	keep, expires := h.close(), h.expires
	h.key.mu.Unlock()
	if time.Now().After(expires) || !l.background(func(ctx context.Context) { l.keep(ctx, h, keep) }) {
		l.forget(h)
	}
}

// close hands nothing out any more, and returns what calls hold. The key's mutex is held.
func (h *lease) close() amounts {
	if h.key.current == h {
		h.key.current = nil
	}
	h.timer.Stop()
	h.ended, h.keeping, h.left = true, true, amounts{}
	return h.inFlight
}

// keep gives back all of a lease but for what calls hold.
func (l *leases) keep(ctx context.Context, h *lease, keep amounts) {
	defer l.client.Load().underway.begin(h.key.secret)()
	sent := time.Now()
	kept, err := l.client.Load().returnLease(ctx, returnInput{LeaseID: h.id, Keep: keep.input(), TTLSeconds: seconds(l.ttl)})
	if err == nil && (kept.Status != StatusHeld || keep == amounts{}) || codeOf(err) == CodeNotFound {
		l.forget(h)
		return
	}
	h.key.mu.Lock()
	defer h.key.mu.Unlock()
	h.keeping = false
	if err != nil { // until it has expired
		h.timer.Reset(leaseAgain)
		return
	}
	lasts := time.Duration(kept.ExpiresInMilliseconds) * time.Millisecond
	h.expires = sent.Add(lasts)
	if h.timer.Reset(lasts - guard(lasts)); len(h.calls) == 0 {
		h.timer.Reset(0)
	}
}

// forget ends with a lease. Calls that were handed out of it are recorded on it all the same.
func (l *leases) forget(h *lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byID, h.id)
}

// giveBack returns what a key's lease has left, so that Bursar may decide on all that is left of a limit; false: there is nothing. No lease is asked for in
// the next time.
func (l *leases) giveBack(ctx context.Context, secret string) bool {
	k := l.key(secret)
	if k == nil {
		return false
	}
	k.mu.Lock()
	h := k.current
	k.notBefore = time.Now().Add(leaseDenied)
	if h == nil || h.keeping {
		k.mu.Unlock()
		return false
	}
	keep := h.close()
	k.mu.Unlock()
	l.keep(ctx, h, keep)
	return true
}

// background does something that no caller waits for; false: the client is shut down.
func (l *leases) background(do func(ctx context.Context)) bool {
	if l.ctx.Err() != nil {
		return false
	}
	l.running.begin()
	go func() {
		defer l.running.end()
		ctx, cancel := context.WithTimeout(l.ctx, l.client.Load().timeout)
		defer cancel()
		do(ctx)
	}()
	return true
}

// running counts what goes on in the background. Unlike a sync.WaitGroup it may begin while somebody waits.
type running struct {
	mu     sync.Mutex
	number int
	none   chan struct{} // closed when nothing goes on; nil: nobody waits
}

func (r *running) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.number++
}

func (r *running) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.number--; r.number == 0 && r.none != nil {
		close(r.none)
		r.none = nil
	}
}

// wait waits until nothing goes on.
func (r *running) wait() {
	r.mu.Lock()
	if r.number == 0 {
		r.mu.Unlock()
		return
	}
	if r.none == nil {
		r.none = make(chan struct{})
	}
	none := r.none
	r.mu.Unlock()
	<-none
}

// shutdown returns all leases but for what calls in flight hold, until ctx ends.
func (l *leases) shutdown(ctx context.Context) {
	l.ending.Store(true)
	over := make(chan struct{})
	go func() {
		defer close(over)
		l.running.wait() // what is granted meanwhile is returned as well
		l.mu.RLock()
		all := slices.Collect(maps.Values(l.byID))
		l.mu.RUnlock()
		for _, h := range all {
			l.end(h)
		}
		l.running.wait()
	}()
	select {
	case <-over:
	case <-ctx.Done():
	}
	l.stop()
	<-over
}
