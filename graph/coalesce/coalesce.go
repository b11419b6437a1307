// Package coalesce runs one reading of the database for all requests that ask for the same at the same time, as consoles of an
// organization do when all of them hear of a change.
package coalesce

import (
	"context"
	"errors"
	"sync"
)

// Group is readings by what they read. The zero Group is ready for use.
type Group[V any] struct {
	mutex sync.Mutex
	runs  map[string]*run[V] // by key: the one in progress, with the next behind it
}

// run is one reading. The caller who adds it executes it.
type run[V any] struct {
	ended chan struct{} // closed when value and err are set
	value V
	err   error
	next  *run[V] // of those who came while this one was in progress; nil: nobody did
}

// errAbandoned is a reading whose caller left, or panicked, before it was done.
var errAbandoned = errors.New("the caller who read has left")

// Do returns what read returns. Callers who give the same key while a reading is in progress wait for its end, and then share one: what
// they get was read after they had asked, as it would be without others. The value is shared, so that nobody may change it; an error
// is shared as well, but for that of a caller who left. read gets ctx of one of the callers; a caller whose ctx ends stops waiting.
func (g *Group[V]) Do(ctx context.Context, key string, read func(context.Context) (V, error)) (V, error) {
	for {
		own, wait, mine := g.join(key)
		value, err := g.await(ctx, key, own, wait, mine, read)
		if !errors.Is(err, errAbandoned) {
			return value, err
		}
	}
}

// join returns the reading that a caller takes part in, and the one that must end before it begins, nil for none; mine says that the
// caller executes it.
func (g *Group[V]) join(key string) (own, wait *run[V], mine bool) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	current := g.runs[key]
	switch {
	case current == nil:
		own = &run[V]{ended: make(chan struct{})}
		if g.runs == nil {
			g.runs = map[string]*run[V]{}
		}
		g.runs[key] = own
		return own, nil, true
	case current.next == nil:
		current.next = &run[V]{ended: make(chan struct{})}
		return current.next, current, true
	default:
		return current.next, nil, false
	}
}

// await returns the result of a reading, which it executes if it is the caller's.
func (g *Group[V]) await(
	ctx context.Context, key string, own, wait *run[V], mine bool, read func(context.Context) (V, error),
) (value V, err error) {
	if !mine {
		select {
		case <-own.ended:
			return own.value, own.err
		case <-ctx.Done():
			return value, ctx.Err()
		}
	}
	own.err = errAbandoned
	defer func() { g.end(key, own, wait) }()
	if wait != nil {
		select {
		case <-wait.ended:
			g.begin(key, own)
		case <-ctx.Done():
			return value, ctx.Err()
		}
	}
	value, err = read(ctx)
	if ctx.Err() == nil {
		own.value, own.err = value, err
	}
	return value, err
}

// begin makes a reading the one in progress: who comes from now on takes part in the next.
func (g *Group[V]) begin(key string, own *run[V]) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.runs[key] = own
}

// end gives the result of a reading to those who wait for it, and forgets the reading. wait is the one that it was behind, if it did not begin.
func (g *Group[V]) end(key string, own, wait *run[V]) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	switch {
	case g.runs[key] == own && own.next == nil:
		delete(g.runs, key)
	case g.runs[key] == wait && wait != nil: // it did not begin
		wait.next = nil
		select {
		case <-wait.ended:
			delete(g.runs, key)
		default:
		}
	}
	close(own.ended)
}
