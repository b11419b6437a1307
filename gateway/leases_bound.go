package gateway

import (
	"context"
	"errors"
	"math/bits"
	"time"

	"bursar/usage"
)

// shape is what decides how much a call of a key holds at most: who is paid for what, and the sizes, rounded up to one less than a power of two. So the
// bound of a shape is one of each of its calls, because more tokens never cost less.
type shape struct {
	provider, model   string
	tier              usage.ServiceTier
	input, output     int // bits; output -1: not given
	images, webSearch int64
}

// bound is what a call of a shape holds at most, as Bursar said; not known where it could not say.
type bound struct {
	amounts
	known bool
	until time.Time // it is asked for again; while that is so it goes on to count
	asked bool
}

// boundFor is how long a bound counts: a price that goes up is noticed by then.
const boundFor = 30 * time.Second

// maxShapes bounds the shapes of a key; calls of others are asked for.
const maxShapes = 1000

// need returns what a call holds at most; false: not known yet. The key's mutex is held.
func (l *leases) need(k *leasedKey, r *Request, now time.Time) (amounts, bool) {
	need := amounts{requests: 1, tokens: r.InputTokens}
	if r.MaxOutputTokens != nil {
		need.tokens += *r.MaxOutputTokens
	}
	if r.Cost != "" {
		need.nanos = nanosOf(r.Cost)
	}
	asksTokens := k.tokens && r.MaxOutputTokens == nil
	asksCost := k.costs && r.Cost == ""
	if r.Model == "" || !asksTokens && !asksCost {
		return need, true
	}
	of := shapeOf(r)
	b, ok := k.bounds[of]
	if (!ok || now.After(b.until)) && !b.asked && (ok || len(k.bounds) < maxShapes) {
		b.asked = true
		k.bounds[of] = b
		l.background(func(ctx context.Context) { l.findBound(ctx, k, of) })
	}
	if !b.known || now.After(b.until.Add(boundFor)) {
		return need, false
	}
	if asksTokens {
		need.tokens = b.tokens
	}
	if asksCost {
		need.nanos = b.nanos
	}
	return need, true
}

func shapeOf(r *Request) shape {
	of := shape{provider: r.Provider, model: r.Model, tier: r.ServiceTier, images: r.Images, webSearch: r.WebSearches, output: -1,
		input: bits.Len64(uint64(max(0, r.InputTokens)))} //nolint:gosec // not below 0
	if r.MaxOutputTokens != nil {
		of.output = bits.Len64(uint64(max(0, *r.MaxOutputTokens))) //nolint:gosec // not below 0
	}
	return of
}

// findBound asks Bursar what calls of a shape hold at most: it reserves as much for no request, and gives it back.
func (l *leases) findBound(ctx context.Context, k *leasedKey, of shape) {
	none, always := int64(0), true
	most := estimate{Requests: &none, AllowZeroRequests: &always, Images: of.images, WebSearches: of.webSearch}
	input := int64(1)<<of.input - 1
	most.InputTokens = &input
	if of.output >= 0 {
		output := int64(1)<<of.output - 1
		most.MaxOutputTokens = &output
	}
	held, err := l.client.Load().reserve(ctx, reserveInput{Secret: k.secret, RequestID: NewRequestID(), Provider: of.provider, Model: of.model,
		ServiceTier: of.tier, Estimate: most, TTLSeconds: 1})
	found := bound{until: time.Now().Add(boundFor)}
	if err == nil {
		found.known, found.amounts = true, amounts{tokens: held.Tokens, nanos: nanosOf(held.Cost)}
		err = l.client.Load().Release(ctx, held.ID) // else it expires in a second
	}
	if _, denied := errors.AsType[*Denied](err); err != nil && !denied {
		found.until = time.Now().Add(time.Second)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bounds[of] = found
}
