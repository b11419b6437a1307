package main

import (
	"encoding/json"
	"strings"
	"testing"

	"bursar/bench/overhead"
	"bursar/db/dbtest"
)

// Guarantee: bench --gateway measures streams and short calls straight to the provider and through the gateway, without leases and with them, and the memory of open streams, with processes of its own;
// no call fails, and each call that the provider has served through the gateway is booked, to the token and the nano-dollar.
func TestBenchGateway(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts four processes and measures them")
	p := startProcess(t, []string{"DATABASE_URL=" + database.NewURL(t)},
		"bench", "--gateway", "--json", "--streams", "3", "--calls", "30", "--rounds", "1", "--duration", "200ms", "--keys", "20")
	awaitBench(t, p)
	printed := p.output.String()
	var report overhead.Report
	if err := json.NewDecoder(strings.NewReader(printed[strings.Index(printed, "\n{")+1:])).Decode(&report); err != nil {
		t.Fatalf("%v in\n%s", err, printed)
	}
	if books := report.Books; books == nil || books.Served != books.Booked || books.Served.Calls < 30 || books.Served.OutputTokens == 0 || books.Served.CostNanos == 0 {
		t.Errorf("the books are %+v", books)
	}
	kinds := map[string]int{}
	for _, row := range report.Rows {
		kinds[row.Kind]++
		if row.HalfIdle { // so small on a busy machine that no call may be in its phases
			continue
		}
		if len(row.Added) != 2 || len(row.Phases) != 4 || row.Straight.Whole.P50Milliseconds <= 0 || row.Added[0].Through.FirstByte.P99Milliseconds <= 0 {
			t.Errorf("the row is %+v", row)
		}
		for _, phase := range row.Phases {
			if phase.Errors != 0 || phase.RatePerSecond == 0 {
				t.Errorf("%s: the phase is %+v", row.What, phase)
			}
		}
	}
	if kinds["streams"] == 0 || kinds["calls"] == 0 || len(report.Memory) != 2 || report.Memory[0].Target != "bursar gateway" || report.Memory[1].Target != "bursar gateway with leases" {
		t.Errorf("%v, memory %+v", kinds, report.Memory)
	}
	if bars := len(report.Bars); bars < 18 {
		t.Errorf("there are %d bars", bars)
	}
}
