package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// LeaseMode says whether a client decides calls by itself; see Config.Lease.
type LeaseMode int

// The modes.
const (
	LeaseOff  LeaseMode = iota // each call is asked for
	LeaseAuto                  // calls of keys that make several a second are decided out of leases
)

// DefaultLeaseTTL is how long a lease is asked for; an organization may allow less.
const DefaultLeaseTTL = 10 * time.Second

const maxLeaseTTL = time.Minute

// amounts are requests, tokens and nano-dollars.
type amounts struct{ requests, tokens, nanos int64 }

func (a amounts) plus(b amounts) amounts {
	return amounts{a.requests + b.requests, a.tokens + b.tokens, a.nanos + b.nanos}
}

func (a amounts) minus(b amounts) amounts {
	return amounts{a.requests - b.requests, a.tokens - b.tokens, a.nanos - b.nanos}
}

// leaseAmounts are amounts as the API has them.
type leaseAmounts struct {
	Requests int64   `json:"requests"`
	Tokens   int64   `json:"tokens"`
	Cost     Decimal `json:"cost"`
}

func (a amounts) input() leaseAmounts {
	return leaseAmounts{a.requests, a.tokens, decimal.New(a.nanos, -nanoDigits).String()}
}

func (a leaseAmounts) amounts() amounts { return amounts{a.Requests, a.Tokens, nanosOf(a.Cost)} }

const nanoDigits = 9

// nanosOf returns US dollars in nano-dollars, rounded up; 0 for what is no number, which Bursar refuses.
func nanosOf(dollars Decimal) int64 {
	if dollars == "" || dollars == "0" {
		return 0
	}
	d, err := decimal.NewFromString(dollars)
	if err != nil {
		return 0
	}
	return d.Shift(nanoDigits).Ceil().IntPart()
}

// leaseInput is LeaseUsageInput.
type leaseInput struct {
	Secret    string `json:"secret"`
	RequestID string `json:"requestId"`
	leaseAmounts
	TTLSeconds int64 `json:"ttlSeconds"`
}

// returnInput is ReturnLeaseInput.
type returnInput struct {
	LeaseID    string       `json:"leaseId"`
	Keep       leaseAmounts `json:"keep"`
	TTLSeconds int64        `json:"ttlSeconds"`
}

// leasePayload is Lease.
type leasePayload struct {
	ID, Status string
	leaseAmounts
	ExpiresInMilliseconds int64
	APIKeyID              string `json:"apiKeyId"`
}

// leaseUsage asks for a lease. The error is a *Denied when there is none.
func (c *Client) leaseUsage(ctx context.Context, input leaseInput) (*leasePayload, []Limit, error) {
	var answer struct {
		LeaseUsage *struct {
			Lease    *leasePayload
			Decision *decision
		}
	}
	if err := c.do(ctx, &c.operations.lease, input, &answer); err != nil {
		return nil, nil, err
	}
	payload := answer.LeaseUsage
	if payload == nil || payload.Decision == nil {
		return nil, nil, malformed("no decision")
	}
	if !payload.Decision.Allowed {
		return nil, nil, payload.Decision.denied()
	}
	if payload.Lease == nil || payload.Lease.ID == "" {
		return nil, nil, malformed("allowed without a lease")
	}
	return payload.Lease, payload.Decision.Limits, nil
}

// returnLease gives back what a lease holds, but for what is kept.
func (c *Client) returnLease(ctx context.Context, input returnInput) (*leasePayload, error) {
	var answer struct {
		ReturnLease *struct{ Lease *leasePayload }
	}
	if err := c.do(ctx, &c.operations.giveBack, input, &answer); err != nil {
		return nil, err
	}
	if answer.ReturnLease == nil || answer.ReturnLease.Lease == nil {
		return nil, malformed("no lease")
	}
	return answer.ReturnLease.Lease, nil
}

// A reservation that was handed out of a lease has the lease's id and a number: lea_…#7. Bursar knows the lease alone.
const (
	leasePrefix    = "lea_"
	leaseSeparator = "#"
)

// leaseOf returns the lease that a reservation was handed out of; "" for one that Bursar has made.
func leaseOf(reservationID string) (leaseID string) {
	if !strings.HasPrefix(reservationID, leasePrefix) {
		return ""
	}
	leaseID, _, _ = strings.Cut(reservationID, leaseSeparator)
	return leaseID
}

// lease has the client decide by itself, if it is to, and book in the background. A client that follows another one goes on with what that one has leased.
func (c *Client) lease(config *Config) {
	c.leased = config.Lease == LeaseAuto
	if config.Follows != nil {
		c.leases, c.later = config.Follows.leases, config.Follows.later
		c.later.client.Store(c)
	} else {
		c.later = newLater(c, config.Later)
	}
	switch {
	case c.leases != nil:
		c.leases.client.Store(c)
	case c.leased:
		c.leases = newLeases(c, min(orDefault(config.LeaseTTL, DefaultLeaseTTL), maxLeaseTTL))
	}
}

// reserveLeased decides a call out of a lease, or asks. What a lease of the key has left is given back before a denial by what is left of a limit is final.
func (c *Client) reserveLeased(ctx context.Context, r Request) (*Reservation, error) {
	if held := c.leases.take(&r); held != nil {
		return held, nil
	}
	c.leases.counts.single.Add(1)
	held, err := c.reserveAlone(ctx, r)
	denied, ok := errors.AsType[*Denied](err)
	switch {
	case err == nil:
		c.leases.saw(r.Secret, held.APIKeyID)
	case ok && denied.HTTPStatus == http.StatusUnauthorized:
		c.leases.drop(r.Secret)
	case ok && denied.mayLift():
		if leased := c.leases.take(&r); leased != nil { // which was granted meanwhile
			return leased, nil
		}
		if c.leases.giveBack(ctx, r.Secret) {
			return c.reserveAlone(ctx, r)
		}
	}
	return held, err
}
