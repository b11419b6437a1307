package hostile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"bursar/bench"
)

// Report is the result of a run; --json prints it.
type Report struct {
	StartedAt  time.Time `json:"startedAt"`
	Platform   string    `json:"platform"` // operating system and architecture
	CPUs       int       `json:"cpus"`     // shared by PostgreSQL, the server, the gateways and the attacker
	PostgreSQL string    `json:"postgresql"`
	Keys       int       `json:"keys"`
	Setup      string    `json:"setup"`    // what the servers are
	Ceilings   []float64 `json:"ceilings"` // row a of bursar bench, a second, before and after the attack

	CapacityPerSecond       float64 `json:"capacityPerSecond"` // pairs of a reservation and a record, in a closed loop
	CapacityP99Milliseconds float64 `json:"capacityP99Milliseconds"`

	RatePerSecond float64     `json:"ratePerSecond"` // at which half of the machine's processors were idle
	Phases        []bench.Row `json:"phases"`        // gateways in an open loop at that rate: quiet, and in each round attacked and quiet
	Slowdown      float64     `json:"slowdown"`      // p99 under attack / p99 of the quiet phases before and after, the median of the rounds
	Loads         []Load      `json:"loads"`         // of each phase
	Memory        []Reading   `json:"memory"`        // of the servers together
	Attacks       []*Result   `json:"attacks"`
	Lane          *Lane       `json:"lane"`     // null if it was not measured
	Consoles      *Watched    `json:"consoles"` // the same
	Listeners     *Watched    `json:"listeners"`
	Verified      string      `json:"verified"`       // the last line of bursar verify
	Void          []string    `json:"void,omitempty"` // why the run does not tell whether the bars are met
}

// Lane is the neighbour of an organization that floods their lane.
type Lane struct {
	Slots    int         `json:"slots"`    // of each of the lane's queues
	Phases   []bench.Row `json:"phases"`   // the neighbour in an open loop at that rate, in the same rounds
	Slowdown float64     `json:"slowdown"` // p99 beside the flood / p99 of the quiet phases, the median of the rounds
	Flood    *Result     `json:"flood"`
}

// Reading is the servers' resident memory at some time.
type Reading struct {
	When string  `json:"when"`
	MiB  float64 `json:"mib"`
}

const (
	maxSlowdown         = 2    // bar: the p99 of gateways under attack to the quiet one
	maxLaneSlowdown     = 3    // bar: the same of the neighbour of a flood
	maxConsoleSlowdown  = 1.5  // bar: the same of gateways whose organization 50 consoles look at
	maxListenerSlowdown = 1.25 // bar: the same beside 1,000 listeners, which is what two quiet phases may differ by
	maxRemaining        = 1.25 // bar: the memory after the attack to the memory before it
)

// judge computes how much slower gateways were, and whether the run tells that: the machine's speed must not have drifted, requests
// must have arrived by the clock, and quiet phases must have been quiet. What they are calibrated by is the lowest of their own p99
// and of that with all connections busy.
func (r *Report) judge() {
	reasons := []string{bench.Drifted(r.Ceilings...)}
	judge := func(phases []bench.Row) float64 {
		calibration := r.CapacityP99Milliseconds
		for i, phase := range phases {
			if !attacked(i) && (calibration == 0 || phase.P99Milliseconds < calibration) {
				calibration = phase.P99Milliseconds
			}
		}
		for i, phase := range phases {
			reasons = append(reasons, phase.OffClock())
			if !attacked(i) {
				reasons = append(reasons, phase.NotQuiet(calibration))
			}
		}
		return slowdown(phases)
	}
	r.Slowdown = judge(r.Phases)
	if r.Lane != nil {
		r.Lane.Slowdown = judge(r.Lane.Phases)
		if flood := r.Lane.Flood; flood != nil && flood.Answers["UNAVAILABLE"] == 0 {
			reasons = append(reasons, "nothing of the flood was refused: it did not fill its share of the queue")
		}
	}
	for _, watched := range r.watched() {
		watched.Slowdown = judge(watched.Phases)
		if watching := watched.Watching; watching != nil && watching.Answers["ok"] == 0 {
			reasons = append(reasons, watching.Name+": nobody heard of a change")
		}
	}
	r.Void = nil
	if void, ok := errors.AsType[*bench.VoidError](bench.Void(reasons...)); ok {
		r.Void = void.Reasons
	}
}

// attacked reports whether a phase is one under attack: each second one is.
func attacked(index int) bool { return index%2 == 1 }

// slowdowns returns each round's p99 under attack in relation to the mean of the quiet phases before and after it.
func slowdowns(phases []bench.Row) (ratios []float64) {
	for i := 1; i+1 < len(phases); i += 2 {
		if quiet := (phases[i-1].P99Milliseconds + phases[i+1].P99Milliseconds) / 2; quiet > 0 {
			ratios = append(ratios, phases[i].P99Milliseconds/quiet)
		}
	}
	return ratios
}

// slowdown returns the median of the slowdowns; 0 if there are none.
func slowdown(phases []bench.Row) float64 {
	ratios := slowdowns(phases)
	if len(ratios) == 0 {
		return 0
	}
	slices.Sort(ratios)
	middle := len(ratios) / 2
	return math.Round(50*(ratios[middle]+ratios[(len(ratios)-1)/2])) / 100
}

// Measured tells whether there is anything to report.
func (r *Report) Measured() bool { return len(r.Phases) > 0 || r.Lane != nil || len(r.watched()) > 0 }

// watched returns the rows of those who look at the gateways' organization, as far as they were measured.
func (r *Report) watched() (rows []*Watched) {
	for _, row := range []*Watched{r.Consoles, r.Listeners} {
		if row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

// attacks returns the results of all attacks, and of those who watched.
func (r *Report) attacks() []*Result {
	all := slices.Clone(r.Attacks)
	if r.Lane != nil && r.Lane.Flood != nil {
		all = append(all, r.Lane.Flood)
	}
	for _, row := range r.watched() {
		if row.Watching != nil {
			all = append(all, row.Watching)
		}
	}
	return all
}

// Err returns an error for requests of gateways that failed and for answers that an attack must not get, and a bench.VoidError when
// the run does not tell whether the bars are met. A bar that is not met is no error.
func (r *Report) Err() error {
	phases := r.Phases
	if r.Lane != nil {
		phases = slices.Concat(phases, r.Lane.Phases)
	}
	for _, row := range r.watched() {
		phases = slices.Concat(phases, row.Phases)
	}
	var failed []error
	for _, phase := range phases {
		if phase.Errors > 0 {
			failed = append(failed, fmt.Errorf("%s: %d requests of gateways failed, the first: %s", phase.Name, phase.Errors, phase.FirstError))
		}
	}
	for _, attack := range r.attacks() {
		if attack.Unexpected > 0 {
			failed = append(failed, fmt.Errorf("%s: %d answers are not what they must be, the first %s", attack.Name, attack.Unexpected, attack.First))
		}
	}
	return errors.Join(append(failed, bench.Void(r.Void...))...)
}
