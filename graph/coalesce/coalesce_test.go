package coalesce

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// Guarantee: those who ask while a reading is in progress share one that begins after it: none gets what was read before they asked, and
// a hundred cost two readings.
func TestThoseWhoWaitShareTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group Group[int]
		var readings int
		release := make(chan struct{})
		read := func(context.Context) (int, error) {
			readings++
			number := readings
			<-release
			return number, nil
		}
		got := make(chan int, 101)
		ask := func() {
			number, err := group.Do(t.Context(), "report", read)
			if err != nil {
				t.Error(err)
			}
			got <- number
		}
		go ask()
		synctest.Wait()
		for range 100 {
			go ask()
		}
		synctest.Wait()
		close(release)
		if first := <-got; first != 1 {
			t.Errorf("the first got reading %d", first)
		}
		for range 100 {
			if number := <-got; number != 2 {
				t.Errorf("one who waited got reading %d, want 2", number)
			}
		}
		synctest.Wait()
		if readings != 2 || len(group.runs) != 0 {
			t.Errorf("%d readings, want 2; %d kept", readings, len(group.runs))
		}
	})
}

// Guarantee: a caller who leaves takes nobody along, neither while it reads nor while it waits to read, and gets its own error; the error
// of a reading is everybody's.
func TestCallersWhoLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group Group[string]
		release := make(chan struct{})
		read := func(ctx context.Context) (string, error) {
			select {
			case <-release:
				return "read", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		var running sync.WaitGroup
		ask := func(ctx context.Context, want string, wantErr error) {
			running.Go(func() {
				if got, err := group.Do(ctx, "report", read); got != want || !errors.Is(err, wantErr) {
					t.Errorf("got %q, %v; want %q, %v", got, err, want, wantErr)
				}
			})
			synctest.Wait()
		}
		first, leaveFirst := context.WithCancel(t.Context())
		second, leaveSecond := context.WithCancel(t.Context())
		third, leaveThird := context.WithCancel(t.Context())
		ask(first, "", context.Canceled)       // reads
		ask(second, "", context.Canceled)      // is to read next
		ask(third, "", context.Canceled)       // waits for the second's
		ask(t.Context(), "read", nil)          // as well
		ask(context.Background(), "read", nil) // as well
		leaveThird()
		synctest.Wait()
		leaveSecond()
		synctest.Wait()
		leaveFirst()
		synctest.Wait()
		close(release)
		running.Wait()

		broken := errors.New("broken")
		_, err := group.Do(t.Context(), "report", func(context.Context) (string, error) { return "", broken })
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		if len(group.runs) != 0 {
			t.Errorf("%d kept", len(group.runs))
		}
	})
}

// Guarantee: a reading that panics leaves nobody waiting: the others read by themselves.
func TestReadingThatPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group Group[int]
		release := make(chan struct{})
		var running sync.WaitGroup
		running.Go(func() {
			defer func() { _ = recover() }()
			_, _ = group.Do(t.Context(), "report", func(context.Context) (int, error) { <-release; panic("broken") })
		})
		synctest.Wait()
		for range 2 {
			running.Go(func() {
				if got, err := group.Do(t.Context(), "report", func(context.Context) (int, error) { return 7, nil }); got != 7 || err != nil {
					t.Errorf("got %d, %v", got, err)
				}
			})
		}
		synctest.Wait()
		close(release)
		running.Wait()
	})
}

// Guarantee: whatever callers come and leave, each who stays gets a value that was read after it had asked, of its own key.
func TestFreshForEverybody(t *testing.T) {
	t.Parallel()
	var group Group[[2]int64]
	var clock atomic.Int64
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for range 2000 {
				key := rand.Int64N(3) //nolint:gosec // not a secret
				ctx, leave := context.WithCancel(t.Context())
				if rand.IntN(4) == 0 { //nolint:gosec // not a secret
					leave()
				}
				asked := clock.Add(1)
				got, err := group.Do(ctx, fmt.Sprint(key), func(context.Context) ([2]int64, error) {
					return [2]int64{key, clock.Add(1)}, nil
				})
				if err == nil && (got[0] != key || got[1] < asked) {
					t.Errorf("key %d asked at %d, got %v", key, asked, got)
				}
				leave()
			}
		})
	}
	running.Wait()
	if len(group.runs) != 0 {
		t.Errorf("%d readings are kept", len(group.runs))
	}
}
