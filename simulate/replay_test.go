package simulate

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// recorded is an event as the ledger has it.
type recorded struct {
	Event
	recordedAt, admittedAt time.Time
}

// oracle decides in the plainest way: it sorts all events, and finds what was used of a period by adding up what was admitted in it. It returns what was
// refused in words: by any limit as "any", and by each, with its number.
func oracle(limits []*Limit, events []recorded, from, to time.Time) []string {
	type decided struct {
		at    time.Time
		event Event
	}
	var all []decided
	for _, e := range events {
		at := e.recordedAt
		if !e.admittedAt.IsZero() {
			at = e.admittedAt
			if earliest := e.recordedAt.Add(-time.Hour); at.Before(earliest) {
				at = earliest
			}
		}
		if !at.Before(from) && at.Before(to) {
			all = append(all, decided{at, e.Event})
		}
	}
	slices.SortStableFunc(all, func(a, b decided) int { return a.at.Compare(b.at) })
	var admitted []decided
	var refused []string
	for _, d := range all {
		isRefused := false
		for i, l := range limits {
			used, period := new(big.Int), periodOf(l, d.at)
			for _, before := range admitted {
				if periodOf(l, before.at) == period {
					used.Add(used, big.NewInt(unitsOf(l, before.event)))
				}
			}
			amount, wanted := big.NewInt(l.MaxUnits), big.NewInt(unitsOf(l, d.event))
			if l.Enabled && (used.Cmp(amount) >= 0 || wanted.Add(wanted, used).Cmp(amount) > 0) {
				refused = append(refused, fmt.Sprint(i+1, " ", d.at.UnixMicro(), " ", d.event.APIKeyID))
				isRefused = isRefused || l.Mode == db.LimitModeENFORCE
			}
		}
		if isRefused {
			refused = append(refused, fmt.Sprint("any ", d.at.UnixMicro(), " ", d.event.APIKeyID))
		} else {
			admitted = append(admitted, d)
		}
	}
	return refused
}

func periodOf(l *Limit, at time.Time) int64 {
	if l.Kind == db.LimitKindRATE {
		return int64(math.Floor(float64(at.UnixMicro()-l.WindowStart) / float64(l.WindowLength)))
	}
	period := int64(-1)
	for _, start := range l.Starts {
		if start <= at.UnixMicro() {
			period++
		}
	}
	return period
}

func unitsOf(l *Limit, e Event) int64 {
	return map[db.LimitType]int64{db.LimitTypeCOST: e.CostNanos, db.LimitTypeTOKENS: e.Tokens, db.LimitTypeREQUESTS: e.Requests}[l.Type]
}

// A replay refuses what the plainest possible program refuses, by each limit, with the same sums by hour and key: also of requests that were recorded
// in another order than they were admitted in, some of them hours later, and of numbers at the end of int64.
func TestReplayIsTheOracle(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)
	for round := range dbtest.Repeat(300) {
		seed := rand.Uint64()                    //nolint:gosec // a test's
		random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test's
		limits, events, to := randomLimits(random, from), []recorded{}, from.Add(5*time.Hour)
		keys := []uuid.UUID{{1}, {2}, {3}}
		at := from.Add(-10 * time.Minute)
		for range random.IntN(80) {
			at = at.Add(time.Duration(random.Int64N(int64(12 * time.Minute))).Truncate(time.Microsecond))
			e := recorded{Event: Event{APIKeyID: keys[random.IntN(3)], Requests: random.Int64N(3), Tokens: random.Int64N(50), CostNanos: random.Int64N(50)}, recordedAt: at}
			if random.IntN(20) == 0 {
				e.Tokens, e.CostNanos = math.MaxInt64-random.Int64N(2), math.MaxInt64
			}
			if random.IntN(2) == 0 {
				e.admittedAt = at.Add(-time.Duration(random.Int64N(int64(100 * time.Minute)))).Truncate(time.Millisecond)
			}
			events = append(events, e)
		}
		replay := New(limits, from, to, db.UsageIntervalHOUR)
		for _, e := range events {
			replay.Add(e.Event, e.recordedAt, e.admittedAt)
		}
		replay.Finish()
		compare(t, fmt.Sprintf("round %d, seed %d", round, seed), replay.Results(), oracle(limits, events, from, to))
	}
}

// randomLimits are limits with periods and windows of a few minutes or hours.
func randomLimits(random *rand.Rand, from time.Time) []*Limit {
	limits := []*Limit{}
	for range 1 + random.IntN(4) {
		l := &Limit{SimulatedLimit: &db.SimulatedLimit{
			Kind: db.LimitKindBUDGET, Type: []db.LimitType{db.LimitTypeCOST, db.LimitTypeTOKENS, db.LimitTypeREQUESTS}[random.IntN(3)],
			MaxUnits: 1 + random.Int64N(100), Enabled: random.IntN(8) > 0, Mode: []db.LimitMode{db.LimitModeENFORCE, db.LimitModeSHADOW}[random.IntN(2)]}}
		if random.IntN(10) == 0 {
			l.MaxUnits = math.MaxInt64
		}
		if random.IntN(2) == 0 {
			l.Kind = db.LimitKindRATE
			l.WindowLength = time.Duration(1+random.Int64N(int64(time.Hour))).Truncate(time.Minute).Microseconds() + 1_000_000
			l.WindowStart = from.UnixMicro() - random.Int64N(l.WindowLength)
		} else {
			start := from.Add(-time.Minute)
			for range 1 + random.IntN(5) {
				l.Starts = append(l.Starts, start.UnixMicro())
				start = start.Add(time.Duration(1+random.Int64N(int64(2*time.Hour))).Truncate(time.Second) + time.Second)
			}
		}
		limits = append(limits, l)
	}
	return limits
}

// compare compares results with what was refused in words.
func compare(t *testing.T, name string, results []*db.CreateSimulationResultParams, refused []string) {
	t.Helper()
	for i, result := range results {
		of := "any"
		if i > 0 {
			of = fmt.Sprint(i)
		}
		var events, first, last int64
		byHour, byKey := map[int64]int64{}, map[string]int64{}
		for _, line := range refused {
			var by, key string
			var at int64
			if _, err := fmt.Sscan(line, &by, &at, &key); err != nil {
				t.Fatal(err)
			}
			if by != of {
				continue
			}
			if events == 0 {
				first = at
			}
			events, last = events+1, at
			byHour[at-at%time.Hour.Microseconds()]++
			byKey[key]++
		}
		got := fmt.Sprint(result.LimitNumber, result.Events, result.RefusedKeys)
		if want := fmt.Sprint(i, events, len(byKey)); got != want {
			t.Errorf("%s: %s refused %s, want %s", name, of, got, want)
		}
		if events > 0 && (result.FirstAt.UnixMicro() != first || result.LastAt.UnixMicro() != last) {
			t.Errorf("%s: %s refused from %s to %s, want %d to %d", name, of, result.FirstAt, result.LastAt, first, last)
		}
		for _, b := range result.Buckets {
			if b.Events != byHour[b.Start.UnixMicro()] {
				t.Errorf("%s: %s refused %d at %s, want %d", name, of, b.Events, b.Start, byHour[b.Start.UnixMicro()])
			}
		}
		for _, k := range result.Keys {
			if k.Events != byKey[k.APIKeyID.String()] {
				t.Errorf("%s: %s refused %d of %s, want %d", name, of, k.Events, k.APIKeyID, byKey[k.APIKeyID.String()])
			}
		}
		if len(result.Buckets) != len(byHour) || len(result.Keys) != len(byKey) || !slices.IsSortedFunc(result.Keys, func(a, b *db.SimulatedKey) int { return cmp.Compare(b.Events, a.Events) }) {
			t.Errorf("%s: %s has %d hours and %d keys, want %d and %d, the most refused first", name, of, len(result.Buckets), len(result.Keys), len(byHour), len(byKey))
		}
	}
}

// What was refused is summed up exactly, also beyond 64 bits, and in days where that is asked for.
func TestSumsAreExact(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC)
	limit := &Limit{SimulatedLimit: &db.SimulatedLimit{Kind: db.LimitKindBUDGET, Type: db.LimitTypeTOKENS, MaxUnits: 1, Enabled: true, Mode: db.LimitModeENFORCE}, Starts: []int64{from.UnixMicro()}}
	replay := New([]*Limit{limit}, from, from.AddDate(0, 0, 3), db.UsageIntervalDAY)
	for i := range 5 {
		replay.Add(Event{APIKeyID: uuid.UUID{1}, Requests: 1, Tokens: math.MaxInt64, CostNanos: 3}, from.Add(time.Duration(i)*10*time.Hour), time.Time{})
	}
	replay.Finish()
	result := replay.Results()[1]
	if result.Tokens.String() != "46116860184273879035" || result.CostNanos.String() != "15" || result.Events != 5 {
		t.Errorf("%d events, %s tokens, %s nano-dollars", result.Events, result.Tokens, result.CostNanos)
	}
	if len(result.Buckets) != 2 || result.Buckets[0].Events != 3 || !result.Buckets[1].Start.Equal(from.AddDate(0, 0, 1)) {
		t.Errorf("days %+v", result.Buckets)
	}
	if total := replay.Total(); total.ReplayedEvents != 5 || total.ReplayedTokens.String() != result.Tokens.String() {
		t.Errorf("in all %+v", total)
	}
}
