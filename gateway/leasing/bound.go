package leasing

import (
	"context"
	"math/bits"
	"time"

	"bursar/usage"
)

// Shape is what decides how much a call of a key holds at most: who is paid for what, and the sizes, rounded up to one less than a power of two. So the
// bound of a shape is one of each of its calls, because more tokens never cost less.
type Shape struct {
	Provider, Model     string
	Tier                usage.ServiceTier
	Input, Output       int // bits of the tokens; Output -1: not given
	Images, WebSearches int64
}

// bound is what a call of a shape holds at most, as Bursar said; not known where it could not say.
type bound struct {
	Amounts
	known bool
	until time.Time // it is asked for again; while that is so it goes on to count
	asked bool
}

// boundFor is how long a bound counts: a price that goes up is noticed by then.
const boundFor = 30 * time.Second

// maxShapes bounds the shapes of a key; calls of others are asked for.
const maxShapes = 1000

// need returns what a call holds at most; false: not known yet. The key's mutex is held.
func (l *Leases) need(k *leasedKey, r *Call, now time.Time) (Amounts, bool) {
	need := Amounts{Requests: 1, Tokens: r.InputTokens}
	if r.MaxOutputTokens != nil {
		need.Tokens += *r.MaxOutputTokens
	}
	if r.Nanos != nil {
		need.Nanos = *r.Nanos
	}
	asksTokens := k.tokens && r.MaxOutputTokens == nil
	asksCost := k.costs && r.Nanos == nil
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
		need.Tokens = b.Tokens
	}
	if asksCost {
		need.Nanos = b.Nanos
	}
	return need, true
}

func shapeOf(r *Call) Shape {
	of := Shape{Provider: r.Provider, Model: r.Model, Tier: r.Tier, Images: r.Images, WebSearches: r.WebSearches, Output: -1,
		Input: bits.Len64(uint64(max(0, r.InputTokens)))} //nolint:gosec // not below 0
	if r.MaxOutputTokens != nil {
		of.Output = bits.Len64(uint64(max(0, *r.MaxOutputTokens))) //nolint:gosec // not below 0
	}
	return of
}

// findBound asks Bursar what calls of a shape hold at most.
func (l *Leases) findBound(ctx context.Context, k *leasedKey, of Shape) {
	most, known, err := l.of().Bound(ctx, k.secret, of)
	found := bound{Amounts: most, known: known && err == nil, until: time.Now().Add(boundFor)}
	if err != nil {
		found.until = time.Now().Add(time.Second)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bounds[of] = found
}
