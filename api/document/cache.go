package document

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// Cache keeps what goes with documents. It is bounded by the sum of its entries' sizes, for one document is a
// thousand times as long as another; the entry that was used longest ago goes first.
type Cache[T any] struct {
	most int                           // bytes of all entries
	size func(key string, value T) int // of an entry, in bytes

	mutex   sync.Mutex
	bytes   int
	entries *simplelru.LRU[string, T]
}

var _ graphql.Cache[string] = (*Cache[string])(nil)

// entryBytes is what an entry counts as beside its size, so that small ones are bounded in number too.
const entryBytes = 256

func NewCache[T any](most int, size func(key string, value T) int) *Cache[T] {
	entries, err := simplelru.NewLRU[string, T](1+most/entryBytes, nil)
	if err != nil {
		panic(err) // the number is positive
	}
	return &Cache[T]{most: most, size: size, entries: entries}
}

// parsedBytes is the room for the texts of documents that were parsed, whose trees take 25 to 45 times as much.
const parsedBytes = 256 << 10

// NewParsed returns a cache of documents that were parsed and validated, by their texts.
func NewParsed() *Cache[*ast.QueryDocument] {
	return NewCache(parsedBytes, func(text string, _ *ast.QueryDocument) int { return len(text) })
}

// Get implements [graphql.Cache].
func (c *Cache[T]) Get(_ context.Context, key string) (T, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.entries.Get(key)
}

// Add implements [graphql.Cache]. What would take more than a tenth of the room is not kept.
func (c *Cache[T]) Add(_ context.Context, key string, value T) {
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
