package hostile

import (
	"errors"
	"fmt"
	"math"
	"time"

	"bursar/bench"
)

// Report is the result of a run; --json prints it.
type Report struct {
	StartedAt         time.Time   `json:"startedAt"`
	Platform          string      `json:"platform"` // operating system and architecture
	CPUs              int         `json:"cpus"`     // shared by PostgreSQL, the server, the gateways and the attacker
	PostgreSQL        string      `json:"postgresql"`
	Keys              int         `json:"keys"`
	Setup             string      `json:"setup"`             // what the servers are
	CapacityPerSecond float64     `json:"capacityPerSecond"` // pairs of a reservation and a record, in a closed loop
	Phases            []bench.Row `json:"phases"`            // gateways in an open loop at half of that: quiet, attacked, quiet again
	Slowdown          float64     `json:"slowdown"`          // p99 under attack / quiet p99
	Memory            []Reading   `json:"memory"`            // of the servers together
	Attacks           []*Result   `json:"attacks"`
	Verified          string      `json:"verified"` // the last line of bursar verify
}

// Reading is the servers' resident memory at some time.
type Reading struct {
	When string  `json:"when"`
	MiB  float64 `json:"mib"`
}

// finish computes the slowdown from the phases.
func (r *Report) finish() {
	if quiet := r.Phases[0].P99Milliseconds; quiet > 0 {
		r.Slowdown = math.Round(100*r.Phases[1].P99Milliseconds/quiet) / 100
	}
}

// Err returns an error for requests of gateways that failed and for answers that an attack must not get. A bar that is not met
// is no error.
func (r *Report) Err() error {
	var failed []error
	for _, phase := range r.Phases {
		if phase.Errors > 0 {
			failed = append(failed, fmt.Errorf("%s: %d requests of gateways failed, the first: %s", phase.Name, phase.Errors, phase.FirstError))
		}
	}
	for _, attack := range r.Attacks {
		if attack.Unexpected > 0 {
			failed = append(failed, fmt.Errorf("%s: %d answers are not what they must be, the first %s", attack.Name, attack.Unexpected, attack.First))
		}
	}
	return errors.Join(failed...)
}
