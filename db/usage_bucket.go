package db

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/id"
)

// UsageSum is the sum of usage buckets. Sums are exact, also past 64 bits.
type UsageSum struct{ bucket UsageBucket }

// Add adds a bucket to the sum.
func (s *UsageSum) Add(b *UsageBucket) { s.combine(b, decimal.Decimal.Add) }

// Subtract subtracts another sum.
func (s *UsageSum) Subtract(other *UsageSum) { s.combine(&other.bucket, decimal.Decimal.Sub) }

// combine sets each part of the sum to what the operation makes of it and the bucket's.
func (s *UsageSum) combine(b *UsageBucket, operation func(decimal.Decimal, decimal.Decimal) decimal.Decimal) {
	s.bucket.Requests = operation(s.bucket.Requests, b.Requests)
	s.bucket.InputTokens = operation(s.bucket.InputTokens, b.InputTokens)
	s.bucket.OutputTokens = operation(s.bucket.OutputTokens, b.OutputTokens)
	s.bucket.CachedInputTokens = operation(s.bucket.CachedInputTokens, b.CachedInputTokens)
	s.bucket.CacheWriteTokens = operation(s.bucket.CacheWriteTokens, b.CacheWriteTokens)
	s.bucket.CacheWrite1hTokens = operation(s.bucket.CacheWrite1hTokens, b.CacheWrite1hTokens)
	s.bucket.ReasoningTokens = operation(s.bucket.ReasoningTokens, b.ReasoningTokens)
	s.bucket.AudioInputTokens = operation(s.bucket.AudioInputTokens, b.AudioInputTokens)
	s.bucket.AudioOutputTokens = operation(s.bucket.AudioOutputTokens, b.AudioOutputTokens)
	s.bucket.Images = operation(s.bucket.Images, b.Images)
	s.bucket.WebSearches = operation(s.bucket.WebSearches, b.WebSearches)
	s.bucket.UnpricedRequests = operation(s.bucket.UnpricedRequests, b.UnpricedRequests)
	s.bucket.UnpricedEvents = operation(s.bucket.UnpricedEvents, b.UnpricedEvents)
	s.bucket.CostNanos = operation(s.bucket.CostNanos, b.CostNanos)
	s.bucket.Denied = operation(s.bucket.Denied, b.Denied)
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

// CacheWrite1hTokens returns the sum of 1-hour cache write tokens.
func (s *UsageSum) CacheWrite1hTokens() decimal.Decimal { return s.bucket.TotalCacheWrite1hTokens() }

// ReasoningTokens returns the sum of reasoning tokens.
func (s *UsageSum) ReasoningTokens() decimal.Decimal { return s.bucket.TotalReasoningTokens() }

// AudioInputTokens returns the sum of audio input tokens.
func (s *UsageSum) AudioInputTokens() decimal.Decimal { return s.bucket.TotalAudioInputTokens() }

// AudioOutputTokens returns the sum of audio output tokens.
func (s *UsageSum) AudioOutputTokens() decimal.Decimal { return s.bucket.TotalAudioOutputTokens() }

// Images returns the sum of images.
func (s *UsageSum) Images() decimal.Decimal { return s.bucket.TotalImages() }

// WebSearches returns the sum of web searches.
func (s *UsageSum) WebSearches() decimal.Decimal { return s.bucket.TotalWebSearches() }

// UnpricedRequests returns the sum of unpriced requests.
func (s *UsageSum) UnpricedRequests() decimal.Decimal { return s.bucket.TotalUnpricedRequests() }

// UnpricedEvents returns the sum of unpriced usage events.
func (s *UsageSum) UnpricedEvents() decimal.Decimal { return s.bucket.TotalUnpricedEvents() }

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

// TotalCacheWrite1hTokens returns the bucket's 1-hour cache write tokens.
func (b *UsageBucket) TotalCacheWrite1hTokens() decimal.Decimal { return b.CacheWrite1hTokens }

// TotalReasoningTokens returns the bucket's reasoning tokens.
func (b *UsageBucket) TotalReasoningTokens() decimal.Decimal { return b.ReasoningTokens }

// TotalAudioInputTokens returns the bucket's audio input tokens.
func (b *UsageBucket) TotalAudioInputTokens() decimal.Decimal { return b.AudioInputTokens }

// TotalAudioOutputTokens returns the bucket's audio output tokens.
func (b *UsageBucket) TotalAudioOutputTokens() decimal.Decimal { return b.AudioOutputTokens }

// TotalImages returns the bucket's images.
func (b *UsageBucket) TotalImages() decimal.Decimal { return b.Images }

// TotalWebSearches returns the bucket's web searches.
func (b *UsageBucket) TotalWebSearches() decimal.Decimal { return b.WebSearches }

// TotalUnpricedRequests returns the bucket's unpriced requests.
func (b *UsageBucket) TotalUnpricedRequests() decimal.Decimal { return b.UnpricedRequests }

// TotalUnpricedEvents returns the bucket's unpriced usage events.
func (b *UsageBucket) TotalUnpricedEvents() decimal.Decimal { return b.UnpricedEvents }

// TotalTokens returns the bucket's input and output tokens together.
func (b *UsageBucket) TotalTokens() decimal.Decimal { return b.InputTokens.Add(b.OutputTokens) }

// TotalDenied returns the bucket's denied requests.
func (b *UsageBucket) TotalDenied() decimal.Decimal { return b.Denied }

// Cost returns the bucket's cost in US dollars.
func (b *UsageBucket) Cost() decimal.Decimal { return b.CostNanos.Shift(-9) }

// SameSeries tells whether two buckets have the same values of all dimensions.
func (b *UsageBucket) SameSeries(other *UsageBucket) bool {
	return equal(b.APIKeyID, other.APIKeyID) && equal(b.WorkspaceID, other.WorkspaceID) &&
		b.Provider == other.Provider && b.Model == other.Model && b.ServiceTier == other.ServiceTier && b.Others == other.Others
}

// Value returns the bucket's value of a dimension, an external id or a name; nil for no workspace, for a provider or model
// that gateways did not report, and for the service tier of denied requests.
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
	case UsageDimensionSERVICETIER:
		return named(b.ServiceTier)
	}
	return nil
}

func equal(a, b *uuid.UUID) bool { return a == b || (a != nil && b != nil && *a == *b) }
