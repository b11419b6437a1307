package db

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/id"
)

// UsageSum is the sum of usage buckets. Sums are exact, also past 64 bits.
type UsageSum struct{ bucket UsageBucket }

// Add adds a bucket to the sum.
func (s *UsageSum) Add(b *UsageBucket) {
	s.bucket.Requests = s.bucket.Requests.Add(b.Requests)
	s.bucket.InputTokens = s.bucket.InputTokens.Add(b.InputTokens)
	s.bucket.OutputTokens = s.bucket.OutputTokens.Add(b.OutputTokens)
	s.bucket.CachedInputTokens = s.bucket.CachedInputTokens.Add(b.CachedInputTokens)
	s.bucket.CacheWriteTokens = s.bucket.CacheWriteTokens.Add(b.CacheWriteTokens)
	s.bucket.CostNanos = s.bucket.CostNanos.Add(b.CostNanos)
	s.bucket.Denied = s.bucket.Denied.Add(b.Denied)
}

// Requests returns the sum of requests.
func (s *UsageSum) Requests() decimal.Decimal { return s.bucket.TotalRequests() }

// InputTokens returns the sum of input tokens.
func (s *UsageSum) InputTokens() decimal.Decimal { return s.bucket.TotalInputTokens() }

// OutputTokens returns the sum of output tokens.
func (s *UsageSum) OutputTokens() decimal.Decimal { return s.bucket.TotalOutputTokens() }

// CachedInputTokens returns the sum of cached input tokens.
func (s *UsageSum) CachedInputTokens() decimal.Decimal { return s.bucket.TotalCachedInputTokens() }

// CacheWriteTokens returns the sum of cache write tokens.
func (s *UsageSum) CacheWriteTokens() decimal.Decimal { return s.bucket.TotalCacheWriteTokens() }

// Tokens returns the sum of input and output tokens.
func (s *UsageSum) Tokens() decimal.Decimal { return s.bucket.TotalTokens() }

// Denied returns the sum of denied requests.
func (s *UsageSum) Denied() decimal.Decimal { return s.bucket.TotalDenied() }

// Cost returns the sum in US dollars.
func (s *UsageSum) Cost() decimal.Decimal { return s.bucket.Cost() }

// TotalRequests returns the bucket's requests.
func (b *UsageBucket) TotalRequests() decimal.Decimal { return b.Requests }

// TotalInputTokens returns the bucket's input tokens.
func (b *UsageBucket) TotalInputTokens() decimal.Decimal { return b.InputTokens }

// TotalOutputTokens returns the bucket's output tokens.
func (b *UsageBucket) TotalOutputTokens() decimal.Decimal { return b.OutputTokens }

// TotalCachedInputTokens returns the bucket's cached input tokens.
func (b *UsageBucket) TotalCachedInputTokens() decimal.Decimal { return b.CachedInputTokens }

// TotalCacheWriteTokens returns the bucket's cache write tokens.
func (b *UsageBucket) TotalCacheWriteTokens() decimal.Decimal { return b.CacheWriteTokens }

// TotalTokens returns the bucket's input and output tokens together.
func (b *UsageBucket) TotalTokens() decimal.Decimal { return b.InputTokens.Add(b.OutputTokens) }

// TotalDenied returns the bucket's denied requests.
func (b *UsageBucket) TotalDenied() decimal.Decimal { return b.Denied }

// Cost returns the bucket's cost in US dollars.
func (b *UsageBucket) Cost() decimal.Decimal { return b.CostNanos.Shift(-9) }

// SameSeries tells whether two buckets have the same values of all dimensions.
func (b *UsageBucket) SameSeries(other *UsageBucket) bool {
	return equal(b.APIKeyID, other.APIKeyID) && equal(b.WorkspaceID, other.WorkspaceID) &&
		b.Provider == other.Provider && b.Model == other.Model && b.Others == other.Others
}

// Value returns the bucket's value of a dimension, an external id or a name; nil for no workspace and for a provider or model
// that gateways did not report.
func (b *UsageBucket) Value(dimension UsageDimension) *string {
	switch dimension {
	case UsageDimensionAPIKEY:
		return id.APIKey.FormatPointer(b.APIKeyID)
	case UsageDimensionWORKSPACE:
		return id.Workspace.FormatPointer(b.WorkspaceID)
	case UsageDimensionMODEL:
		return named(b.Model)
	case UsageDimensionPROVIDER:
		return named(b.Provider)
	}
	return nil
}

func equal(a, b *uuid.UUID) bool { return a == b || (a != nil && b != nil && *a == *b) }
