package gauge

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Guarantee: a percentile is never below the true one, and less than 1 % above it, from nanoseconds to minutes.
func TestPercentilesAreNear(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, scale := range []time.Duration{50, time.Microsecond, time.Millisecond, time.Second, time.Minute} {
		var h, half Histogram
		all := make([]time.Duration, 10_000)
		for i := range all {
			all[i] = time.Duration(random.ExpFloat64() * float64(scale))
			if i%2 == 0 {
				h.Add(all[i])
			} else {
				half.Add(all[i])
			}
		}
		h.Merge(&half)
		slices.Sort(all)
		if h.Most != all[len(all)-1] {
			t.Errorf("the longest is %s, want %s", h.Most, all[len(all)-1])
		}
		for _, perMille := range []uint64{1, 10, 500, 900, 990, 999, 1000} {
			exact, got := all[uint64(len(all))*perMille/1000-1], h.Quantile(perMille)
			if got < exact || float64(got) > 1.01*float64(exact)+1 {
				t.Errorf("scale %s, %d of a thousand: %s, want %s", scale, perMille, got, exact)
			}
		}
	}
}

// Guarantee: every duration has a bucket, which ends at it or after it.
func TestEveryLatencyHasABucket(t *testing.T) {
	t.Parallel()
	for _, latency := range []time.Duration{-1, 0, 1, 127, 128, 129, 255, 256, 257, 1<<maxBits - 1} {
		if end := endOf(bucketOf(latency)); end < latency {
			t.Errorf("%d is in a bucket that ends with %d", latency, end)
		}
	}
	if last := bucketOf(1<<63 - 1); last != buckets-1 {
		t.Errorf("the longest latency is in bucket %d of %d", last, buckets)
	}
	var empty Histogram
	if got := empty.Quantile(990); got != 0 {
		t.Errorf("the percentile of nothing is %s", got)
	}
}
