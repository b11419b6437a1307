// Package leasing decides calls by itself, out of requests, tokens and dollars that Bursar has leased. It knows no HTTP: what it asks Bursar for is an
// interface.
package leasing

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A call that was handed out of a lease has the lease's id and a number: lea_…#7. Bursar knows the lease alone.
const (
	prefix    = "lea_"
	separator = "#"
)

// Of returns the lease that a call was handed out of; "" for a reservation that Bursar has made.
func Of(reservationID string) (leaseID string) {
	if !strings.HasPrefix(reservationID, prefix) {
		return ""
	}
	leaseID, _, _ = strings.Cut(reservationID, separator)
	return leaseID
}

// Leases decides calls out of what Bursar has leased: by key, with a lease that is handed out, and those that calls in flight still hold. It begins with
// a key's first call that Bursar has admitted. A call that no lease covers is asked for, and so is one whose RequestID its caller may use again.
type Leases struct {
	bursar atomic.Pointer[Bursar]
	ttl    time.Duration
	ctx    context.Context //nolint:containedctx // of its work, which no call's end ends
	stop   context.CancelFunc

	mu   sync.RWMutex
	keys map[string]*leasedKey // by the secret
	byID map[string]*lease

	running running
	ending  atomic.Bool // no lease is asked for any more
	counts  counts
}

// leasedKey is what a client knows of an API key.
type leasedKey struct {
	secret string

	mu        sync.Mutex
	apiKeyID  string
	current   *lease // that is handed out; nil: none
	costs     bool   // a limit of dollars, of tokens, or of requests bounds the key
	tokens    bool
	requests  bool
	bounds    map[Shape]bound
	priced    map[Sold]bool
	asking    bool
	notBefore time.Time // when a lease may be asked for again
	demand    demand
	last      Amounts // what the last call asked for
}

// lease is what was granted, and what became of it. Its key's mutex guards it.
type lease struct {
	id       string
	key      *leasedKey
	granted  Amounts
	left     Amounts // may be handed out
	inFlight Amounts // was handed out, and is not known to be recorded
	calls    map[uint64]Amounts
	number   uint64
	from     time.Time
	until    time.Time // it is handed out
	expires  time.Time // Bursar gives back what it holds
	timer    *time.Timer

	mergeInput int64 // input tokens of an event of several of its calls; 0: there may be none

	ended   bool // nothing is handed out any more
	keeping bool // Bursar is being told what it keeps
}

// New returns what asks Bursar for leases of a time.
func New(bursar Bursar, ttl time.Duration) *Leases {
	l := &Leases{ttl: ttl, keys: map[string]*leasedKey{}, byID: map[string]*lease{}}
	l.Follow(bursar)
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

// Follow asks another one from now on, of the same leases.
func (l *Leases) Follow(bursar Bursar) { l.bursar.Store(&bursar) }

func (l *Leases) of() Bursar { return *l.bursar.Load() }

func (l *Leases) key(secret string) *leasedKey {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.keys[secret]
}

// Saw begins with a key of which Bursar has admitted a call.
func (l *Leases) Saw(secret, apiKeyID string) {
	if l.key(secret) != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[secret] == nil && len(l.keys) < maxLeasedKeys {
		l.keys[secret] = &leasedKey{secret: secret, apiKeyID: apiKeyID, bounds: map[Shape]bound{}, priced: map[Sold]bool{}}
	}
}

// maxLeasedKeys bounds the keys that are decided out of leases; those that come later are asked for.
const maxLeasedKeys = 100_000

// Take decides a call out of a lease. Nil: Bursar has to be asked.
func (l *Leases) Take(r *Call) *Held {
	k := l.key(r.Secret)
	if k == nil {
		return nil
	}
	now := time.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	need, known := l.need(k, r, now)
	k.demand.add(now, need)
	k.last = need
	h := k.current
	if !known || h == nil || !now.Before(h.until) || !k.covered(h.left, need) {
		if known {
			l.ask(k, now)
		}
		return nil
	}
	h.number++
	h.calls[h.number] = need
	h.left, h.inFlight = h.left.Minus(need), h.inFlight.Plus(need)
	if k.low(h, now) {
		l.ask(k, now)
	}
	l.counts.leased.Add(1)
	return &Held{ID: h.id + separator + strconv.FormatUint(h.number, 10), APIKeyID: k.apiKeyID, Need: need, Expires: h.expires}
}

// covered tells whether what is left covers a call, as Bursar decides it: each limit has something left, and room for what the call asks of it.
func (k *leasedKey) covered(left, need Amounts) bool {
	return (!k.requests || left.Requests > 0 && left.Requests >= need.Requests) &&
		(!k.tokens || left.Tokens > 0 && left.Tokens >= need.Tokens) && (!k.costs || left.Nanos > 0 && left.Nanos >= need.Nanos)
}

// low tells whether the next lease is to be asked for: less than half of what was granted is left, or less than a quarter of its time.
func (k *leasedKey) low(h *lease, now time.Time) bool {
	return k.requests && 2*h.left.Requests < h.granted.Requests || k.tokens && 2*h.left.Tokens < h.granted.Tokens ||
		k.costs && 2*h.left.Nanos < h.granted.Nanos || 4*h.until.Sub(now) < h.until.Sub(h.from)
}

// Settle notes that a call's usage is recorded, or that it was given up: what it held beyond that may be handed out again.
func (l *Leases) Settle(reservationID string, used Amounts) {
	l.mu.RLock()
	h := l.byID[Of(reservationID)]
	l.mu.RUnlock()
	if h == nil {
		return
	}
	if len(reservationID) <= len(h.id) { // several calls together
		return
	}
	number, err := strconv.ParseUint(reservationID[len(h.id)+len(separator):], 10, 64)
	if err != nil {
		return
	}
	h.key.mu.Lock()
	defer h.key.mu.Unlock()
	need, ok := h.calls[number]
	if !ok {
		return
	}
	delete(h.calls, number)
	h.inFlight = h.inFlight.Minus(need)
	h.left = h.left.Plus(need).Minus(used)
	if h.ended && !h.keeping && len(h.calls) == 0 {
		h.timer.Reset(0) // what it has left is of use to nobody
	}
	l.counts.used.Add(used.Requests)
}

// Drop hands nothing out of a key's lease any more: Bursar has refused the key.
func (l *Leases) Drop(secret string) {
	if k := l.key(secret); k != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.current = nil
	}
}
