package db

import "time"

// ReportedUsage is the usage of a request as a gateway reports it. A report's fingerprint has the fields of the first release by
// position (tag "-"), and later fields by the name in their tag, unless they are zero: so stored fingerprints of reports without
// them stay valid.
type ReportedUsage struct {
	Requests          int64     `json:"-"` // -1: what the reservation counted, else 1
	InputTokens       int64     `json:"-"`
	OutputTokens      int64     `json:"-"`
	CachedInputTokens int64     `json:"-"` // read from the provider's cache; a part of InputTokens
	CostNanos         int64     `json:"-"` // -1: not given, to be computed by the price
	Provider          string    `json:"-"` // "" when not given
	Model             string    `json:"-"` // "" when not given
	Metadata          string    `json:"-"` // a JSON object
	OccurredAt        time.Time `json:"-"` // zero: not given

	CacheWriteTokens   int64       `json:"cacheWriteTokens,omitzero"`   // written to the provider's cache; a part of InputTokens
	CacheWrite1hTokens int64       `json:"cacheWrite1hTokens,omitzero"` // kept there for an hour; a part of CacheWriteTokens
	ReasoningTokens    int64       `json:"reasoningTokens,omitzero"`    // a part of OutputTokens
	AudioInputTokens   int64       `json:"audioInputTokens,omitzero"`   // a part of InputTokens, which may be cached or written, too
	AudioOutputTokens  int64       `json:"audioOutputTokens,omitzero"`  // a part of OutputTokens
	Images             int64       `json:"images,omitzero"`
	WebSearches        int64       `json:"webSearches,omitzero"`
	ServiceTier        ServiceTier `json:"serviceTier,omitzero"` // "" when not given
}

// AddReport appends a report to the arguments of record_usage. The order of quantities and labels is that of book_usage: new
// ones go last, because servers of the last release do not send them.
func (p *RecordUsageParams) AddReport(r *ReportedUsage) {
	p.Quantities = appendRow(p.Quantities, r.Requests, r.InputTokens, r.OutputTokens, r.CachedInputTokens, r.CacheWriteTokens,
		r.CacheWrite1hTokens, r.ReasoningTokens, r.AudioInputTokens, r.AudioOutputTokens, r.Images, r.WebSearches)
	p.Labels = appendRow(p.Labels, r.Provider, r.Model, r.Metadata, string(r.ServiceTier))
	p.CostNanos = append(p.CostNanos, r.CostNanos)
	p.OccurredAt = append(p.OccurredAt, r.OccurredAt)
}

// appendRow appends a row's values, each to its column.
func appendRow[T any](columns [][]T, values ...T) [][]T {
	if columns == nil {
		columns = make([][]T, len(values))
	}
	for i, value := range values {
		columns[i] = append(columns[i], value)
	}
	return columns
}
