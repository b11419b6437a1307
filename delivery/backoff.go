package delivery

import (
	"math/rand/v2"
	"time"
)

// maxBackoff is the longest wait after a failed attempt.
const maxBackoff = time.Hour

// backoff returns how long to wait after the given number of attempts, 1 or more: the first wait, then twice as long each
// time, and up to half as long again at random, so that mail that failed together is not tried together.
func backoff(first time.Duration, attempts int32) time.Duration {
	const longest = maxBackoff * 2 / 3 // plus half of it is maxBackoff
	wait := min(first, longest)
	for range attempts - 1 {
		if wait *= 2; wait >= longest {
			wait = longest
			break
		}
	}
	return wait + rand.N(wait/2+1)
}
