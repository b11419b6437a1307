package adapter

import (
	"fmt"

	"bursar/db"
	"bursar/graph/model"
	"bursar/usage"
)

// Apply puts what an answer used into a report's input.
func Apply(parts *usage.Parts, input *model.RecordUsageInput) {
	for _, quantity := range []struct {
		into  **int64
		value int64
	}{
		{&input.InputTokens, parts.InputTokens}, {&input.OutputTokens, parts.OutputTokens}, {&input.CachedInputTokens, parts.CachedInputTokens},
		{&input.CacheWriteTokens, parts.CacheWriteTokens}, {&input.CacheWrite1hTokens, parts.CacheWrite1hTokens},
		{&input.ReasoningTokens, parts.ReasoningTokens}, {&input.AudioInputTokens, parts.AudioInputTokens},
		{&input.AudioOutputTokens, parts.AudioOutputTokens}, {&input.Images, parts.Images}, {&input.WebSearches, parts.WebSearches},
	} {
		*quantity.into = new(quantity.value)
	}
	if parts.Model != "" && input.Model == nil {
		input.Model = new(parts.Model)
	}
	if parts.ServiceTier != "" && input.ServiceTier == nil {
		input.ServiceTier = new(db.ServiceTier(parts.ServiceTier))
	}
}

// WithOthers returns a report and those of what other models used within the same answer, each with a request id of its own. They are booked for the
// report's key; without one they cannot be, and ok is false.
func (r *Report) WithOthers(others []usage.Parts) (reports []*Report, ok bool) {
	reports = []*Report{r}
	if len(others) == 0 {
		return reports, true
	}
	if !r.NamesKey() {
		return reports, false
	}
	for i := range others {
		other := *r
		other.Input = model.RecordUsageInput{
			Secret: r.Input.Secret, Key: r.Input.Key, Provider: r.Input.Provider, Metadata: r.Input.Metadata, OccurredAt: r.Input.OccurredAt,
			Requests: new(int64), RequestID: new(longer(*r.settling().RequestID, fmt.Sprintf("/%d", i+1))),
		}
		Apply(&others[i], &other.Input)
		reports = append(reports, &other)
	}
	return reports, true
}
