package gateway

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"bursar/gateway/leasing"
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

// leaseAmounts are amounts as the API has them.
type leaseAmounts struct {
	Requests int64   `json:"requests"`
	Tokens   int64   `json:"tokens"`
	Cost     Decimal `json:"cost"`
}

func inputOf(a leasing.Amounts) leaseAmounts {
	return leaseAmounts{a.Requests, a.Tokens, dollarsOf(a.Nanos)}
}

// dollarsOf returns nano-dollars in US dollars.
func dollarsOf(nanos int64) Decimal { return decimal.New(nanos, -nanoDigits).String() }

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

// lease has the client decide by itself, if it is to, and book in the background. A client that follows another one goes on with what that one has leased.
func (c *Client) lease(config *Config) {
	c.leased = config.Lease == LeaseAuto
	c.merges = config.Later.Merge
	if c.name = config.Name; c.name == "" {
		c.name, _ = os.Hostname() // a lease has no name then
	}
	if config.Follows != nil {
		c.leases, c.later = config.Follows.leases, config.Follows.later
		c.later.client.Store(c)
	} else {
		c.later = newLater(c, config.Later)
	}
	switch {
	case c.leases != nil:
		c.leases.Follow(bursar{c})
	case c.leased:
		c.leases = leasing.New(bursar{c}, min(orDefault(config.LeaseTTL, DefaultLeaseTTL), maxLeaseTTL))
	}
}

// reserveLeased decides a call out of a lease, or asks. What a lease of the key has left is given back before a denial by what is left of a limit is final.
func (c *Client) reserveLeased(ctx context.Context, r Request) (*Reservation, error) {
	call := leasing.Call{Secret: r.Secret, Provider: r.Provider, Model: r.Model, Tier: r.ServiceTier, InputTokens: r.InputTokens,
		MaxOutputTokens: r.MaxOutputTokens, Images: r.Images, WebSearches: r.WebSearches}
	if r.Cost != "" {
		call.Nanos = new(nanosOf(r.Cost))
	}
	if held := c.leases.Take(&call); held != nil {
		return leased(&r, held), nil
	}
	c.leases.Asked()
	held, err := c.reserveAlone(ctx, r)
	denied, ok := errors.AsType[*Denied](err)
	switch {
	case err == nil:
		c.leases.Saw(r.Secret, held.APIKeyID)
	case ok && denied.HTTPStatus == http.StatusUnauthorized:
		c.leases.Drop(r.Secret)
	case ok && denied.mayLift():
		if held := c.leases.Take(&call); held != nil { // of a lease that was granted meanwhile
			return leased(&r, held), nil
		}
		if c.leases.GiveBack(ctx, r.Secret) {
			return c.reserveAlone(ctx, r)
		}
	}
	return held, err
}

// leased returns a call that was decided out of a lease as a reservation.
func leased(r *Request, held *leasing.Held) *Reservation {
	return &Reservation{ID: held.ID, RequestID: r.RequestID, APIKeyID: held.APIKeyID, Status: StatusHeld, ExpiresAt: held.Expires,
		TTL: time.Until(held.Expires), Tokens: held.Need.Tokens, Cost: dollarsOf(held.Need.Nanos)}
}

// LeaseStats tells how much is leased; zero without Config.Lease.
func (c *Client) LeaseStats() leasing.Stats {
	if c.leases == nil {
		return leasing.Stats{}
	}
	return c.leases.Stats()
}
