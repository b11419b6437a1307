package leasing

import (
	"context"
	"errors"
	"maps"
	"slices"
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
func (l *Leases) ask(k *leasedKey, now time.Time) {
	calls, sum := k.demand.perSecond()
	if k.asking || now.Before(k.notBefore) || calls < leasedCalls || l.ending.Load() {
		return
	}
	k.asking = true
	// what the calls of its time ask for, and a quarter more: the next one is asked for when half of it is left
	perTTL := func(n int64) int64 { return n + int64(float64(n)*l.ttl.Seconds()*5/4) }
	wish := Amounts{perTTL(sum.Requests), perTTL(sum.Tokens), perTTL(sum.Nanos)}
	if !l.background(func(ctx context.Context) { l.renew(ctx, k, wish) }) {
		k.asking = false
	}
}

// renew asks for a lease and hands it out from now on. What the one before has left is given back.
func (l *Leases) renew(ctx context.Context, k *leasedKey, wish Amounts) {
	defer l.of().Pending(k.secret)() // what it takes is not lacking for a call that waits for it
	sent := time.Now()
	granted, err := l.of().Lease(ctx, k.secret, wish, l.ttl)
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
	// a limit that is new since the lease was granted counts from the next one on
	k.costs, k.tokens, k.requests = granted.Costs, granted.Tokens, granted.Requests
	lasts := granted.Lasts
	h := &lease{id: granted.ID, key: k, mergeInput: granted.MergeInput, granted: granted.Amounts, left: granted.Amounts, calls: map[uint64]Amounts{}, from: sent,
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
	l.counts.leases.Add(1)
	l.counts.granted.Add(h.granted.Requests)
	l.mu.Lock()
	l.byID[h.id] = h
	l.mu.Unlock()
	k.mu.Unlock()
}

// guard is how long before its expiry a lease is handed out no more: in that time what its calls hold is kept for longer.
func guard(lasts time.Duration) time.Duration { return min(lasts/4, maxGuard) }

// refused notes that there is no lease. The key's mutex is held.
func (k *leasedKey) refused(err error, now time.Time) {
	k.notBefore = now.Add(leaseDenied)
	refused, ok := errors.AsType[*Refused](err)
	if !ok {
		return
	}
	if refused.Key {
		k.current = nil
	}
	if refused.NotAllowed {
		k.notBefore = now.Add(leaseRefuse)
	}
}

// end hands a lease out no more, and keeps of it what calls in flight hold, for as long as they do: each time before it expires.
func (l *Leases) end(h *lease) {
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
func (h *lease) close() Amounts {
	if h.key.current == h {
		h.key.current = nil
	}
	h.timer.Stop()
	h.ended, h.keeping, h.left = true, true, Amounts{}
	return h.inFlight
}

// keep gives back all of a lease but for what calls hold.
func (l *Leases) keep(ctx context.Context, h *lease, keep Amounts) {
	defer l.of().Pending(h.key.secret)()
	sent := time.Now()
	lasts, holds, err := l.of().Keep(ctx, h.id, keep, l.ttl)
	if err == nil && (!holds || keep == Amounts{}) {
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
	h.expires = sent.Add(lasts)
	if h.timer.Reset(lasts - guard(lasts)); len(h.calls) == 0 {
		h.timer.Reset(0)
	}
}

// forget ends with a lease. Calls that were handed out of it are recorded on it all the same.
func (l *Leases) forget(h *lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byID, h.id)
}

// GiveBack returns what a key's lease has left, so that Bursar may decide on all that is left of a limit; false: there is nothing. No lease is asked for in
// the next time.
func (l *Leases) GiveBack(ctx context.Context, secret string) bool {
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
func (l *Leases) background(do func(ctx context.Context)) bool {
	if l.ctx.Err() != nil {
		return false
	}
	l.running.begin()
	go func() {
		defer l.running.end()
		ctx, cancel := context.WithTimeout(l.ctx, l.of().Timeout())
		defer cancel()
		do(ctx)
	}()
	return true
}

// Shutdown returns all leases but for what calls in flight hold, until ctx ends.
func (l *Leases) Shutdown(ctx context.Context) {
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
