package envoy

import (
	"context"

	"github.com/shopspring/decimal"

	"bursar/adapter/envoy/mapping"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/fingerprint"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/scalar"
	"bursar/graph/validate"
)

// countTTL is how many seconds the hold of a request lives that is counted, unless it is booked right away: the server would have to stop in between.
const countTTL = 60

// call is one demand on its way.
type call struct {
	*mapping.Demand

	service    *Service
	key        *string // an id
	secret     *string
	metadata   db.Metadata
	ttl        int // seconds
	skipLimits bool
	counted    bool // by an earlier call with the same request id
}

// call checks a demand's metadata and returns what carries it out.
func (s *Service) call(d *mapping.Demand, m *mapping.Mapping) (*call, error) {
	c := &call{Demand: d, service: s, ttl: int(m.Hold.Seconds()), skipLimits: m.CodesOnly}
	if c.Phase == mapping.Count {
		c.ttl = countTTL
	}
	if d.KeyIsID {
		c.key = &d.Key
	} else {
		c.secret = &d.Key
	}
	if d.Metadata == nil {
		return c, nil
	}
	flat := make(map[string]any, len(d.Metadata))
	for name, value := range d.Metadata {
		flat[name] = value
	}
	var err error
	if c.metadata, err = scalar.UnmarshalMetadata(flat); err != nil {
		return nil, fault.BadInput("metadata", "%s", fault.All(err)[0].Message)
	}
	return c, nil
}

// estimate returns what the request is asked to be admitted for. Without anything to go by it is the least there is: a token, and a nano-dollar or what
// a token costs, so that a look at a limit that is used up is refused.
func (c *call) estimate() *model.UsageEstimateInput {
	e := &model.UsageEstimateInput{
		Requests: c.Estimated.Requests, Tokens: c.Estimated.Tokens, InputTokens: c.Estimated.InputTokens, MaxOutputTokens: c.Estimated.MaxOutputTokens,
	}
	if n := c.Amount(mapping.Requests); n > 0 {
		e.Requests = &n
	}
	if input, output := c.tokens(); input+output > 0 {
		e.InputTokens, e.MaxOutputTokens = &input, &output
	}
	if e.Tokens == nil && e.InputTokens == nil && e.MaxOutputTokens == nil {
		e.InputTokens, e.MaxOutputTokens = new(int64(1)), new(int64(0))
	}
	switch nanos := max(c.Amount(mapping.Cost), c.Estimated.CostNanos); {
	case nanos > 0:
		e.Cost = new(decimal.New(nanos, -9))
	case c.Model == "":
		e.Cost = new(decimal.New(1, -9))
	}
	return e
}

// tokens returns the tokens of the hits. Those of which nobody says whether they went in or came out have come out.
func (c *call) tokens() (input, output int64) {
	input = c.Amount(mapping.InputTokens)
	return input, max(c.Amount(mapping.OutputTokens), c.Amount(mapping.Tokens)-input)
}

// check asks whether the request would be admitted.
func (c *call) check(ctx context.Context) (*db.UsageAnswer, error) {
	scope, keyErr := keyscope.Of(ctx, c.key, c.secret)
	estimate, err := validate.CheckUsage(&model.CheckUsageInput{
		Estimate: c.estimate(), Provider: given(c.Provider), Model: given(c.Model), Metadata: c.metadata,
	})
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	answer, err := c.service.enforcer.Check(ctx, &enforce.CheckRequest{Scope: scope, Estimate: estimate, SkipLimits: c.skipLimits})
	return c.service.uses.Complete(ctx, c.key, answer, err)
}

// reserveHold holds what the request uses at most.
func (c *call) reserveHold(ctx context.Context) (*db.UsageAnswer, error) {
	scope, keyErr := keyscope.Of(ctx, c.key, c.secret)
	estimate, ttl, err := validate.ReserveUsage(&model.ReserveUsageInput{
		RequestID: given(c.RequestID), Estimate: c.estimate(), Provider: given(c.Provider), Model: given(c.Model), Metadata: c.metadata, TTLSeconds: &c.ttl,
	})
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	answer, err := c.service.enforcer.Reserve(ctx, &enforce.ReserveRequest{
		Scope: scope, RequestID: c.RequestID, Estimate: estimate, TTLSeconds: int32(ttl), //nolint:gosec // validate bounds it
		Fingerprint: fingerprint.Of(estimate, ttl), SkipLimits: c.skipLimits, Row: db.IDOnly,
	})
	if answer, err = c.service.uses.Complete(ctx, c.key, answer, err); err != nil {
		return nil, err
	}
	if answer.Allowed && c.RequestID != "" {
		c.service.recent.Add(requestKey{scope.OrganizationID, c.RequestID}, held{*answer.ReservationID, c.keyHash()})
	}
	return answer, nil
}

// given returns a text that may be missing.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
