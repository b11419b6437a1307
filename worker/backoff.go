package worker

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// minBackoff is the shortest wait after a failed attempt.
	minBackoff = 30 * time.Second
	// maxBackoff is the longest.
	maxBackoff = time.Hour
)

// backoff returns how long to wait after the given number of attempts, 1 or more: twice as long each time, and up to half
// as long again at random, so that mail that failed together is not tried together.
func backoff(attempts int32) time.Duration {
	const longest = maxBackoff * 2 / 3 // plus half of it is maxBackoff
	wait := minBackoff
	for range attempts - 1 {
		if wait *= 2; wait >= longest {
			wait = longest
			break
		}
	}
	return wait + rand.N(wait/2+1)
}

// pause is how long the mail provider asked to wait, over all runs of a worker.
type pause struct {
	mutex sync.Mutex
	until time.Time
}

// extend begins or lengthens the pause: at least a second, and at most an hour, after which the provider is asked again.
func (p *pause) extend(wait time.Duration) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if until := time.Now().Add(min(max(wait, time.Second), maxBackoff)); until.After(p.until) {
		p.until = until
	}
}

// left returns what is left of the pause; 0 when there is none.
func (p *pause) left() time.Duration {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return max(time.Until(p.until), 0)
}
