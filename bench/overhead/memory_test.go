package overhead

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// Guarantee: what is in use is the least that was seen, and reading ends after enough collections of garbage.
func TestLeastInUse(t *testing.T) {
	t.Parallel()
	var scrapes atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		lines := []string{
			"# HELP go_memstats_heap_alloc_bytes is a comment\ngo_memstats_heap_alloc_bytes 5e+06\ngo_memstats_stack_inuse_bytes 1000\ngo_gc_duration_seconds_count 3\n",
			"go_memstats_heap_alloc_bytes 2e+06\ngo_memstats_stack_inuse_bytes 2000\ngo_gc_duration_seconds_count 4\n",
			"go_memstats_heap_alloc_bytes 4e+06\ngo_memstats_stack_inuse_bytes 1000\ngo_gc_duration_seconds_count 9\n",
		}
		_, _ = io.WriteString(w, lines[min(scrapes.Add(1), int64(len(lines)))-1])
	}))
	t.Cleanup(server.Close)
	if least, err := leastInUse(t.Context(), server.URL); err != nil || least != 2_002_000 || scrapes.Load() != 3 {
		t.Errorf("%d after %d scrapes, %v", least, scrapes.Load(), err)
	}
}
