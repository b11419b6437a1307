package leasing

import (
	"context"
	"time"

	"bursar/usage"
)

// Amounts are requests, tokens and nano-dollars.
type Amounts struct{ Requests, Tokens, Nanos int64 }

// Plus adds.
func (a Amounts) Plus(b Amounts) Amounts {
	return Amounts{a.Requests + b.Requests, a.Tokens + b.Tokens, a.Nanos + b.Nanos}
}

// Minus subtracts.
func (a Amounts) Minus(b Amounts) Amounts {
	return Amounts{a.Requests - b.Requests, a.Tokens - b.Tokens, a.Nanos - b.Nanos}
}

// Call is a call that is going to be made.
type Call struct {
	Secret, Provider, Model string
	Tier                    usage.ServiceTier
	InputTokens             int64
	MaxOutputTokens         *int64 // nil: not known
	Images, WebSearches     int64
	Nanos                   *int64 // what it costs at most; nil: what the price says
}

// Held is a call that may be made.
type Held struct {
	ID, APIKeyID string
	Need         Amounts // what it holds
	Expires      time.Time
}

// Granted is a lease, as Bursar has granted it.
type Granted struct {
	ID, APIKeyID            string
	Amounts                 Amounts
	Lasts                   time.Duration // from the decision on
	Costs, Tokens, Requests bool          // which of the amounts a limit bounds
	MergeInput              int64         // input tokens of an event of several calls; 0: there may be none
}

// Refused is the error of a lease that Bursar does not grant.
type Refused struct {
	Key        bool // the key may not be used
	NotAllowed bool // the organization allows no leases
	Cause      error
}

// Error implements error.
func (r *Refused) Error() string { return r.Cause.Error() }

// Unwrap returns the cause.
func (r *Refused) Unwrap() error { return r.Cause }

// Bursar is what leases are of.
type Bursar interface {
	// Lease asks for a lease. The error is a *Refused when there is none.
	Lease(ctx context.Context, secret string, wish Amounts, ttl time.Duration) (*Granted, error)
	// Keep gives back what a lease holds but for what is kept, and returns how long it holds that, from the answer's decision on; false: it holds nothing.
	Keep(ctx context.Context, leaseID string, keep Amounts, ttl time.Duration) (lasts time.Duration, holds bool, err error)
	// Bound returns what a call of a shape holds at most; false: Bursar does not know.
	Bound(ctx context.Context, secret string, of Shape) (bound Amounts, known bool, err error)
	// Pending notes that something is on its way that changes what a key's limits have left, until done is called.
	Pending(secret string) (done func())
	// Timeout is how long one of these may take.
	Timeout() time.Duration
}
