package api_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// largeExport is what became of an export that nobody keeps.
type largeExport struct {
	bytes int64
	first time.Duration // to the first byte of the body
	whole time.Duration
	heap  uint64 // bytes in use at the most
}

// downloaded reads an export, and watches the heap of client and server, which are one process here.
func downloaded(a *graphtest.API, path string) largeExport {
	a.T.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, a.URL+"/export/"+path, nil)
	if err != nil {
		a.T.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+a.Viewer)
	began := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	d, part := largeExport{}, make([]byte, 64<<10)
	for watched := int64(0); ; {
		n, err := response.Body.Read(part)
		if d.bytes == 0 {
			d.first = time.Since(began)
		}
		if d.bytes += int64(n); d.bytes-watched > 1<<20 || err != nil {
			watched = d.bytes
			runtime.GC() // else it depends on when the next one is due
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			d.heap = max(d.heap, memory.HeapAlloc)
		}
		if err == io.EOF {
			d.whole = time.Since(began)
			return d
		}
		if err != nil {
			a.T.Fatalf("%s after %d bytes: %v", path, d.bytes, err)
		}
	}
}

// An export begins at once, however many rows it has, and needs no more memory for many than for few: less than it has bytes itself. BURSAR_TEST_EXPORT_ROWS
// says of how many rows: 60,000 unless it is set, 1,200,000 for the figures of the manual.
func TestLargeExportsAreStreamed(t *testing.T) { //nolint:paralleltest // the heap is that of all tests that run at the same time
	dbtest.Long(t, "exports a large ledger")
	rows := 60_000
	if set := os.Getenv("BURSAR_TEST_EXPORT_ROWS"); set != "" {
		var err error
		if rows, err = strconv.Atoi(set); err != nil {
			t.Fatal(err)
		}
	}
	a := newAPI(t)
	const part = 200_000 // which one statement fills in a few seconds
	for filled := 0; filled < rows; filled += part {
		number := min(part, rows-filled)
		fill(a, number)
		if _, err := a.Pool.Exec(t.Context(), `select roll_up_usage($1, $2)`, a.Tenant.Organization.ID, number); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"events.csv", "events.csv?format=focus", "usage.csv?from=2020-01-01&to=2036-01-01&interval=HOUR&groupBy=API_KEY,MODEL"} {
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		d := downloaded(a, path)
		grown := int64(d.heap) - int64(before.HeapAlloc) //nolint:gosec // a few MB
		t.Logf("%s of %d rows of the ledger: %.1f MB, the first byte after %d ms, all after %.1f s; the heap had %.1f MB before, and at most %.1f MB more",
			path, rows, float64(d.bytes)/1e6, d.first.Milliseconds(), d.whole.Seconds(), float64(before.HeapAlloc)/1e6, float64(grown)/1e6)
		if d.first > 5*time.Second {
			t.Errorf("%s began after %s", path, d.first)
		}
		if grown > 24<<20 {
			t.Errorf("%s: the heap grew by %d bytes", path, grown)
		}
	}
}
