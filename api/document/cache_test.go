package document

import (
	"fmt"
	"strings"
	"testing"
)

// A cache holds no more bytes than it may, whatever the sizes of its entries: the least recently used ones go. A large entry is not
// kept, and one that is replaced is not counted twice.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	const max = 100 << 10
	cache := NewCache(max, func(key, value string) int { return len(key) + len(value) })
	cache.Add(t.Context(), "large", strings.Repeat("x", max/10))
	if _, kept := cache.Get(t.Context(), "large"); kept {
		t.Error("an entry of more than a tenth is kept")
	}
	for range 1_000 {
		cache.Add(t.Context(), "same", strings.Repeat("x", 1_000))
	}
	if want := entryBytes + len("same") + 1_000; cache.bytes != want {
		t.Errorf("one entry counts as %d bytes, want %d", cache.bytes, want)
	}
	for i := range 1_000 {
		cache.Add(t.Context(), fmt.Sprint(i), strings.Repeat("x", i))
		if cache.bytes > max {
			t.Fatalf("%d bytes after %d entries, at most %d", cache.bytes, i, max)
		}
	}
	if _, kept := cache.Get(t.Context(), "999"); !kept {
		t.Error("the newest entry is gone")
	}
	if _, kept := cache.Get(t.Context(), "same"); kept {
		t.Error("the oldest entry is kept")
	}
}
