package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"bursar/usage"
)

// DefaultTTL is how long a reservation holds unless its Request says otherwise.
const DefaultTTL = 10 * time.Minute

// NewRequestID returns an id that no other request has: 130 random bits.
func NewRequestID() string { return rand.Text() }

// Request is a call that is going to be made.
type Request struct {
	// Secret is the API key that the caller presented. It is never read as an id.
	Secret string
	// RequestID names the call. Default: a new one, which retries keep. Never pass on one that your caller chose.
	RequestID string
	// Once says that nobody asks again with this RequestID when Reserve has failed. If the answer did not come, so that Bursar may hold something
	// for a call that is not made, it is asked for in the background and given back. It is so without a RequestID.
	Once bool
	// Provider and Model are who will be paid and for what. Bursar holds what the call costs at most by the model's price.
	Provider, Model string
	// ServiceTier is how the provider will serve the call. Default: standard.
	ServiceTier usage.ServiceTier
	// InputTokens bounds what goes in, MaxOutputTokens what may come out; nil: not known, and Bursar takes what the model writes at most.
	InputTokens     int64
	MaxOutputTokens *int64
	// Images and WebSearches are how many there may be at most: they have prices of their own.
	Images, WebSearches int64
	// Cost is what is held, in US dollars such as "0.25". Default: what the price says.
	Cost string
	// Metadata is kept with the reservation.
	Metadata map[string]string
	// TTL is how long the reservation holds unless it is recorded, released or extended, in whole seconds. Default: DefaultTTL.
	TTL time.Duration
}

// Reservation is a call that may be made, and what is held for it.
type Reservation struct {
	ID        string
	RequestID string
	APIKeyID  string
	// Status is HELD for a new one. One that was made before under the same RequestID (Replayed) says what became of it.
	Status   string
	Replayed bool
	// ExpiresAt is by Bursar's clock; TTL is how long the reservation holds from its admission on.
	ExpiresAt time.Time
	TTL       time.Duration
	// Tokens and Cost, in US dollars, are what it holds.
	Tokens int64
	Cost   string
	// Limits is how all limits of the key stand, if the Config asks for it.
	Limits []Limit
}

// Limit is a budget or a rate as it stands.
type Limit struct {
	ID        string  `json:"limitId"`
	Kind      string  `json:"kind"` // BUDGET or RATE
	Type      string  `json:"type"` // COST, TOKENS, REQUESTS
	Max       Decimal `json:"max"`
	Used      Decimal `json:"used"`
	Reserved  Decimal `json:"reserved"`
	Remaining Decimal `json:"remaining"`
	// ResetsAt is when it begins again at zero; nil: never.
	ResetsAt *time.Time `json:"resetsAt"`
	// Enforced says whether it refuses calls: not when it is not enabled, or in SHADOW.
	Enforced bool `json:"enforced"`
}

// Decimal is an exact number, as Bursar writes it.
type Decimal = string

// estimate is UsageEstimateInput.
type estimate struct {
	Requests          *int64 `json:"requests,omitempty"`
	AllowZeroRequests *bool  `json:"allowZeroRequests,omitempty"`

	InputTokens     *int64 `json:"inputTokens,omitempty"`
	MaxOutputTokens *int64 `json:"maxOutputTokens,omitempty"`
	Images          int64  `json:"images,omitempty"`
	WebSearches     int64  `json:"webSearches,omitempty"`
	Cost            string `json:"cost,omitempty"`
}

// reserveInput is ReserveUsageInput.
type reserveInput struct {
	Secret      string            `json:"secret"`
	RequestID   string            `json:"requestId,omitempty"`
	Estimate    estimate          `json:"estimate"`
	Provider    string            `json:"provider,omitempty"`
	Model       string            `json:"model,omitempty"`
	ServiceTier usage.ServiceTier `json:"serviceTier,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	TTLSeconds  int64             `json:"ttlSeconds,omitempty"`
}

// reservePayload is ReserveUsagePayload, and ReserveUsageAnswer.
type reservePayload struct {
	Replayed    bool
	Reservation *struct {
		ID, Status            string
		APIKeyID              string `json:"apiKeyId"`
		AdmittedAt, ExpiresAt time.Time
		Tokens                int64
		Cost                  Decimal
	}
	Decision *decision
	Error    *itemError
}

func (p *reservePayload) failure() *itemError {
	if p == nil {
		return nil
	}
	return p.Error
}

// decision is UsageDecision.
type decision struct {
	Allowed           bool
	HTTPStatus        int `json:"httpStatus"`
	RetryAfterSeconds *int64
	APIKeyID          string `json:"apiKeyId"`
	Denials           []Denial
	Limits            []Limit
}

// denied returns the decision as an error.
func (d *decision) denied() *Denied {
	denied := &Denied{HTTPStatus: d.HTTPStatus, APIKeyID: d.APIKeyID, Denials: d.Denials, Limits: d.Limits}
	if after := d.RetryAfterSeconds; after != nil {
		denied.Retryable, denied.RetryAfter = true, time.Duration(*after)*time.Second
	}
	return denied
}

// estimateOf returns what a request holds.
func estimateOf(r *Request) estimate {
	e := estimate{MaxOutputTokens: r.MaxOutputTokens, Images: r.Images, WebSearches: r.WebSearches, Cost: r.Cost}
	if r.InputTokens != 0 {
		e.InputTokens = &r.InputTokens
	}
	return e
}

// Reserve asks whether a call may be made and holds what it costs at most. The error is a *Denied when it may not, and an *Error when
// nobody could say: the call must not be made then, either.
func (c *Client) Reserve(ctx context.Context, r Request) (held *Reservation, err error) {
	if r.RequestID == "" {
		r.RequestID, r.Once = NewRequestID(), true
	}
	if c.leased && r.Once {
		return c.reserveLeased(ctx, r)
	}
	return c.reserveAlone(ctx, r)
}

// reserveAlone asks for one call.
func (c *Client) reserveAlone(ctx context.Context, r Request) (held *Reservation, err error) {
	ttl := orDefault(r.TTL, DefaultTTL)
	input := reserveInput{
		Secret: r.Secret, RequestID: r.RequestID, Provider: r.Provider, Model: r.Model, ServiceTier: r.ServiceTier, Metadata: r.Metadata,
		Estimate: estimateOf(&r), TTLSeconds: seconds(ttl),
	}
	err = c.underway.decide(ctx, r.Secret, c.wait, func() error {
		held, err = c.reserve(ctx, input)
		return err
	})
	if failed, ok := errors.AsType[*Error](err); ok && failed.unknown && r.Once {
		c.lost.add(lostRequest{client: c, input: input, until: time.Now().Add(ttl)})
	}
	return held, err
}

// reserve asks for one decision.
func (c *Client) reserve(ctx context.Context, input reserveInput) (*Reservation, error) {
	payload, err := gathering(ctx, c, c.reserves, "ReserveUsage", input)
	if err != nil {
		return nil, err
	}
	if payload == nil || payload.Decision == nil {
		return nil, malformed("no decision")
	}
	held, decision := payload.Reservation, payload.Decision
	if !decision.Allowed {
		denied := decision.denied()
		denied.RequestID, denied.Replayed = input.RequestID, payload.Replayed
		if held != nil {
			denied.Status = held.Status
		}
		return nil, denied
	}
	if held == nil || held.ID == "" || held.Status != StatusHeld {
		return nil, malformed("allowed without a reservation that holds")
	}
	return &Reservation{
		ID: held.ID, RequestID: input.RequestID, APIKeyID: held.APIKeyID, Status: held.Status, Replayed: payload.Replayed,
		ExpiresAt: held.ExpiresAt, TTL: held.ExpiresAt.Sub(held.AdmittedAt), Tokens: held.Tokens, Cost: held.Cost, Limits: decision.Limits,
	}, nil
}

// What becomes of a reservation.
const (
	StatusHeld     = "HELD"
	StatusSettled  = "SETTLED"
	StatusReleased = "RELEASED"
	StatusExpired  = "EXPIRED"
)

// seconds returns a duration in whole seconds, rounded up and at least 1.
func seconds(d time.Duration) int64 { return max(1, int64((d+time.Second-1)/time.Second)) }

// malformed is the error of an answer that cannot be what Bursar says.
func malformed(format string, values ...any) *Error {
	return &Error{Code: CodeMalformed, Message: "this is no answer of Bursar: " + fmt.Sprintf(format, values...), unknown: true}
}

// Check asks whether a call may be made now, and holds nothing: for calls that cost nothing, and gateways that tolerate overspending by what is
// in flight. The error is that of Reserve.
func (c *Client) Check(ctx context.Context, r Request) error {
	input := reserveInput{
		Secret: r.Secret, Provider: r.Provider, Model: r.Model, ServiceTier: r.ServiceTier, Metadata: r.Metadata, Estimate: estimateOf(&r),
	}
	return c.underway.decide(ctx, r.Secret, c.wait, func() error {
		var answer struct{ CheckUsage *decision }
		if err := c.do(ctx, &c.operations.check, input, &answer); err != nil {
			return err
		}
		if answer.CheckUsage == nil {
			return malformed("no decision")
		}
		if !answer.CheckUsage.Allowed {
			return answer.CheckUsage.denied()
		}
		return nil
	})
}
