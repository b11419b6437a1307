// Package usage reads what a provider's answer says was used, in Bursar's parts: the same numbers whichever provider answers,
// so that a price list of parts is enough to say what a call costs.
package usage

import (
	"errors"
	"fmt"
)

// MaxQuantity is the largest quantity that is believed, the largest that recordUsage takes. Anything larger is an error of the provider.
const MaxQuantity = 1_000_000_000_000

// Parts is what one answer used. CachedInputTokens, CacheWriteTokens and AudioInputTokens are of InputTokens; the first two have no
// token in common. CacheWrite1hTokens are of CacheWriteTokens; ReasoningTokens and AudioOutputTokens are of OutputTokens. Names are
// those of recordUsage.
//
// Audio may be cached, too. Where an answer says how much of it was, AudioInputTokens is without that. Where it does not, prices charge
// audio for as many tokens as are neither cached nor written, at most.
type Parts struct {
	Model              string      `json:"model,omitzero"` // as the answer names it; empty when it does not
	ServiceTier        ServiceTier `json:"serviceTier,omitzero"`
	Requests           int64       `json:"requests"`
	InputTokens        int64       `json:"inputTokens,omitzero"`
	OutputTokens       int64       `json:"outputTokens,omitzero"`
	CachedInputTokens  int64       `json:"cachedInputTokens,omitzero"`  // read from a cache
	CacheWriteTokens   int64       `json:"cacheWriteTokens,omitzero"`   // written to a cache, for however long
	CacheWrite1hTokens int64       `json:"cacheWrite1hTokens,omitzero"` // written to a cache for an hour
	ReasoningTokens    int64       `json:"reasoningTokens,omitzero"`
	AudioInputTokens   int64       `json:"audioInputTokens,omitzero"` // as far as is known, not read from a cache
	AudioOutputTokens  int64       `json:"audioOutputTokens,omitzero"`
	Images             int64       `json:"images,omitzero"` // that were made
	WebSearches        int64       `json:"webSearches,omitzero"`

	// Others is what other models used within the same answer, at their own prices: Anthropic's advisors, OpenAI's image
	// generation. It is in none of the numbers above; record each as a call of its own, without a request (Requests is 0).
	Others []Parts `json:"others,omitempty"`
}

// ServiceTier is how a call was served, which has a price of its own at some providers.
type ServiceTier string

// The service tiers. An answer that names none, or one without a price of its own, is Standard.
const (
	Standard ServiceTier = "STANDARD"
	Batch    ServiceTier = "BATCH"
	Flex     ServiceTier = "FLEX"
	Priority ServiceTier = "PRIORITY"
)

// ServiceTiers returns all service tiers.
func ServiceTiers() []ServiceTier { return []ServiceTier{Standard, Batch, Flex, Priority} }

// ErrNone says that an answer has no usage: a stream's piece, an error, or an answer of another API.
var ErrNone = errors.New("usage: the answer has none")

// Read reads an answer of a provider, or the usage object of one alone. The answer is input of foreign origin: whatever it is,
// the result is either right within itself or an error, which names the field. A number that is missing counts 0, but for input
// and output tokens where the API always has them.
func Read(flavor Flavor, body []byte) (Parts, error) {
	read, known := readers()[flavor]
	if !known {
		return Parts{}, fmt.Errorf("usage: there is no flavor %q", string(flavor))
	}
	a, err := open(body)
	if err != nil {
		return Parts{}, err
	}
	parts := Parts{Requests: 1, Model: a.text("model", "modelVersion"), ServiceTier: Standard}
	read(a, &parts)
	if a.err != nil {
		return Parts{}, a.err
	}
	if err := parts.check(); err != nil {
		return Parts{}, err
	}
	for i := range parts.Others {
		if err := parts.Others[i].check(); err != nil {
			return Parts{}, fmt.Errorf("%w, of the model %q within the answer", err, parts.Others[i].Model)
		}
	}
	return parts, nil
}

// check refuses parts that are more than their whole.
func (p *Parts) check() error {
	for _, of := range []struct {
		part  string
		is    int64
		whole string
		most  int64
	}{
		{"cachedInputTokens and cacheWriteTokens", p.CachedInputTokens + p.CacheWriteTokens, "inputTokens", p.InputTokens},
		{"cacheWrite1hTokens", p.CacheWrite1hTokens, "cacheWriteTokens", p.CacheWriteTokens},
		{"audioInputTokens", p.AudioInputTokens, "inputTokens", p.InputTokens},
		{"reasoningTokens", p.ReasoningTokens, "outputTokens", p.OutputTokens},
		{"audioOutputTokens", p.AudioOutputTokens, "outputTokens", p.OutputTokens},
		{"inputTokens", p.InputTokens, "what is believed", MaxQuantity},
		{"outputTokens", p.OutputTokens, "what is believed", MaxQuantity},
	} {
		if of.is > of.most {
			return fmt.Errorf("usage: %s (%d) is more than %s (%d)", of.part, of.is, of.whole, of.most)
		}
	}
	return nil
}
