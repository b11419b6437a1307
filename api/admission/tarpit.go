package admission

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

const (
	freeRefusals = 20          // a second, and twice as many at once, that are told at once
	refusalPause = time.Second // of those beyond, so that whoever tries again and again does it slowly
	mostPausing  = 1000        // beyond, a connection is closed without a word
)

// refusals slows down those who are refused again and again. To refuse costs little, but not nothing, and who is told at once
// asks at once again.
type Tarpit struct {
	free    *rate.Limiter
	pausing chan struct{}
}

func NewTarpit() *Tarpit {
	return &Tarpit{free: rate.NewLimiter(freeRefusals, 2*freeRefusals), pausing: make(chan struct{}, mostPausing)}
}

// DelayOrAbort is pause for a request that nothing was done for yet: it closes the connection when there is no room. Whoever calls
// it must be able to be left by a panic, which gqlgen is not.
func (f *Tarpit) DelayOrAbort(ctx context.Context) {
	if !f.Delay(ctx) {
		panic(http.ErrAbortHandler) // net/http knows it and closes the connection
	}
}

// pause waits before a refusal when there are many, and tells whether there was room for that.
func (f *Tarpit) Delay(ctx context.Context) bool {
	if f.free.Allow() {
		return true
	}
	select {
	case f.pausing <- struct{}{}:
		defer func() { <-f.pausing }()
	default:
		return false
	}
	select {
	case <-ctx.Done():
	case <-time.After(refusalPause):
	}
	return true
}
