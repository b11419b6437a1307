package gateway

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"bursar/gateway/leasing"
	"bursar/usage"
)

// Report is what a call used. It is the same however often it is sent: marshal it to JSON to keep it.
type Report struct {
	// ReservationID is the reservation that the report settles; empty for usage that nothing reserved.
	ReservationID string `json:"reservationId,omitempty"`
	// Secret is the API key that the caller presented. With a ReservationID it is used when that is not known any more, for Parts.Others, and so that
	// the key's next call is not denied for what this one holds; see Pending.
	Secret string `json:"-"`
	// RequestID names the report and is required. Retries keep it.
	RequestID string `json:"requestId"`
	// Parts is what was used. Its Model is what is priced, and its Others are reported one by one.
	Parts usage.Parts `json:"parts"`
	// Provider is who is paid.
	Provider string `json:"provider,omitempty"`
	// Cost in US dollars, such as "0.25"; "0" is free. Default: what the model's price says.
	Cost string `json:"cost,omitempty"`
	// Estimated marks usage that no answer told: it is the entry "estimated" of the event's metadata.
	Estimated  bool              `json:"estimated,omitempty"`
	OccurredAt time.Time         `json:"occurredAt,omitzero"`
	Metadata   map[string]string `json:"metadata,omitempty"`
}

// MetadataEstimated is the entry of a usage event's metadata, with the value "true", that marks usage which was estimated.
const MetadataEstimated = "estimated"

// Recorded is what was booked.
type Recorded struct {
	EventID  string
	Replayed bool // it had been booked before
	Tokens   int64
	Cost     Decimal // US dollars
}

// recordInput is RecordUsageInput.
type recordInput struct {
	ReservationID      string            `json:"reservationId,omitempty"`
	LeaseID            string            `json:"leaseId,omitempty"`
	Secret             string            `json:"secret,omitempty"`
	RequestID          string            `json:"requestId"`
	Requests           int64             `json:"requests"`
	InputTokens        int64             `json:"inputTokens"`
	OutputTokens       int64             `json:"outputTokens"`
	CachedInputTokens  int64             `json:"cachedInputTokens,omitempty"`
	CacheWriteTokens   int64             `json:"cacheWriteTokens,omitempty"`
	CacheWrite1hTokens int64             `json:"cacheWrite1hTokens,omitempty"`
	ReasoningTokens    int64             `json:"reasoningTokens,omitempty"`
	AudioInputTokens   int64             `json:"audioInputTokens,omitempty"`
	AudioOutputTokens  int64             `json:"audioOutputTokens,omitempty"`
	Images             int64             `json:"images,omitempty"`
	WebSearches        int64             `json:"webSearches,omitempty"`
	ServiceTier        usage.ServiceTier `json:"serviceTier,omitempty"`
	Cost               string            `json:"cost,omitempty"`
	Provider           string            `json:"provider,omitempty"`
	Model              string            `json:"model,omitempty"`
	OccurredAt         *time.Time        `json:"occurredAt,omitempty"`
	Metadata           map[string]string `json:"metadata,omitempty"`
}

// recordPayload is RecordUsagePayload, and RecordUsageAnswer.
type recordPayload struct {
	Replayed   bool
	UsageEvent *struct {
		ID       string
		Tokens   int64
		Cost     Decimal
		Unpriced bool // told where events may be merged
	}
	Error *itemError
}

func (p *recordPayload) failure() *itemError {
	if p == nil {
		return nil
	}
	return p.Error
}

// Record books what a call used, once, however often it is called with the same report. A reservation that is not known any more, or was
// closed, does not lose the usage: it is booked to the Secret then. An error that is ErrUnavailable must be retried later, with the
// same report, for up to 48 hours; others do not pass by themselves.
func (c *Client) Record(ctx context.Context, r Report) (*Recorded, error) {
	if r.ReservationID != "" && r.Secret != "" {
		defer c.Pending(r.Secret)()
	}
	booked, err := c.record(ctx, r.input(&r.Parts, r.RequestID, r.ReservationID))
	if code := codeOf(err); r.ReservationID != "" && r.Secret != "" && (code == CodeNotFound || code == CodeReservationClosed) {
		booked, err = c.record(ctx, r.input(&r.Parts, r.RequestID+"/unreserved", ""))
	}
	c.settleLeased(&r, booked, err)
	if err != nil {
		return nil, err
	}
	for i := range r.Parts.Others {
		if _, err := c.record(ctx, r.input(&r.Parts.Others[i], fmt.Sprintf("%s/%d", r.RequestID, i+1), "")); err != nil {
			return nil, err
		}
	}
	return booked, nil
}

// input returns what is sent about some parts.
func (r *Report) input(parts *usage.Parts, requestID, reservationID string) recordInput {
	input := recordInput{
		ReservationID: reservationID, RequestID: requestID, Requests: parts.Requests, InputTokens: parts.InputTokens, OutputTokens: parts.OutputTokens,
		CachedInputTokens: parts.CachedInputTokens, CacheWriteTokens: parts.CacheWriteTokens, CacheWrite1hTokens: parts.CacheWrite1hTokens,
		ReasoningTokens: parts.ReasoningTokens, AudioInputTokens: parts.AudioInputTokens, AudioOutputTokens: parts.AudioOutputTokens,
		Images: parts.Images, WebSearches: parts.WebSearches, ServiceTier: parts.ServiceTier, Provider: r.Provider, Model: parts.Model, Metadata: r.Metadata,
	}
	if leaseID := leasing.Of(reservationID); leaseID != "" {
		input.ReservationID, input.LeaseID = "", leaseID
	}
	if reservationID == "" {
		input.Secret = r.Secret
	}
	if parts == &r.Parts { // a cost is that of the call, and not of what other models did in it
		input.Cost = r.Cost
	}
	if !r.OccurredAt.IsZero() {
		input.OccurredAt = &r.OccurredAt
	}
	if r.Estimated {
		input.Metadata = maps.Clone(r.Metadata)
		if input.Metadata == nil {
			input.Metadata = map[string]string{}
		}
		input.Metadata[MetadataEstimated] = "true"
	}
	return input
}

func (c *Client) record(ctx context.Context, input recordInput) (*Recorded, error) {
	payload, err := gathering(ctx, c, c.records, "RecordUsage", input)
	if err != nil {
		return nil, err
	}
	if payload == nil || payload.UsageEvent == nil || payload.UsageEvent.ID == "" {
		return nil, malformed("no usage event")
	}
	event := payload.UsageEvent
	return &Recorded{EventID: event.ID, Replayed: payload.Replayed, Tokens: event.Tokens, Cost: event.Cost}, nil
}

// settleLeased notes that a report of a reservation out of a lease is booked, or will not be.
func (c *Client) settleLeased(r *Report, booked *Recorded, err error) {
	switch {
	case c.leases == nil || leasing.Of(r.ReservationID) == "":
	case err == nil:
		c.leases.Settle(r.ReservationID, leasing.Amounts{Requests: r.Parts.Requests, Tokens: booked.Tokens, Nanos: nanosOf(booked.Cost)})
	case !errors.Is(err, ErrUnavailable):
		c.leases.Settle(r.ReservationID, leasing.Amounts{})
	}
}
