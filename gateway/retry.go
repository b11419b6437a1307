package gateway

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	firstDelay = 50 * time.Millisecond // after each address has failed once; doubled with each further round
	maxDelay   = 2 * time.Second
)

// retry makes attempts until one succeeds or fails for good, or the time is up: at once at the next address while there is one that has
// not been tried, else after a delay that doubles, with jitter of a half, so that requests that failed together do not come back together. It returns
// the last failure, with whether any of the attempts may have been carried out.
func (c *Client) retry(ctx context.Context, attempt func(ctx context.Context, endpoint string) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	delay, number := firstDelay, uint32(len(c.endpoints)) //nolint:gosec // a handful of addresses
	at, unknown := c.first.Load(), false
	for tried := uint32(1); ; tried++ {
		err := attempt(ctx, c.endpoints[at%number])
		failed, ok := errors.AsType[*Error](err)
		if ok {
			unknown = unknown || failed.unknown
			failed.unknown = unknown
		}
		if err == nil || !ok || !failed.Temporary() || ctx.Err() != nil {
			return err
		}
		c.first.CompareAndSwap(at, (at+1)%number) // others begin with the next one from now on
		at = (at + 1) % number
		if tried%number != 0 {
			continue
		}
		timer := time.NewTimer(delay/2 + rand.N(delay))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		delay = min(2*delay, maxDelay)
	}
}
