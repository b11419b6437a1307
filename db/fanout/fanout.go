// Package fanout asks many at the same time, and not all of very many.
package fanout

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Width is how many are asked at a time, of 1,000, say: one question would else take a connection to each.
const Width = 64

// late is how long one may take that is counted among these. After it another is asked beside it.
const late = 100 * time.Millisecond

// Each asks all, each in a goroutine of its own, until the context ends. If they are more than Width, those are asked first whose answer was looked for most.
// It returns when the last was asked.
func Each[T any](ctx context.Context, all []T, found func(T) int64, ask func(T)) {
	room := make(chan struct{}, Width)
	for _, one := range likeliest(all, found) {
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			return
		}
		go func() {
			leave := sync.OnceFunc(func() { <-room })
			timer := time.AfterFunc(late, leave)
			ask(one)
			timer.Stop()
			leave()
		}()
	}
}

func likeliest[T any](all []T, found func(T) int64) []T {
	if len(all) <= Width {
		return all
	}
	type counted struct {
		one   T
		found int64
	}
	counts := make([]counted, len(all))
	for i, one := range all {
		counts[i] = counted{one, found(one)}
	}
	slices.SortStableFunc(counts, func(a, b counted) int { return cmp.Compare(b.found, a.found) })
	order := make([]T, len(all))
	for i, c := range counts {
		order[i] = c.one
	}
	return order
}
