package admission

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

const (
	promptRefusals = 20          // a second, and twice as many at once, that are answered without a delay
	refusalDelay   = time.Second // of further ones
	maxDelayed     = 1000        // refusals that are delayed at the same time
)

// Tarpit delays the answers to requests that are refused, when there are many: a client that tries again at once is slowed down.
type Tarpit struct {
	prompt  *rate.Limiter
	delayed chan struct{} // has an element for each refusal that is being delayed
}

// NewTarpit returns a tarpit in which nothing is delayed yet.
func NewTarpit() *Tarpit {
	return &Tarpit{prompt: rate.NewLimiter(promptRefusals, 2*promptRefusals), delayed: make(chan struct{}, maxDelayed)}
}

// DelayOrAbort is Delay, but closes the connection without an answer when too many refusals are being delayed. It does so by a panic
// with http.ErrAbortHandler, so it must not be called within gqlgen, which recovers from panics.
func (t *Tarpit) DelayOrAbort(ctx context.Context) {
	if !t.Delay(ctx) {
		panic(http.ErrAbortHandler)
	}
}

// Delay waits before a refusal is answered, if there are many, at most until the context ends. It returns false, without waiting,
// when too many refusals are being delayed.
func (t *Tarpit) Delay(ctx context.Context) bool {
	if t.prompt.Allow() {
		return true
	}
	select {
	case t.delayed <- struct{}{}:
		defer func() { <-t.delayed }()
	default:
		return false
	}
	select {
	case <-ctx.Done():
	case <-time.After(refusalDelay):
	}
	return true
}
