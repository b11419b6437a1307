package db

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/id"
)

// UsageSum is the sum of usage buckets.
type UsageSum struct{ bucket UsageBucket }

// Add adds a bucket to the sum.
func (s *UsageSum) Add(b *UsageBucket) {
	s.bucket.Requests = s.bucket.Requests.Add(b.Requests)
	s.bucket.InputTokens = s.bucket.InputTokens.Add(b.InputTokens)
	s.bucket.OutputTokens = s.bucket.OutputTokens.Add(b.OutputTokens)
	s.bucket.CachedInputTokens = s.bucket.CachedInputTokens.Add(b.CachedInputTokens)
	s.bucket.CacheWriteTokens = s.bucket.CacheWriteTokens.Add(b.CacheWriteTokens)
	s.bucket.CostNanos = s.bucket.CostNanos.Add(b.CostNanos)
}

// Requests returns the sum of requests; ErrTooLarge past 64 bits.
func (s *UsageSum) Requests() (int64, error) { return s.bucket.TotalRequests() }

// InputTokens returns the sum of input tokens; ErrTooLarge past 64 bits.
func (s *UsageSum) InputTokens() (int64, error) { return s.bucket.TotalInputTokens() }

// OutputTokens returns the sum of output tokens; ErrTooLarge past 64 bits.
func (s *UsageSum) OutputTokens() (int64, error) { return s.bucket.TotalOutputTokens() }

// CachedInputTokens returns the sum of cached input tokens; ErrTooLarge past 64 bits.
func (s *UsageSum) CachedInputTokens() (int64, error) { return s.bucket.TotalCachedInputTokens() }

// CacheWriteTokens returns the sum of cache write tokens; ErrTooLarge past 64 bits.
func (s *UsageSum) CacheWriteTokens() (int64, error) { return s.bucket.TotalCacheWriteTokens() }

// Tokens returns the sum of input and output tokens; ErrTooLarge past 64 bits.
func (s *UsageSum) Tokens() (int64, error) { return s.bucket.TotalTokens() }

// Cost returns the sum in US dollars.
func (s *UsageSum) Cost() decimal.Decimal { return s.bucket.Cost() }

// TotalRequests returns the bucket's requests; ErrTooLarge past 64 bits.
func (b *UsageBucket) TotalRequests() (int64, error) { return whole(b.Requests) }

// TotalInputTokens returns the bucket's input tokens; ErrTooLarge past 64 bits.
func (b *UsageBucket) TotalInputTokens() (int64, error) { return whole(b.InputTokens) }

// TotalOutputTokens returns the bucket's output tokens; ErrTooLarge past 64 bits.
func (b *UsageBucket) TotalOutputTokens() (int64, error) { return whole(b.OutputTokens) }

// TotalCachedInputTokens returns the bucket's cached input tokens; ErrTooLarge past 64 bits.
func (b *UsageBucket) TotalCachedInputTokens() (int64, error) { return whole(b.CachedInputTokens) }

// TotalCacheWriteTokens returns the bucket's cache write tokens; ErrTooLarge past 64 bits.
func (b *UsageBucket) TotalCacheWriteTokens() (int64, error) { return whole(b.CacheWriteTokens) }

// TotalTokens returns the bucket's input and output tokens together; ErrTooLarge past 64 bits.
func (b *UsageBucket) TotalTokens() (int64, error) { return whole(b.InputTokens.Add(b.OutputTokens)) }

// Cost returns the bucket's cost in US dollars.
func (b *UsageBucket) Cost() decimal.Decimal { return b.CostNanos.Shift(-9) }

// SameSeries tells whether two buckets have the same values of all dimensions.
func (b *UsageBucket) SameSeries(other *UsageBucket) bool {
	return equal(b.APIKeyID, other.APIKeyID) && equal(b.WorkspaceID, other.WorkspaceID) &&
		b.Provider == other.Provider && b.Model == other.Model
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
