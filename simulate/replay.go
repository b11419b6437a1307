package simulate

import (
	"math"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// maxDelay is how long before it was recorded usage is decided on at most. A request that took longer is decided on as if it had been admitted this
// long before: so the order of the ledger is nearly that of the decisions, and few events wait for theirs.
const maxDelay = time.Hour

// Event is usage as the ledger has it. At, in microseconds since 1970, is when it is decided on.
type Event struct {
	At                          int64
	APIKeyID                    uuid.UUID
	Requests, Tokens, CostNanos int64
}

// Replay decides on events.
type Replay struct {
	counters     []*counter
	from, to     int64 // what is decided on before or after is left out
	bucketLength int64
	waiting      queue
	last         int64 // the instant of the last decision
	replayed     total
	refused      refusals // by limits that are in ENFORCE
	numbers      map[uuid.UUID]int
	keys         []uuid.UUID // at their numbers
	refusing     []*counter  // of the event that is decided on
}

// New returns a replay from an instant to another against limits that begin to count at the first one. What is refused is summed up by the hour or by
// the day.
func New(limits []*Limit, from, to time.Time, interval db.UsageInterval) *Replay {
	r := &Replay{from: from.UnixMicro(), to: to.UnixMicro(), last: math.MinInt64, bucketLength: time.Hour.Microseconds(), numbers: map[uuid.UUID]int{}}
	if interval == db.UsageIntervalDAY {
		r.bucketLength *= 24
	}
	for _, limit := range limits {
		r.counters = append(r.counters, newCounter(limit))
	}
	return r
}

// Add takes the next event of the ledger. admittedAt is when its reservation was admitted; zero for usage without one. It is decided on when
// no event can come that has to be decided on before.
func (r *Replay) Add(e Event, recordedAt time.Time, admittedAt time.Time) {
	recorded := recordedAt.UnixMicro()
	e.At = recorded
	if !admittedAt.IsZero() {
		e.At = min(recorded, max(admittedAt.UnixMicro(), recorded-maxDelay.Microseconds()))
	}
	if e.At < r.from || e.At >= r.to {
		return
	}
	r.waiting.push(e)
	for !r.waiting.isEmpty() && r.waiting.first().At <= recorded-maxDelay.Microseconds() {
		r.decide(r.waiting.pop())
	}
}

// Finish decides on the events that wait.
func (r *Replay) Finish() {
	for !r.waiting.isEmpty() {
		r.decide(r.waiting.pop())
	}
}

// decide decides on an event.
func (r *Replay) decide(e Event) {
	e.At = max(e.At, r.last) // the clock may have been set back; periods are never opened again
	r.last = e.At
	r.replayed.add(&e)
	r.refusing = r.refusing[:0]
	isRefused := false
	for _, c := range r.counters {
		if e.At >= c.ends {
			c.open(e.At)
		}
		if !c.admits(&e) {
			r.refusing = append(r.refusing, c)
			isRefused = isRefused || c.isEnforced
		}
	}
	if len(r.refusing) > 0 {
		key, start := r.number(e.APIKeyID), e.At-floorMod(e.At, r.bucketLength)
		for _, c := range r.refusing {
			c.refuse(&e, key, start)
		}
		if isRefused {
			r.refused.add(&e, key, start)
		}
	}
	if isRefused {
		return
	}
	for _, c := range r.counters {
		c.charge(&e)
	}
}

// number returns the number of an API key.
func (r *Replay) number(key uuid.UUID) int {
	number, known := r.numbers[key]
	if !known {
		number = len(r.keys)
		r.numbers[key] = number
		r.keys = append(r.keys, key)
	}
	return number
}

// Results returns what was refused by any limit in ENFORCE, and by each limit.
func (r *Replay) Results() []*db.CreateSimulationResultParams {
	results := []*db.CreateSimulationResultParams{r.refused.result(r.keys)}
	for i, c := range r.counters {
		result := c.refused.result(r.keys)
		result.LimitNumber, result.Alerts = int32(i+1), alertsOf(c) //nolint:gosec // limits of an input
		results = append(results, result)
	}
	return results
}

// Total returns what was decided on.
func (r *Replay) Total() *db.FinishSimulationParams {
	return &db.FinishSimulationParams{
		ReplayedEvents: r.replayed.events, ReplayedTokens: r.replayed.tokens.decimal(), ReplayedCostNanos: r.replayed.costNanos.decimal()}
}

func floorMod(a, b int64) int64 { return (a%b + b) % b }
