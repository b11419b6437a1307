package admission

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"testing"

	"golang.org/x/time/rate"
)

// Few refusals are told at once; of those beyond, some wait, until their time is over or their caller has left, and the others
// are not told at all.
func TestRefusalsSlowDown(t *testing.T) {
	t.Parallel()
	f := &Tarpit{free: rate.NewLimiter(0, 1), pausing: make(chan struct{}, 1)}
	ctx, leave := context.WithCancel(t.Context())
	f.Delay(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Delay(ctx)
	}()
	for len(f.pausing) == 0 && t.Context().Err() == nil { // until it waits
		runtime.Gosched()
	}
	leave()
	<-done
	f.pausing <- struct{}{}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("a refusal for which there is no room: %v", err)
		}
	}()
	f.DelayOrAbort(ctx)
}
