package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// boundedCache keeps what goes with documents. It is bounded by the sum of its entries' sizes, for one document is a
// thousand times as long as another; the entry that was used longest ago goes first.
type boundedCache[T any] struct {
	most int                           // bytes of all entries
	size func(key string, value T) int // of an entry, in bytes

	mutex   sync.Mutex
	bytes   int
	entries *simplelru.LRU[string, T]
}

var _ graphql.Cache[string] = (*boundedCache[string])(nil)

// entryBytes is what an entry counts as beside its size, so that small ones are bounded in number too.
const entryBytes = 256

func newBoundedCache[T any](most int, size func(key string, value T) int) *boundedCache[T] {
	entries, err := simplelru.NewLRU[string, T](1+most/entryBytes, nil)
	if err != nil {
		panic(err) // the number is positive
	}
	return &boundedCache[T]{most: most, size: size, entries: entries}
}

// Get implements [graphql.Cache].
func (c *boundedCache[T]) Get(_ context.Context, key string) (T, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.entries.Get(key)
}

// Add implements [graphql.Cache]. What would take more than a tenth of the room is not kept.
func (c *boundedCache[T]) Add(_ context.Context, key string, value T) {
	size := entryBytes + c.size(key, value)
	if size > c.most/10 {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if former, known := c.entries.Peek(key); known {
		c.bytes -= entryBytes + c.size(key, former)
	}
	c.entries.Add(key, value)
	for c.bytes += size; c.bytes > c.most; {
		oldest, former, _ := c.entries.RemoveOldest()
		c.bytes -= entryBytes + c.size(oldest, former)
	}
}
