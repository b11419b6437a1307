package document

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// Cache is an LRU cache that is bounded by the sum of its entries' sizes in bytes: documents differ in length by a factor of a
// thousand. It may be used concurrently.
type Cache[T any] struct {
	max  int                           // bytes of all entries
	size func(key string, value T) int // of an entry, in bytes

	mutex   sync.Mutex
	bytes   int
	entries *simplelru.LRU[string, T]
}

var _ graphql.Cache[string] = (*Cache[string])(nil)

// entryBytes is what an entry counts besides its size, so that the number of small entries is bounded too.
const entryBytes = 256

// NewCache returns a cache of max bytes. size returns the bytes of an entry.
func NewCache[T any](max int, size func(key string, value T) int) *Cache[T] {
	entries, err := simplelru.NewLRU[string, T](1+max/entryBytes, nil)
	if err != nil {
		panic(err) // the number is positive
	}
	return &Cache[T]{max: max, size: size, entries: entries}
}

// parsedBytes is the size of the texts of parsed documents. Their syntax trees take 25 to 45 times as much.
const parsedBytes = 256 << 10

// NewParsed returns a cache of parsed and validated documents by their texts.
func NewParsed() *Cache[*ast.QueryDocument] {
	return NewCache(parsedBytes, func(text string, _ *ast.QueryDocument) int { return len(text) })
}

// Get implements [graphql.Cache].
func (c *Cache[T]) Get(_ context.Context, key string) (T, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.entries.Get(key)
}

// Add implements [graphql.Cache]. An entry of more than a tenth of the cache is not kept.
func (c *Cache[T]) Add(_ context.Context, key string, value T) {
	size := entryBytes + c.size(key, value)
	if size > c.max/10 {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if former, known := c.entries.Peek(key); known {
		c.bytes -= entryBytes + c.size(key, former)
	}
	c.entries.Add(key, value)
	for c.bytes += size; c.bytes > c.max; {
		oldest, former, _ := c.entries.RemoveOldest()
		c.bytes -= entryBytes + c.size(oldest, former)
	}
}
