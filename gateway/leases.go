package gateway

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// leases decides calls out of what Bursar has leased: by key, with a lease that is handed out, and those that calls in flight still hold. It begins with
// a key's first call that Bursar has admitted. A call that no lease covers is asked for, and so is one whose RequestID its caller may use again.
type leases struct {
	client atomic.Pointer[Client]
	ttl    time.Duration
	ctx    context.Context //nolint:containedctx // of its work, which no call's end ends
	stop   context.CancelFunc

	mu   sync.RWMutex
	keys map[string]*leasedKey // by the secret
	byID map[string]*lease

	running running
	ending  atomic.Bool // no lease is asked for any more
	counts  leaseCounts
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
	bounds    map[shape]bound
	asking    bool
	notBefore time.Time // when a lease may be asked for again
	demand    demand
	last      amounts // what the last call asked for
}

// lease is what was granted, and what became of it. Its key's mutex guards it.
type lease struct {
	id       string
	key      *leasedKey
	granted  amounts
	left     amounts // may be handed out
	inFlight amounts // was handed out, and is not known to be recorded
	calls    map[uint64]amounts
	number   uint64
	from     time.Time
	until    time.Time // it is handed out
	expires  time.Time // Bursar gives back what it holds
	timer    *time.Timer
	ended    bool // nothing is handed out any more
	keeping  bool // Bursar is being told what it keeps
}

func newLeases(c *Client, ttl time.Duration) *leases {
	l := &leases{ttl: ttl, keys: map[string]*leasedKey{}, byID: map[string]*lease{}}
	l.client.Store(c)
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

func (l *leases) key(secret string) *leasedKey {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.keys[secret]
}

// saw begins with a key of which Bursar has admitted a call.
func (l *leases) saw(secret, apiKeyID string) {
	if l.key(secret) != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[secret] == nil && len(l.keys) < maxLeasedKeys {
		l.keys[secret] = &leasedKey{secret: secret, apiKeyID: apiKeyID, bounds: map[shape]bound{}}
	}
}

// maxLeasedKeys bounds the keys that are decided out of leases; those that come later are asked for.
const maxLeasedKeys = 100_000

// take decides a call out of a lease. Nil: Bursar has to be asked.
func (l *leases) take(r *Request) *Reservation {
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
	h.left, h.inFlight = h.left.minus(need), h.inFlight.plus(need)
	if k.low(h, now) {
		l.ask(k, now)
	}
	l.counts.leased.Add(1)
	return &Reservation{
		ID: h.id + leaseSeparator + strconv.FormatUint(h.number, 10), RequestID: r.RequestID, APIKeyID: k.apiKeyID, Status: StatusHeld,
		ExpiresAt: h.expires, TTL: h.expires.Sub(now), Tokens: need.tokens, Cost: need.input().Cost,
	}
}

// covered tells whether what is left covers a call, as Bursar decides it: each limit has something left, and room for what the call asks of it.
func (k *leasedKey) covered(left, need amounts) bool {
	return (!k.requests || left.requests > 0 && left.requests >= need.requests) &&
		(!k.tokens || left.tokens > 0 && left.tokens >= need.tokens) && (!k.costs || left.nanos > 0 && left.nanos >= need.nanos)
}

// low tells whether the next lease is to be asked for: less than half of what was granted is left, or less than a quarter of its time.
func (k *leasedKey) low(h *lease, now time.Time) bool {
	return k.requests && 2*h.left.requests < h.granted.requests || k.tokens && 2*h.left.tokens < h.granted.tokens ||
		k.costs && 2*h.left.nanos < h.granted.nanos || 4*h.until.Sub(now) < h.until.Sub(h.from)
}

// settle notes that a call's usage is recorded, or that it was given up: what it held beyond that may be handed out again.
func (l *leases) settle(reservationID string, used amounts) {
	l.mu.RLock()
	h := l.byID[leaseOf(reservationID)]
	l.mu.RUnlock()
	if h == nil {
		return
	}
	if len(reservationID) <= len(h.id) { // several calls together
		return
	}
	number, err := strconv.ParseUint(reservationID[len(h.id)+len(leaseSeparator):], 10, 64)
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
	h.inFlight = h.inFlight.minus(need)
	h.left = h.left.plus(need).minus(used)
	if h.ended && !h.keeping && len(h.calls) == 0 {
		h.timer.Reset(0) // what it has left is of use to nobody
	}
	l.counts.used.Add(used.requests)
}

// drop hands nothing out of a key's lease any more: Bursar has refused the key.
func (l *leases) drop(secret string) {
	if k := l.key(secret); k != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.current = nil
	}
}
