package mcpserver

import (
	"context"

	"github.com/google/jsonschema-go/jsonschema"
)

// leftInput asks what is left.
type leftInput struct {
	APIKeyID        string `json:"apiKeyId,omitempty" jsonschema:"The id of an API key, key_ and 32 digits. Never a secret."`
	Provider        string `json:"provider,omitempty" jsonschema:"Who would be paid, for whether a call would be admitted."`
	Model           string `json:"model,omitempty" jsonschema:"What would be called."`
	InputTokens     int64  `json:"inputTokens,omitempty" jsonschema:"Tokens that would go in."`
	MaxOutputTokens int64  `json:"maxOutputTokens,omitempty" jsonschema:"Tokens that may come out."`
}

const (
	maxTokens  = 1_000_000_000_000
	keyPattern = "^key_[0-9a-f]{32}$"
)

func (leftInput) bounds(s *jsonschema.Schema) {
	s.Properties["apiKeyId"].Pattern = keyPattern
	length(s, 1, 200, "provider", "model")
	between(s, 0, maxTokens, "inputTokens", "maxOutputTokens")
}

// left is what is left.
type left struct {
	Keys []keyLeft `json:"keys" jsonschema:"One for each API key, at most 20."`
	// More says that there are more keys.
	More bool `json:"more" jsonschema:"Whether the member has more keys than are listed: name one with apiKeyId."`
}

// keyLeft is what is left of one key.
type keyLeft struct {
	APIKeyID string        `json:"apiKeyId,omitempty"`
	Name     string        `json:"name,omitempty"`
	Allowed  bool          `json:"allowed" jsonschema:"Whether the call would be admitted now."`
	Denials  []denialOf    `json:"denials" jsonschema:"Every reason for which it would not."`
	Limits   []limitStatus `json:"limits" jsonschema:"Every budget and rate limit that a call must pass: of the key, its workspace, its organization and their policies."`
}

type denialOf struct {
	Reason  string  `json:"reason"`
	Message string  `json:"message"`
	LimitID *string `json:"limitId"`
	RetryAt *string `json:"retryAt" jsonschema:"When it may be admitted again; null where waiting does not help, or nobody knows."`
}

type limitStatus struct {
	LimitID   string  `json:"limitId"`
	SubjectID string  `json:"subjectId" jsonschema:"What it stands on: the API key, its workspace (ws_) or its organization (org_)."`
	Kind      string  `json:"kind" jsonschema:"BUDGET or RATE."`
	Type      string  `json:"type" jsonschema:"COST (US dollars), TOKENS, REQUESTS or PARALLEL_REQUESTS."`
	Max       string  `json:"max"`
	Used      string  `json:"used"`
	Reserved  string  `json:"reserved"`
	Remaining string  `json:"remaining"`
	ResetsAt  *string `json:"resetsAt" jsonschema:"When it starts again at zero; null: never."`
	Enforced  bool    `json:"enforced" jsonschema:"False: it refuses nothing."`
}

const checkQuery = `query Check($input: CheckUsageInput!) { checkUsage(input: $input) { allowed apiKeyId denials { reason message limitId retryAt }
  limits { limitId subjectId kind type max used reserved remaining resetsAt enforced } } }`

const viewerQuery = `query Viewer { viewer { role member { id } } }`

const ownKeysQuery = `query OwnKeys($member: ID!) { apiKeys(filter: {createdById: $member, statuses: [ACTIVE, EXHAUSTED]}, first: 20) { nodes { id name } pageInfo { hasNextPage } } }`

func (t *tools) whatIsLeft(ctx context.Context, in leftInput) (*left, error) {
	switch {
	case in.APIKeyID != "":
		one, err := t.check(ctx, in, map[string]any{"key": in.APIKeyID})
		return listOf(one), err
	case t.config.Key != "":
		one, err := t.check(ctx, in, map[string]any{"secret": t.config.Key})
		return listOf(one), err
	}
	var viewer struct {
		Viewer struct {
			Role   string
			Member *struct{ ID string }
		}
	}
	if err := t.config.API.Do(ctx, viewerQuery, nil, &viewer); err != nil {
		return nil, err
	}
	if viewer.Viewer.Member == nil || viewer.Viewer.Role == "GATEWAY" {
		return nil, said("Say which API key with apiKeyId: the token of this server is bound to no member who has keys, and the server was started without a key of the agent's own.")
	}
	var keys struct {
		APIKeys struct {
			Nodes    []struct{ ID, Name string }
			PageInfo struct{ HasNextPage bool }
		}
	}
	if err := t.config.API.Do(ctx, ownKeysQuery, map[string]any{"member": viewer.Viewer.Member.ID}, &keys); err != nil {
		return nil, err
	}
	all := &left{Keys: []keyLeft{}, More: keys.APIKeys.PageInfo.HasNextPage}
	for _, k := range keys.APIKeys.Nodes {
		one, err := t.check(ctx, in, map[string]any{"key": k.ID})
		if err != nil {
			return nil, err
		}
		one.Name = k.Name
		all.Keys = append(all.Keys, *one)
	}
	return all, nil
}

func listOf(one *keyLeft) *left {
	if one == nil {
		return nil
	}
	return &left{Keys: []keyLeft{*one}}
}

// check asks whether a call of a key would be admitted, and where its limits stand.
func (t *tools) check(ctx context.Context, in leftInput, input map[string]any) (*keyLeft, error) {
	if in.Provider != "" {
		input["provider"] = in.Provider
	}
	if in.Model != "" {
		input["model"] = in.Model
	}
	if in.InputTokens+in.MaxOutputTokens > 0 {
		input["estimate"] = map[string]any{"inputTokens": in.InputTokens, "maxOutputTokens": in.MaxOutputTokens}
	}
	var answer struct{ CheckUsage *keyLeft }
	if err := t.config.API.Do(ctx, checkQuery, map[string]any{"input": input}, &answer); err != nil {
		return nil, err
	}
	if answer.CheckUsage == nil {
		return nil, said("Bursar's answer is empty.")
	}
	for i, d := range answer.CheckUsage.Denials {
		answer.CheckUsage.Denials[i].Message = t.redact(d.Message)
	}
	return answer.CheckUsage, nil
}
