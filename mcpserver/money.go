package mcpserver

import (
	"context"

	"github.com/google/jsonschema-go/jsonschema"
)

// costInput asks what a call costs.
type costInput struct {
	Provider          string `json:"provider,omitempty" jsonschema:"Who is paid, such as openai. Without it the price of any provider of the model, if all have the same."`
	Model             string `json:"model" jsonschema:"What is called, such as gpt-4.1."`
	InputTokens       int64  `json:"inputTokens,omitempty" jsonschema:"Tokens that go in, cached ones included."`
	OutputTokens      int64  `json:"outputTokens,omitempty" jsonschema:"Tokens that come out."`
	CachedInputTokens int64  `json:"cachedInputTokens,omitempty" jsonschema:"Those of the input tokens that are read from a cache."`
	CacheWriteTokens  int64  `json:"cacheWriteTokens,omitempty" jsonschema:"Those of the input tokens that are written to a cache."`
	ReasoningTokens   int64  `json:"reasoningTokens,omitempty" jsonschema:"Those of the output tokens that the model thinks with."`
	Images            int64  `json:"images,omitempty" jsonschema:"Images that are made."`
	WebSearches       int64  `json:"webSearches,omitempty" jsonschema:"Searches of the web."`
	ServiceTier       string `json:"serviceTier,omitempty" jsonschema:"How the provider serves it; STANDARD without it."`
}

func (costInput) bounds(s *jsonschema.Schema) {
	length(s, 1, 200, "provider", "model")
	between(s, 0, maxTokens, "inputTokens", "outputTokens", "cachedInputTokens", "cacheWriteTokens", "reasoningTokens", "images", "webSearches")
	s.Properties["serviceTier"].Enum = []any{"STANDARD", "BATCH", "FLEX", "PRIORITY"}
}

// cost is what a call costs.
type cost struct {
	Cost       string     `json:"cost" jsonschema:"US dollars."`
	Multiplier string     `json:"multiplier" jsonschema:"The organization's discount or mark-up, which is in the cost."`
	Provider   string     `json:"provider"`
	Model      string     `json:"model" jsonschema:"The price's: with a * at its end it is for all models whose names begin so."`
	Parts      []costPart `json:"parts"`
}

type costPart struct {
	Unit       string `json:"unit"`
	Quantity   int64  `json:"quantity"`
	PerMillion string `json:"perMillion" jsonschema:"US dollars for a million."`
	Cost       string `json:"cost" jsonschema:"US dollars, before the multiplier."`
}

const costQuery = `query Cost($input: PriceOfInput!) { priceOf(input: $input) { cost multiplier price { provider model } parts { unit quantity perMillion cost } } }`

func (t *tools) estimateCost(ctx context.Context, in costInput) (*cost, error) {
	input := map[string]any{"model": in.Model, "usage": map[string]any{
		"inputTokens": in.InputTokens, "outputTokens": in.OutputTokens, "cachedInputTokens": in.CachedInputTokens, "cacheWriteTokens": in.CacheWriteTokens,
		"reasoningTokens": in.ReasoningTokens, "images": in.Images, "webSearches": in.WebSearches,
	}}
	if in.Provider != "" {
		input["provider"] = in.Provider
	}
	if in.ServiceTier != "" {
		input["serviceTier"] = in.ServiceTier
	}
	var answer struct {
		PriceOf *struct {
			cost
			Price struct{ Provider, Model string }
		}
	}
	if err := t.config.API.Do(ctx, costQuery, map[string]any{"input": input}, &answer); err != nil {
		return nil, err
	}
	if answer.PriceOf == nil {
		return nil, said("Bursar's answer is empty.")
	}
	found := &answer.PriceOf.cost
	found.Provider, found.Model = answer.PriceOf.Price.Provider, answer.PriceOf.Price.Model
	return found, nil
}

// usageInput asks what was used.
type usageInput struct {
	APIKeyID string `json:"apiKeyId,omitempty" jsonschema:"Of one API key, key_ and 32 digits. Without it, of all that the token sees. Never a secret."`
	Limit    int64  `json:"limit,omitempty" jsonschema:"How many at most, 1 to 50; 10 without it."`
}

func (usageInput) bounds(s *jsonschema.Schema) {
	s.Properties["apiKeyId"].Pattern = keyPattern
	between(s, 1, 50, "limit")
}

// usage is what was used.
type usage struct {
	Events []event `json:"events"`
	More   bool    `json:"more" jsonschema:"Whether there are older ones."`
}

type event struct {
	RecordedAt   string  `json:"recordedAt"`
	APIKeyID     string  `json:"apiKeyId"`
	APIKeyName   string  `json:"apiKeyName"`
	Provider     *string `json:"provider"`
	Model        *string `json:"model"`
	Requests     int64   `json:"requests"`
	InputTokens  int64   `json:"inputTokens"`
	OutputTokens int64   `json:"outputTokens"`
	Cost         string  `json:"cost" jsonschema:"US dollars."`
	Unpriced     bool    `json:"unpriced" jsonschema:"Whether it was booked without a price: its cost is not known."`
}

const usageQuery = `query Usage($filter: UsageEventFilter, $first: Int) { usageEvents(filter: $filter, first: $first) { pageInfo { hasNextPage }
  nodes { recordedAt provider model requests inputTokens outputTokens cost unpriced apiKey { id name } } } }`

func (t *tools) recentUsage(ctx context.Context, in usageInput) (*usage, error) {
	filter := map[string]any{}
	if in.APIKeyID != "" {
		filter["apiKeyId"] = in.APIKeyID
	}
	if in.Limit == 0 {
		in.Limit = 10
	}
	var answer struct {
		UsageEvents struct {
			PageInfo struct{ HasNextPage bool }
			Nodes    []struct {
				event
				APIKey struct{ ID, Name string }
			}
		}
	}
	if err := t.config.API.Do(ctx, usageQuery, map[string]any{"filter": filter, "first": in.Limit}, &answer); err != nil {
		return nil, err
	}
	found := &usage{Events: []event{}, More: answer.UsageEvents.PageInfo.HasNextPage}
	for _, node := range answer.UsageEvents.Nodes {
		node.APIKeyID, node.APIKeyName = node.APIKey.ID, node.APIKey.Name
		found.Events = append(found.Events, node.event)
	}
	return found, nil
}

// raiseInput asks for a raise.
type raiseInput struct {
	LimitID string `json:"limitId" jsonschema:"The budget's id, bud_ and 32 digits."`
	By      string `json:"by" jsonschema:"How much is to be added, above 0, in the budget's unit: US dollars such as 25 or 2.50, or whole tokens or requests."`
	Until   string `json:"until,omitempty" jsonschema:"The first instant without it, as 2027-01-31T00:00:00Z; without it, the end of the period in which it is granted."`
	Reason  string `json:"reason" jsonschema:"Why, for the people who decide."`
}

func (raiseInput) bounds(s *jsonschema.Schema) {
	s.Properties["limitId"].Pattern = "^bud_[0-9a-f]{32}$"
	s.Properties["by"].Pattern = `^[0-9]{1,12}(\.[0-9]{1,9})?$`
	s.Properties["until"].Pattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,18}(Z|[+-][0-9]{2}:[0-9]{2})$`
	length(s, 1, 500, "reason")
}

// raise is what was asked for.
type raise struct {
	ID     string `json:"id"`
	Status string `json:"status" jsonschema:"OPEN: nobody has decided it."`
	By     string `json:"by"`
	Type   string `json:"type"`
}

const raiseMutation = `mutation Raise($input: RequestRaiseInput!) { requestRaise(input: $input) { raiseRequest { id status by type } } }`

func (t *tools) requestRaise(ctx context.Context, in raiseInput) (*raise, error) {
	input := map[string]any{"id": in.LimitID, "by": in.By, "reason": in.Reason}
	if in.Until != "" {
		input["until"] = in.Until
	}
	var answer struct{ RequestRaise struct{ RaiseRequest *raise } }
	if err := t.config.API.Do(ctx, raiseMutation, map[string]any{"input": input}, &answer); err != nil {
		return nil, err
	}
	if answer.RequestRaise.RaiseRequest == nil {
		return nil, said("Bursar's answer is empty.")
	}
	return answer.RequestRaise.RaiseRequest, nil
}
