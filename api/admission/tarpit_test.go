package admission

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"testing"

	"golang.org/x/time/rate"
)

// Few refusals are answered at once. Of further ones some are delayed, until the delay is over or the caller has left; the others are
// not answered.
func TestTarpit(t *testing.T) {
	t.Parallel()
	tarpit := &Tarpit{prompt: rate.NewLimiter(0, 1), delayed: make(chan struct{}, 1)}
	ctx, leave := context.WithCancel(t.Context())
	tarpit.Delay(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tarpit.Delay(ctx)
	}()
	for len(tarpit.delayed) == 0 && t.Context().Err() == nil { // until it is delayed
		runtime.Gosched()
	}
	leave()
	<-done
	tarpit.delayed <- struct{}{}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("a refusal for which there is no room: %v", err)
		}
	}()
	tarpit.DelayOrAbort(ctx)
}
