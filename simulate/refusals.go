package simulate

import (
	"cmp"
	"math/big"
	"math/bits"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// maxKeys is how many API keys a result names: those of which most was refused.
const maxKeys = 50

// sum adds amounts that are not negative, exactly.
type sum struct{ high, low uint64 }

func (s *sum) add(amount int64) {
	var carry uint64
	s.low, carry = bits.Add64(s.low, uint64(amount), 0) //nolint:gosec // not negative
	s.high += carry
}

func (s *sum) decimal() decimal.Decimal {
	value := new(big.Int).SetUint64(s.high)
	value.Lsh(value, 64)
	return decimal.NewFromBigInt(value.Or(value, new(big.Int).SetUint64(s.low)), 0)
}

// total is what some events come to.
type total struct {
	events            int64
	tokens, costNanos sum
}

func (t *total) add(e *Event) {
	t.events++
	t.tokens.add(e.Tokens)
	t.costNanos.add(e.CostNanos)
}

// bucket is what was refused in an hour or a day.
type bucket struct {
	start int64
	total
}

// refusals are what was refused by a limit, or by any.
type refusals struct {
	total
	firstAt, lastAt int64
	buckets         []bucket
	keys            []total // by the key's number in the replay; keys at the end of which nothing was refused are left out
}

func (r *refusals) add(e *Event, key int, start int64) {
	if r.events == 0 {
		r.firstAt = e.At
	}
	r.lastAt = e.At
	r.total.add(e)
	if n := len(r.buckets); n == 0 || r.buckets[n-1].start != start {
		r.buckets = append(r.buckets, bucket{start: start})
	}
	r.buckets[len(r.buckets)-1].add(e)
	for len(r.keys) <= key {
		r.keys = append(r.keys, total{})
	}
	r.keys[key].add(e)
}

// result returns the refusals as they are stored.
func (r *refusals) result(keys []uuid.UUID) *db.CreateSimulationResultParams {
	result := &db.CreateSimulationResultParams{
		Events: r.events, Tokens: r.tokens.decimal(), CostNanos: r.costNanos.decimal(),
		Buckets: make([]db.SimulatedBucket, len(r.buckets)), Keys: []*db.SimulatedKey{}, Alerts: []*db.SimulatedAlert{},
	}
	if r.events > 0 {
		result.FirstAt, result.LastAt = new(instant(r.firstAt)), new(instant(r.lastAt))
	}
	for i := range r.buckets {
		b := &r.buckets[i]
		result.Buckets[i] = db.SimulatedBucket{Start: instant(b.start), Events: b.events, Tokens: b.tokens.decimal(), CostNanos: b.costNanos.decimal()}
	}
	for i := range r.keys {
		if k := &r.keys[i]; k.events > 0 {
			result.Keys = append(result.Keys, &db.SimulatedKey{APIKeyID: keys[i], Events: k.events, Tokens: k.tokens.decimal(), CostNanos: k.costNanos.decimal()})
		}
	}
	result.RefusedKeys = int32(len(result.Keys)) //nolint:gosec // keys of an organization
	slices.SortFunc(result.Keys, func(a, b *db.SimulatedKey) int {
		return cmp.Or(cmp.Compare(b.Events, a.Events), slices.Compare(a.APIKeyID[:], b.APIKeyID[:]))
	})
	result.Keys = result.Keys[:min(len(result.Keys), maxKeys)]
	return result
}

// alertsOf returns the alerts that a budget would have raised.
func alertsOf(c *counter) []*db.SimulatedAlert {
	list := []*db.SimulatedAlert{}
	add := func(kind db.AlertKind, threshold *int64, a alerts) {
		if a.periods > 0 {
			list = append(list, &db.SimulatedAlert{Kind: kind, ThresholdUnits: threshold, Periods: a.periods, FirstAt: instant(a.firstAt)})
		}
	}
	for i, a := range c.thresholds {
		add(db.AlertKindTHRESHOLD, &c.AlertUnits[i], a)
	}
	add(db.AlertKindEXHAUSTED, nil, c.exhausted)
	add(db.AlertKindREFUSED, nil, c.refusing)
	return list
}

func instant(microseconds int64) time.Time { return time.UnixMicro(microseconds).UTC() }
