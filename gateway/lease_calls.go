package gateway

import (
	"context"
	"errors"
	"net/http"
	"time"

	"bursar/gateway/leasing"
)

// leaseInput is LeaseUsageInput.
type leaseInput struct {
	Secret    string `json:"secret"`
	RequestID string `json:"requestId"`
	leaseAmounts
	TTLSeconds int64             `json:"ttlSeconds"`
	Metadata   map[string]string `json:"metadata,omitempty"`
}

// MetadataGateway is the entry of a lease's metadata with the name of the gateway that holds it.
const MetadataGateway = "gateway"

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
	MergeInputTokens      int64
	APIKeyID              string `json:"apiKeyId"`
}

// bursar is what leases are of: Bursar, as a client asks it.
type bursar struct{ *Client }

// Timeout implements [leasing.Bursar].
func (b bursar) Timeout() time.Duration { return b.timeout }

// Lease implements [leasing.Bursar].
func (b bursar) Lease(ctx context.Context, secret string, wish leasing.Amounts, ttl time.Duration) (*leasing.Granted, error) {
	var answer struct {
		LeaseUsage *struct {
			Lease    *leasePayload
			Decision *decision
		}
	}
	input := leaseInput{Secret: secret, RequestID: NewRequestID(), leaseAmounts: inputOf(wish), TTLSeconds: seconds(ttl)}
	if b.name != "" {
		input.Metadata = map[string]string{MetadataGateway: b.name}
	}
	if err := b.do(ctx, &b.operations.lease, input, &answer); err != nil {
		return nil, err
	}
	payload := answer.LeaseUsage
	if payload == nil || payload.Decision == nil {
		return nil, malformed("no decision")
	}
	if !payload.Decision.Allowed {
		denied := payload.Decision.denied()
		return nil, &leasing.Refused{Key: denied.HTTPStatus == http.StatusUnauthorized, NotAllowed: denied.Is(LeasesNotAllowed), Cause: denied}
	}
	lease := payload.Lease
	if lease == nil || lease.ID == "" {
		return nil, malformed("allowed without a lease")
	}
	granted := &leasing.Granted{ID: lease.ID, APIKeyID: lease.APIKeyID, Lasts: lease.lasts(), MergeInput: lease.MergeInputTokens,
		Amounts: leasing.Amounts{Requests: lease.Requests, Tokens: lease.Tokens, Nanos: nanosOf(lease.Cost)}}
	for _, limit := range payload.Decision.Limits {
		switch limit.Type {
		case "COST":
			granted.Costs = granted.Costs || limit.Enforced
		case "TOKENS":
			granted.Tokens = granted.Tokens || limit.Enforced
		default:
			granted.Requests = granted.Requests || limit.Enforced
		}
	}
	return granted, nil
}

// Keep implements [leasing.Bursar].
func (b bursar) Keep(ctx context.Context, leaseID string, keep leasing.Amounts, ttl time.Duration) (time.Duration, bool, error) {
	var answer struct {
		ReturnLease *struct{ Lease *leasePayload }
	}
	err := b.do(ctx, &b.operations.giveBack, returnInput{LeaseID: leaseID, Keep: inputOf(keep), TTLSeconds: seconds(ttl)}, &answer)
	switch {
	case codeOf(err) == CodeNotFound:
		return 0, false, nil
	case err != nil:
		return 0, false, err
	case answer.ReturnLease == nil || answer.ReturnLease.Lease == nil:
		return 0, false, malformed("no lease")
	}
	lease := answer.ReturnLease.Lease
	return lease.lasts(), lease.Status == StatusHeld, nil
}

// Bound implements [leasing.Bursar]: it reserves what a call of a shape holds at most for no request, and gives it back.
func (b bursar) Bound(ctx context.Context, secret string, of leasing.Shape) (leasing.Amounts, bool, error) {
	none, always, input := int64(0), true, int64(1)<<of.Input-1
	most := estimate{Requests: &none, AllowZeroRequests: &always, InputTokens: &input, Images: of.Images, WebSearches: of.WebSearches}
	if of.Output >= 0 {
		most.MaxOutputTokens = new(int64(1)<<of.Output - 1)
	}
	held, err := b.reserve(ctx, reserveInput{Secret: secret, RequestID: NewRequestID(), Provider: of.Provider, Model: of.Model,
		ServiceTier: of.Tier, Estimate: most, TTLSeconds: 1})
	if _, denied := errors.AsType[*Denied](err); denied {
		return leasing.Amounts{}, false, nil
	}
	if err != nil {
		return leasing.Amounts{}, false, err
	}
	_ = b.Release(ctx, held.ID) // else it expires in a second
	return leasing.Amounts{Tokens: held.Tokens, Nanos: nanosOf(held.Cost)}, true, nil
}

func (p *leasePayload) lasts() time.Duration {
	return time.Duration(p.ExpiresInMilliseconds) * time.Millisecond
}
