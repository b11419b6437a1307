package gauge

import (
	"math/bits"
	"time"
)

const (
	exactBits = 7  // values below 1<<exactBits ns have a bucket each; each greater power of two has 128 buckets
	maxBits   = 40 // of a value in nanoseconds; longer latencies count as the maximum, 18 minutes
	buckets   = (maxBits - exactBits + 1) << exactBits
)

// Histogram counts latencies in buckets that are less than 1 % wide: its size does not depend on the number of latencies.
// The zero value is empty.
type Histogram struct {
	counts [buckets]uint64
	Total  uint64        // latencies
	Most   time.Duration // the longest one, exact
}

// Add counts a latency.
func (h *Histogram) Add(latency time.Duration) {
	h.counts[bucketOf(latency)]++
	h.Total++
	h.Most = max(h.Most, latency)
}

// Merge adds what another one has counted.
func (h *Histogram) Merge(other *Histogram) {
	for i, count := range other.counts {
		h.counts[i] += count
	}
	h.Total += other.Total
	h.Most = max(h.Most, other.Most)
}

// Quantile returns the latency that the given share (1 to 1000 per mille) of all latencies does not exceed, rounded up to
// the end of its bucket; 0 for an empty histogram.
func (h *Histogram) Quantile(perMille uint64) time.Duration {
	if h.Total == 0 {
		return 0
	}
	wanted := (h.Total*perMille + 999) / 1000 // operations, rounded up
	var seen uint64
	for i, count := range h.counts {
		if seen += count; seen >= wanted {
			return endOf(i)
		}
	}
	return endOf(buckets - 1)
}

func bucketOf(latency time.Duration) int {
	value := min(uint64(max(0, latency)), 1<<maxBits-1) //nolint:gosec // never negative
	shift := max(0, bits.Len64(value)-exactBits-1)
	return shift<<exactBits + int(value>>shift) //nolint:gosec // below buckets
}

// endOf returns the largest latency of a bucket.
func endOf(bucket int) time.Duration {
	shift := max(0, bucket>>exactBits-1)
	mantissa := bucket - shift<<exactBits
	return time.Duration((mantissa+1)<<shift - 1)
}
