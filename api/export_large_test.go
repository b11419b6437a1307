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

// download is what became of an export that nobody keeps.
type download struct {
	bytes     int64
	first     time.Duration // to the first byte of the body
	whole     time.Duration
	most      uint64 // bytes of the heap in use, at the most, after the first tenth
	earlyMost uint64 // the same within the first tenth; 0: it is not known
}

// downloaded reads an export of about so many bytes (0: not known), and watches the heap of client and server, which are one process here.
func downloaded(a *graphtest.API, path string, expected int64) download {
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
	d, part := download{}, make([]byte, 64<<10)
	for watched := int64(0); ; {
		n, err := response.Body.Read(part)
		if d.bytes == 0 {
			d.first = time.Since(began)
		}
		if d.bytes += int64(n); d.bytes-watched > 1<<20 || err != nil {
			watched = d.bytes
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			if d.bytes < expected/10 {
				d.earlyMost = max(d.earlyMost, memory.HeapAlloc)
			} else {
				d.most = max(d.most, memory.HeapAlloc)
			}
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

// An export begins at once, however many rows it has, and needs no more memory at its end than at its beginning. BURSAR_TEST_EXPORT_ROWS says of
// how many rows: 60,000 unless it is set, 1,200,000 for the figures of the manual.
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
	for filled := 0; filled < rows; filled += 200_000 { // a statement has 15 s
		fill(a, min(200_000, rows-filled))
	}
	runtime.GC()
	for _, path := range []string{"events.csv", "events.csv?format=focus", "usage.csv?from=2020-01-01&to=2036-01-01&interval=HOUR&groupBy=API_KEY,MODEL"} {
		d := downloaded(a, path, int64(rows)*200)
		t.Logf("%s: %d rows of the ledger, %.1f MB, first byte after %d ms, whole after %.1f s; heap at most %.1f MB in the first tenth, %.1f MB after it",
			path, rows, float64(d.bytes)/1e6, d.first.Milliseconds(), d.whole.Seconds(), float64(d.earlyMost)/1e6, float64(d.most)/1e6)
		if d.first > 5*time.Second {
			t.Errorf("%s began after %s", path, d.first)
		}
		if d.earlyMost > 0 && d.most > 2*d.earlyMost+32<<20 {
			t.Errorf("%s: the heap grew from %d to %d bytes", path, d.earlyMost, d.most)
		}
	}
}
