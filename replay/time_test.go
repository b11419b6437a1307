package replay

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// At N times real time a row goes out at its offset in the file divided by N, and never before.
func TestSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var requests []request
		for _, offset := range []time.Duration{0, 10 * time.Second, 5 * time.Second, 20 * time.Second} {
			requests = append(requests, request{at: start.Add(offset)})
		}
		numbers := make(chan int)
		go schedule(t.Context(), requests, 10, numbers)
		var sentAt []time.Duration
		for range numbers {
			sentAt = append(sentAt, time.Since(start))
		}
		want := []time.Duration{0, time.Second, time.Second, 2 * time.Second} // an earlier row after a later one is not held up
		for i := range want {
			if len(sentAt) != len(want) || sentAt[i] != want[i] {
				t.Fatalf("rows went out at %v, want %v", sentAt, want)
			}
		}
	})
}

// A replay that is stopped does not wait for the next row's time.
func TestScheduleStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		numbers := make(chan int)
		go schedule(ctx, []request{{at: start}, {at: start.Add(time.Hour)}}, 1, numbers)
		handedOut := 0
		for range numbers {
			handedOut++
		}
		if handedOut != 1 || time.Since(start) != time.Second {
			t.Errorf("%d rows in %v, want 1 in 1s", handedOut, time.Since(start))
		}
	})
}

// Only a temporary failure is tried again, a few times, and not after the context is done.
func TestRetry(t *testing.T) {
	t.Parallel()
	temporary, lasting := &failure{code: "UNAVAILABLE", temporary: true}, &failure{code: "NOT_FOUND"}
	for name, c := range map[string]struct {
		answers []error // one after the other, then the last one again
		calls   int
		want    error
	}{
		"success":          {[]error{nil}, 1, nil},
		"lasting":          {[]error{lasting}, 1, lasting},
		"then success":     {[]error{temporary, temporary, nil}, 3, nil},
		"then lasting":     {[]error{temporary, lasting}, 2, lasting},
		"always temporary": {[]error{temporary}, attempts, temporary},
	} {
		synctest.Test(t, func(t *testing.T) {
			start, calls := time.Now(), 0
			err := retry(t.Context(), func() error {
				calls++
				return c.answers[min(calls, len(c.answers))-1]
			})
			if calls != c.calls || !errors.Is(err, c.want) {
				t.Errorf("%s: %d calls, error %v, want %d and %v", name, calls, err, c.calls, c.want)
			}
			if waited := time.Since(start); waited > 5*time.Second || (calls > 1) != (waited > 0) {
				t.Errorf("%s: waited %v for %d calls", name, waited, calls)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		calls := 0
		err := retry(ctx, func() error { calls++; return temporary })
		if calls != 1 || !errors.Is(err, temporary) {
			t.Errorf("%d calls, error %v after the context was done", calls, err)
		}
	})
}

// What is no terminal gets a line every 5 s, and none after the end.
func TestProgressLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shown strings.Builder
		stop := showProgress(&shown, 19_366, func() int64 { return 1234 })
		<-time.After(11 * time.Second)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if want := "5s: 1,234 of 19,366 requests\n10s: 1,234 of 19,366 requests\n"; shown.String() != want {
			t.Errorf("shown %q, want %q", shown.String(), want)
		}
	})
}

// A progress that cannot be written is an error and does not delay the replay.
func TestProgressFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stop := showProgress(brokenWriter{}, 1, func() int64 { return 0 })
		<-time.After(time.Minute)
		if err := stop(); !errors.Is(err, errBroken) {
			t.Errorf("error %v", err)
		}
	})
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }
