package replay

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	attempts   = 6                      // of one operation, about 3 s in all when every one is refused at once
	firstPause = 100 * time.Millisecond // before the second attempt; doubled before each further one
)

// retry repeats an operation while its failure is temporary, with exponential backoff. The pauses have jitter of a half, so that
// connections that failed together do not retry together. It returns the last failure.
func retry(ctx context.Context, operation func() error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := operation()
		failed, ok := errors.AsType[*failure](err)
		if !ok || !failed.temporary || attempt == attempts || ctx.Err() != nil {
			return err
		}
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		pause *= 2
	}
}
