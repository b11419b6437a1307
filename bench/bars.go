package bench

import "math"

// Bar is a limit for one number of a run. The bars are set for 2 processors that everything shares, 256 connections,
// 1,000,000 keys in row k and 5,000,000 rows in row l; runs of other sizes are compared with them too.
type Bar struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"` // none of ratios
	Bar   float64 `json:"bar"`
	Most  bool    `json:"most"` // whether the bar is an upper limit; else it is a lower one
	Met   bool    `json:"met"`

	Void []string `json:"void,omitempty"` // why the run does not tell whether the bar is met; Met is false then
}

// Verdict returns how a bar is printed.
func Verdict(met, void bool) string {
	switch {
	case void:
		return "void"
	case met:
		return "met"
	}
	return "not met"
}

// bars returns the bars whose rows were measured.
func (r *Report) bars() []Bar {
	bars := []Bar{}
	// letter is that of the rows whose measurement may be void; "" for what does not depend on the machine's speed
	add := func(letter, what string, value float64, unit string, bar float64, most bool) {
		met := value >= bar
		if most {
			met = value <= bar && value > 0 // a row that failed has 0
		}
		void := r.doubts(letter)
		bars = append(bars, Bar{
			What: what, Value: math.Round(value*1000) / 1000, Unit: unit, Bar: bar, Most: most, Met: met && len(void) == 0, Void: void,
		})
	}
	for _, bar := range []struct {
		name  string
		what  string
		least float64
	}{
		{"b", "b: reserve, one hot key / a", 0.55},
		{"c", "c: reserve, all keys / a", 0.40},
		{"d", "d: reserve + record pairs, all keys / a", 0.18},
		{"e", "e: checkUsage, all keys / a", 0.50},
	} {
		if row := r.find(bar.name); row != nil {
			add(bar.name, bar.what, row.Ratio, "", bar.least, false)
		}
	}
	for _, bar := range []struct {
		of, to string
		what   string
		least  float64
	}{
		{"b", "f", "b / f: reserve, one hot key / one transaction a request", 10},
		{connectionsName("c", 1024), connectionsName("c", 256), "i: reserve, all keys, 1,024 connections / 256", 0.8},
		{"k", "k before", "k / c: many keys / all keys, just before", 0.8},
		{"l c", "l c before", "l / c: after the ledger rows / just before", 0.8},
		{"m c", "m c given", "m: reserve, all keys, at prices / with a cost", 0.95},
		{"m d", "m d given", "m: reserve + record pairs, at prices / with a cost", 0.95},
		{"n", gatheredBefore, "n: reserve + record pairs through the gathering client / a request for each", 1.8},
		{leasedName, leasedBefore, "p: calls with leases, an event each / reserve + record pairs", 4.5},
		{mergedName, leasedBefore, "p: calls with leases, merged events / reserve + record pairs", 15},
		{"q c", "q c without", "q: reserve, all keys, two policies / none", 0.8},
		{"j b", "j b one", "j: two servers / one, one hot key", 0.9},
		{"j c", "j c one", "j: two servers / one, all keys", 0.9},
	} {
		if of, to := r.find(bar.of), r.find(bar.to); of != nil && to != nil {
			add(of.Letter, bar.what, share(of.PerSecond, to.PerSecond), "", bar.least, false)
		}
	}
	if r.Exactness != nil {
		exact := 0.0
		if r.Exactness.Exact() {
			exact = 1
		}
		add("", "j: two servers are exact (1) or not (0)", exact, "", 1, false)
	}
	if l := r.Leases; l != nil {
		if h := r.find("h"); h != nil {
			add("h", "p: decision with a lease, p99 / row h's", share(l.DecisionP99Milliseconds, h.P99Milliseconds), "", 0.02, true)
		}
		add("", "p: transactions of the database in 1,000 leased calls", l.TransactionsPerThousand, "", 20, true)
		add("", "p: no round of four gateways, a kill and an edit overspends (1)", l.Kept(), "", 1, false)
		add("", "p: callers denied for more than a lease's time although the budget had room", float64(l.DeniedWithRoom), "", 0, true)
		add("", "p: decision with a lease, 40 ms away from the server, p99", l.FarP99Milliseconds, "ms", 1, true)
		add("", "p: round trips within these decisions", float64(l.FarRoundTrips), "", 0, true)
	}
	if h := r.find("h"); h != nil {
		add("h", "h: p99", h.P99Milliseconds, "ms", maxOpenP99, true)
	}
	if server, function := r.find(connectionsName("b", 1)), r.find(functionAlone); server != nil && function != nil {
		add("i", "i: one connection, reserve p50 / the function's p50", share(server.P50Milliseconds, function.P50Milliseconds), "", 1.6, true)
	}
	if r.Memory != nil {
		add("", "resident memory of the server after rows b and c", r.Memory.PeakMiB, "MiB", 150, true)
	}
	if r.Verification != nil {
		add("l", "l: bursar verify", r.Verification.Seconds, "s", 60, true)
	}
	return bars
}
