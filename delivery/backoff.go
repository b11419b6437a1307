package delivery

import (
	"math/rand/v2"
	"time"
)

// MaxBackoff is the longest delay after a failed attempt, and the longest that a provider's wish for one is obeyed.
const MaxBackoff = time.Hour

// Backoff returns the delay after the given number of attempts, 1 or more: the first delay, doubled with each further attempt,
// plus up to half of that at random, so that mail that failed together is not retried together. At most MaxBackoff.
func Backoff(first time.Duration, attempts int32) time.Duration {
	const longest = MaxBackoff * 2 / 3 // with its random half it is MaxBackoff
	delay := min(first, longest)
	for range attempts - 1 {
		if delay *= 2; delay >= longest {
			delay = longest
			break
		}
	}
	return delay + rand.N(delay/2+1)
}
