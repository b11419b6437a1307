package delivery

import (
	"math/rand/v2"
	"time"
)

// maxBackoff is the longest delay after a failed attempt.
const maxBackoff = time.Hour

// backoff returns the delay after the given number of attempts, 1 or more: the first delay, doubled with each further attempt,
// plus up to half of that at random, so that mail that failed together is not retried together. At most maxBackoff.
func backoff(first time.Duration, attempts int32) time.Duration {
	const longest = maxBackoff * 2 / 3 // with its random half it is maxBackoff
	delay := min(first, longest)
	for range attempts - 1 {
		if delay *= 2; delay >= longest {
			delay = longest
			break
		}
	}
	return delay + rand.N(delay/2+1)
}
