package proxy

import (
	"crypto/sha256"
	"math"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/shopspring/decimal"

	"bursar/catalogue"
	"bursar/usage"
)

// outage decides which calls go on unreserved while Bursar does not answer. It knows the keys that Bursar has admitted at this gateway, how long
// Bursar has not answered, and what calls cost at most that went on and are not booked yet.
type outage struct {
	prices *catalogue.Catalogue
	keys   *lru.Cache[[sha256.Size]byte, admitted]

	mu      sync.Mutex
	since   time.Time              // of the first decision that failed; zero: the last one did not
	nanos   int64                  // dollars·10⁻⁹ that may have been spent and are not booked
	current *letThrough            // since then; nil: nothing
	past    map[string]*letThrough // by id: the current one and those that the audit log does not have yet
}

// admitted is a key that Bursar has let a call pass with.
type admitted struct {
	id string
	at time.Time
}

const rememberedKeys = 100_000

func newOutage(prices *catalogue.Catalogue) *outage {
	keys, err := lru.New[[sha256.Size]byte, admitted](rememberedKeys)
	if err != nil { // for a size below 1
		panic(err)
	}
	return &outage{prices: prices, keys: keys, past: map[string]*letThrough{}}
}

// decided notes that Bursar has decided, and of which key. An id that is empty is of a key that may not be used.
func (o *outage) decided(secret, keyID string, at time.Time) {
	hash := sha256.Sum256([]byte(secret))
	if keyID == "" {
		o.keys.Remove(hash)
	} else {
		o.keys.Add(hash, admitted{keyID, at})
	}
	o.mu.Lock()
	o.end(at)
	o.mu.Unlock()
}

// opened is a call that goes on unreserved.
type opened struct {
	nanos  int64  // dollars·10⁻⁹ that it costs at most; 0: it is reserved
	outage string // id of the outage
	key    string // id of its key
}

// admit says whether a call may go on unreserved, and takes what it costs at most out of the bound. The reason says why not.
func (o *outage) admit(policy *FailOpen, secret string, provider string, bound *usage.Parts, other decimal.Decimal, at time.Time) (call opened, reason string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() {
		o.since = at
	}
	if policy == nil {
		return opened{}, "the gateway fails closed"
	}
	key, known := o.keys.Get(sha256.Sum256([]byte(secret)))
	switch {
	case !known || at.Sub(key.at) > policy.SeenWithin:
		return opened{}, "Bursar has not admitted this key here lately"
	case len(policy.Keys) > 0 && !slices.Contains(policy.Keys, key.id):
		return opened{}, "this key fails closed"
	case at.Sub(o.since) > policy.For:
		return opened{}, "the outage has taken longer than calls may go on"
	}
	nanos, priced := o.cost(provider, bound, other, at)
	if !priced {
		return opened{}, "nobody knows what this model costs"
	}
	if most := nanosOf(decimal.RequireFromString(policy.Dollars)); nanos > most-o.nanos {
		return opened{}, "calls of this outage have cost what they may"
	}
	o.nanos += nanos
	return opened{nanos, o.count(key.id, nanos), key.id}, ""
}

// booked gives back what a call cost at most: Bursar has its report, or it cost nothing.
func (o *outage) booked(nanos int64) {
	if nanos != 0 {
		o.mu.Lock()
		o.nanos -= nanos
		o.mu.Unlock()
	}
}

// cost returns what a call costs at most by the list of prices in the binary; priced is false when nobody knows. other is what is
// taken for a call whose cost its body does not bound; 0: it does.
func (o *outage) cost(provider string, bound *usage.Parts, other decimal.Decimal, at time.Time) (nanos int64, priced bool) {
	if other.IsPositive() {
		return nanosOf(other), true
	}
	price, found := o.prices.Find(provider, bound.Model, at)
	if !found || bound.OutputTokens == 0 && bound.InputTokens == 0 {
		return 0, false
	}
	cost := price.Cost(bound)
	if !cost.IsInt64() {
		return 0, false
	}
	return cost.Int64(), true
}

func nanosOf(dollars decimal.Decimal) int64 {
	nanos := dollars.Shift(9).Ceil().BigInt()
	if !nanos.IsInt64() {
		return math.MaxInt64
	}
	return nanos.Int64()
}
