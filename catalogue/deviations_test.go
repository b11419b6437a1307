package catalogue_test

import (
	"encoding/json"
	"slices"

	"bursar/catalogue"
	"bursar/usage"
)

// deviation is a reason why Bursar's cost of an answer is another than its source's. It is looked at only where they differ.
type deviation struct {
	reason   string
	unpriced bool // Bursar has no price
	is       func(*reading) bool
}

// reading is an answer, by one of the source's extractors and by package usage.
type reading struct {
	body   map[string]any
	by     *extraction
	parts  *usage.Parts
	prices *catalogue.Catalogue
	model  string
	price  *catalogue.Price // nil when there is none
}

// deviations is the table. docs/prices.md has the same reasons.
func deviations() []deviation {
	anthropicElsewhere := []string{"azure", "google", "aws"}
	return []deviation{
		{"ours is right: a compaction before the answer is in usage.iterations alone, and Anthropic bills it (platform.claude.com, Compaction)", false,
			func(r *reading) bool { return r.iterates("compaction") }},
		{"ours is right: the source's extractor for Claude at other providers does not read server_tool_use, though its price has searches", false,
			func(r *reading) bool {
				return r.by.API == "anthropic" && slices.Contains(anthropicElsewhere, r.by.Provider) && r.parts.WebSearches > 0
			}},
		{"ours is right: the source's extractor for Claude at other providers does not read cache writes of 1 hour, which cost more", false,
			func(r *reading) bool {
				return r.by.API == "anthropic" && slices.Contains(anthropicElsewhere, r.by.Provider) && r.parts.CacheWrite1hTokens > 0
			}},
		{"ours is right: the answer was served in another service tier, which has a price of its own; the source has none for tiers", false,
			func(r *reading) bool { return r.parts.ServiceTier != usage.Standard }},
		{"ours is right: tokens from a cache are in a field of this provider's that the source does not read", false,
			func(r *reading) bool {
				return r.field("prompt_tokens_details", "cached_tokens") < float64(r.parts.CachedInputTokens) && r.parts.CachedInputTokens > 0 &&
					r.field("prompt_tokens") > 0
			}},
		{"ours is right: whether output includes reasoning shows in total_tokens, which the source does not look at", false,
			func(r *reading) bool {
				return r.parts.ReasoningTokens > 0 && r.field("completion_tokens") > 0 &&
					r.field("total_tokens") == float64(r.parts.InputTokens+r.parts.OutputTokens)
			}},
		{"ours is right: Cohere bills usage.billed_units, and the source's extractor reads usage.tokens here", false,
			func(r *reading) bool { return r.by.Provider == "cohere" && r.by.API == "tokens" }},
		{"ours is right: details name a modality several times, and the source reads the first of its entries", false,
			(*reading).repeats},
		{"ours is right: tokens of cited pages cost what input does at Perplexity; the source takes them for output", false,
			func(r *reading) bool { return r.by.Provider == "perplexity" && r.field("citation_tokens") > 0 }},
		{"no unit: audio from a cache costs what text from a cache does; 5 prices of the list have another rate for it", false,
			func(r *reading) bool { return r.cachedAudio() }},
		{"not in the list: Bursar has no price whose rates change with the time of day", true, func(r *reading) bool { return r.refused("its price changes with the time of day") }},
		{"not in the list: there is no unit for image and video tokens, so that such calls are unpriced and not too cheap; 60 models are left out for it", true,
			func(r *reading) bool { return r.refused("there is no unit for") }},
		{"not in the list: the source has no rates and does not say that it is free", true, func(r *reading) bool { return r.refused("it has no rates") }},
	}
}

// known returns why a reading costs other than the source says; empty when nobody knows.
func known(prices *catalogue.Catalogue, line *answered, by *extraction, parts *usage.Parts, price *catalogue.Price) string {
	r := &reading{by: by, parts: parts, prices: prices, model: line.Model, price: price}
	if json.Unmarshal(line.Body, &r.body) != nil {
		return ""
	}
	for _, one := range deviations() {
		if one.unpriced == (price == nil) && one.is(r) {
			return one.reason
		}
	}
	return ""
}

// usage returns the usage object.
func (r *reading) usage() map[string]any {
	for _, name := range []string{"usage", "usageMetadata"} {
		if of, ok := r.body[name].(map[string]any); ok {
			return of
		}
	}
	return nil
}

// field returns a number of the usage object; 0 for none.
func (r *reading) field(path ...string) float64 {
	var value any = r.usage()
	for _, name := range path {
		of, _ := value.(map[string]any)
		value = of[name]
	}
	n, _ := value.(float64)
	return n
}

// iterates says whether an answer has an iteration of a type.
func (r *reading) iterates(kind string) bool {
	iterations, _ := r.usage()["iterations"].([]any)
	return slices.ContainsFunc(iterations, func(value any) bool {
		iteration, _ := value.(map[string]any)
		return iteration["type"] == kind
	})
}

// cachedAudio says whether audio was read from a cache.
func (r *reading) cachedAudio() bool {
	details, _ := r.usage()["cacheTokensDetails"].([]any)
	return slices.ContainsFunc(details, func(value any) bool {
		detail, _ := value.(map[string]any)
		return detail["modality"] == "AUDIO"
	})
}

// repeats says whether the details of an answer of Gemini have two entries of one modality.
func (r *reading) repeats() bool {
	for _, value := range r.usage() {
		details, _ := value.([]any)
		seen := map[any]bool{}
		for _, value := range details {
			detail, _ := value.(map[string]any)
			if seen[detail["modality"]] && detail["modality"] != nil {
				return true
			}
			seen[detail["modality"]] = true
		}
	}
	return false
}

// refused says whether the list has no price for the model, for a reason.
func (r *reading) refused(because string) bool {
	why, left := r.prices.Refusal(r.by.Provider, r.model)
	return left && len(why.Reason) >= len(because) && why.Reason[:len(because)] == because
}
