package replay

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// The table shows every number, aligned, dollars to the last digit.
func TestPrint(t *testing.T) {
	t.Parallel()
	report := &Report{
		Keys: 12, Requests: 19_366, Admitted: 15_000, Denied: 4_364,
		DeniedFirst: map[string]int64{"RATE_LIMITED": 4_000, "BUDGET_EXHAUSTED": 364},
		DeniedAny:   map[string]int64{"RATE_LIMITED": 4_100, "BUDGET_EXHAUSTED": 364},
		Errors:      map[string]int64{"UNAVAILABLE": 2}, FirstError: errors.New("UNAVAILABLE: try again"),
		InputTokens: 22_361_870, OutputTokens: 999, Dollars: decimal.New(36_123_456_789, -9),
		MailsCounted: true, Alerts: 9, Mails: map[string]int64{"SENT": 18},
		Duration: 20 * time.Second, Operations: 34_364,
		Reserve: Latency{P50: 12_345 * time.Microsecond, P99: 40 * time.Millisecond},
		Record:  Latency{P50: 500 * time.Microsecond, P99: time.Second},
	}
	const want = `requests                    19,366  over 12 keys
admitted                    15,000  77.5 %
denied                       4,364  22.5 %
  RATE_LIMITED               4,000  named first; named at all 4,100
  BUDGET_EXHAUSTED             364  named first; named at all 364
errors                           2
  UNAVAILABLE                    2
  the first                         UNAVAILABLE: try again
tokens in               22,361,870  recorded
tokens out                     999  recorded
dollars               36.123456789  recorded, at list prices
alerts                           9  raised meanwhile
mails                           18  of these alerts
  SENT                          18
duration                       20s
operations/s                 1,718  reservations and records
reserve                   12.35 ms  p50; p99 40.00 ms
record                     0.50 ms  p50; p99 1000.00 ms
`
	var got strings.Builder
	if err := report.Print(&got); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("printed\n%swant\n%s", got.String(), want)
	}
	if err := report.Print(brokenWriter{}); !errors.Is(err, errBroken) {
		t.Errorf("error %v from a broken writer", err)
	}
}

// A replay that stopped at once has a report as well.
func TestPrintEmpty(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	if err := newReport(newTally(), 0).Print(&got); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.String(), "not counted") || strings.Contains(got.String(), "NaN") {
		t.Errorf("printed\n%s", got.String())
	}
}

// Percentiles are durations that were measured, by nearest rank.
func TestLatency(t *testing.T) {
	t.Parallel()
	var durations []time.Duration
	for n := 200; n >= 1; n-- {
		durations = append(durations, time.Duration(n))
	}
	if got := latency(durations); got != (Latency{P50: 100, P99: 198}) {
		t.Errorf("percentiles of 1 to 200: %+v", got)
	}
	if got := latency([]time.Duration{7}); got != (Latency{P50: 7, P99: 7}) {
		t.Errorf("percentiles of 7: %+v", got)
	}
	if got := latency(nil); got != (Latency{}) {
		t.Errorf("percentiles of nothing: %+v", got)
	}
}
