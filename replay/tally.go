package replay

import (
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// tally has the counts of one connection. No other goroutine uses it until the connection's worker has ended.
type tally struct {
	admitted, denied          int64
	deniedFirst, deniedAny    map[string]int64
	errors                    map[string]int64
	firstError                error
	recorded                  int64
	inputTokens, outputTokens int64
	cost                      decimal.Decimal
	reserves, records         []time.Duration // of operations that were answered
}

func newTally() *tally {
	return &tally{deniedFirst: map[string]int64{}, deniedAny: map[string]int64{}, errors: map[string]int64{}}
}

// deny counts a request once by its first reason, and once by each reason that it names.
func (t *tally) deny(reasons []string) {
	t.denied++
	t.deniedFirst[reasons[0]]++
	for i, reason := range reasons {
		if !slices.Contains(reasons[:i], reason) {
			t.deniedAny[reason]++
		}
	}
}

func (t *tally) fail(err error) {
	t.errors[codeOf(err)]++
	if t.firstError == nil {
		t.firstError = err
	}
}

func (t *tally) record(called *call, cost decimal.Decimal) {
	t.recorded++
	t.inputTokens += called.inputTokens
	t.outputTokens += called.outputTokens
	t.cost = t.cost.Add(cost)
}

// merge adds another tally, whose connection is done.
func (t *tally) merge(other *tally) {
	t.admitted += other.admitted
	t.denied += other.denied
	t.recorded += other.recorded
	t.inputTokens += other.inputTokens
	t.outputTokens += other.outputTokens
	t.cost = t.cost.Add(other.cost)
	add(t.deniedFirst, other.deniedFirst)
	add(t.deniedAny, other.deniedAny)
	add(t.errors, other.errors)
	if t.firstError == nil {
		t.firstError = other.firstError
	}
	t.reserves = append(t.reserves, other.reserves...)
	t.records = append(t.records, other.records...)
}

func add(to, from map[string]int64) {
	for name, number := range from {
		to[name] += number
	}
}

// latency sorts the durations and returns their percentiles by nearest rank; zero when there are none.
func latency(durations []time.Duration) Latency {
	if len(durations) == 0 {
		return Latency{}
	}
	slices.Sort(durations)
	rank := func(percent int) time.Duration { return durations[(len(durations)*percent+99)/100-1] }
	return Latency{P50: rank(50), P99: rank(99)}
}

// isFatal tells whether every other operation would fail with the same error.
func isFatal(err error) bool {
	failed, ok := errors.AsType[*failure](err)
	return ok && failed.fatal()
}
