package directory_test

import (
	"io"
	"testing"
	"time"

	"bursar/bench/directory"
	"bursar/db/dbtest"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// Guarantee: each kind of look-up is measured, and answered as it should be: what is in cells that answer is found although others are silent, and
// what may be in a silent one is UNAVAILABLE.
func TestEachLookUpIsAnswered(t *testing.T) {
	t.Parallel()
	report, err := directory.Measure(t.Context(), directory.Config{
		Home: server.NewURL(t), Shared: []string{server.NewURL(t)}, Alone: server.NewURL(t),
		Cells: 12, Organizations: 120, Tokens: 12, Silent: 2, Workers: 2, Connections: 1, Timeout: time.Second,
		Calls: directory.Calls{Slow: 4, Burst: 20, Fast: 100}, Progress: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Error(err)
	}
	if len(report.Rows) != 20 {
		t.Errorf("%d rows", len(report.Rows))
	}
	for _, row := range report.Rows {
		if row.PerSecond <= 0 || row.P50 <= 0 || row.P99 < row.P50 {
			t.Errorf("%+v", row)
		}
	}
	for _, output := range []func(io.Writer) error{report.Print, report.PrintJSON} {
		if err := output(io.Discard); err != nil {
			t.Error(err)
		}
	}
}
