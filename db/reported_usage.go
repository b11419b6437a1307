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
	CostNanos         int64     `json:"-"`
	Provider          string    `json:"-"` // "" when not given
	Model             string    `json:"-"` // "" when not given
	Metadata          string    `json:"-"` // a JSON object
	OccurredAt        time.Time `json:"-"` // zero: not given

	CacheWriteTokens int64 `json:"cacheWriteTokens,omitzero"` // written to the provider's cache; a part of InputTokens
}

// AddReport appends a report to the arguments of record_usage. The order of quantities and labels is that of book_usage: new
// ones go last, because servers of the last release do not send them.
func (p *RecordUsageParams) AddReport(r *ReportedUsage) {
	p.Quantities = appendRow(p.Quantities, r.Requests, r.InputTokens, r.OutputTokens, r.CachedInputTokens, r.CacheWriteTokens)
	p.Labels = appendRow(p.Labels, r.Provider, r.Model, r.Metadata)
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
