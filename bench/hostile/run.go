package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os/exec"
	"runtime"
	"time"
)

// Hostility is the outcome of a run under attack; its JSON is what --hostile --json prints.
type Hostility struct {
	StartedAt         time.Time  `json:"startedAt"`
	Platform          string     `json:"platform"`
	CPUs              int        `json:"cpus"` // shared by PostgreSQL, the server, gateways and the attacker
	PostgreSQL        string     `json:"postgresql"`
	Keys              int        `json:"keys"`
	CapacityPerSecond float64    `json:"capacityPerSecond"` // pairs of a reservation and a record, in a closed loop
	Phases            []Row      `json:"phases"`            // gateways at half of that, by the clock: quiet, attacked, quiet again
	Slowdown          float64    `json:"slowdown"`          // the p99 under attack to the quiet one
	Memory            []Reading  `json:"memory"`            // of the server
	Assaults          []*Assault `json:"assaults"`
	Verified          string     `json:"verified"` // the last line of bursar verify
}

// Reading is the server's resident memory at some point.
type Reading struct {
	When string  `json:"when"`
	MiB  float64 `json:"mib"`
}

const (
	maxSlowdown  = 3                // what an attack may do to the gateways' p99
	maxRemaining = 1.25             // of the memory before the attack, that may remain for good
	maxCapacity  = 10 * time.Second // of the measurement of what the machine can do
	attackSize   = 8                // connections of each kind of attack, or a multiple of it
	attackRows   = 200_000          // of the attacking organization's ledger
	afterwards   = 10 * time.Second // of the phase after the attack
)

// RunHostile measures gateways at half of what the machine can do, first in peace and then while an attacker, a process of
// its own that attacker starts, sends the worst that it may; then whether the server's memory comes back and the books hold.
func RunHostile(ctx context.Context, config Config, attacker func(context.Context) (*exec.Cmd, error)) (*Hostility, error) {
	r := &runner{&config, &Report{}}
	h := &Hostility{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		Keys: config.Data.Keys,
	}
	if err := r.describeDatabase(ctx); err != nil {
		return h, err
	}
	h.PostgreSQL = r.report.PostgreSQL
	attack, err := r.prepareAttack(ctx)
	if err != nil {
		return h, err
	}
	if err := h.measureCapacity(ctx, r); err != nil {
		return h, err
	}
	if err := h.read(r, "after all connections were busy"); err != nil {
		return h, err
	}
	if err := h.phase(ctx, r, "quiet", config.Duration/2); err != nil {
		return h, err
	}
	if err := h.read(r, "quiet"); err != nil {
		return h, err
	}
	if err := h.attacked(ctx, r, attack, attacker); err != nil {
		return h, err
	}
	if err := h.phase(ctx, r, "quiet again", min(afterwards, config.Duration)); err != nil {
		return h, err
	}
	h.Slowdown = math.Round(100*share(h.Phases[1].P99Milliseconds, h.Phases[0].P99Milliseconds)) / 100
	if err := h.settle(ctx, r); err != nil {
		return h, err
	}
	if err := r.tell("running bursar verify"); err != nil {
		return h, err
	}
	h.Verified, _, err = runVerify(ctx, config.Verify)
	return h, err
}

// measureCapacity measures what all connections reach, each with one request at a time.
func (h *Hostility) measureCapacity(ctx context.Context, r *runner) error {
	if err := r.tell("measuring what the machine can do"); err != nil {
		return err
	}
	duration := min(r.Duration, maxCapacity)
	m, err := measure(ctx, r.pairs("d").newWorker, r.Connections, min(duration, maxWarmUp), duration)
	if err != nil {
		return err
	}
	h.CapacityPerSecond = math.Round(float64(m.latencies.total) / duration.Seconds())
	return m.firstError
}

// phase measures gateways at half of the capacity, by the clock.
func (h *Hostility) phase(ctx context.Context, r *runner, name string, duration time.Duration) error {
	of := r.pairs("d").called(name, "")
	of.connections = r.Connections
	rate := max(1, int(h.CapacityPerSecond/2))
	if err := r.tell("gateways at %d pairs/s for %s, %s", rate, duration, name); err != nil {
		return err
	}
	m, err := measureOpen(ctx, of.newWorker, of.connections, rate, min(duration, maxWarmUp), duration)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	r.report.add(of, m, duration)
	h.Phases = append(h.Phases, r.report.Rows[len(r.report.Rows)-1])
	return nil
}

// attacked is the phase under attack, and the peak of the server's memory in it.
func (h *Hostility) attacked(ctx context.Context, r *runner, attack *Attack, attacker func(context.Context) (*exec.Cmd, error)) error {
	command, err := attacker(ctx)
	if err != nil {
		return err
	}
	attack.For = r.Duration + min(r.Duration, maxWarmUp)
	told, err := json.Marshal(attack)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		var printed []byte
		printed, err := runWith(command, told)
		if err == nil {
			err = json.Unmarshal(printed, &h.Assaults)
		}
		ended <- err
	}()
	err = h.phase(ctx, r, "attacked", r.Duration)
	return errors.Join(err, <-ended, h.read(r, "attacked"))
}

// read notes the server's memory, where the system tells it.
func (h *Hostility) read(r *runner, when string) error {
	now, peak, err := residentMiB(r.ServerPID)
	if errors.Is(err, fs.ErrNotExist) || r.ServerPID == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	h.Memory = append(h.Memory, Reading{when, now}, Reading{when + ", peak since the start", peak})
	return nil
}

// settle waits, with nobody asking for anything, until the memory has come back, for half as long again as the attack at most.
func (h *Hostility) settle(ctx context.Context, r *runner) error {
	if len(h.Memory) == 0 {
		return r.tell("the server's memory is not read: this system does not tell it")
	}
	if err := r.tell("waiting for the server's memory to come back"); err != nil {
		return err
	}
	began, want := time.Now(), h.Memory[0].MiB*maxRemaining
	for {
		now, _, err := residentMiB(r.ServerPID)
		if err != nil {
			return err
		}
		if now <= want || time.Since(began) > 3*r.Duration/2 {
			h.Memory = append(h.Memory, Reading{fmt.Sprintf("idle for %.0f s", time.Since(began).Seconds()), now})
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Err says what was not as it must be; nil when all was. A bar that is not met is no error.
func (h *Hostility) Err() error {
	var failed []error
	for _, phase := range h.Phases {
		if phase.Errors > 0 {
			failed = append(failed, fmt.Errorf("%s: %d requests of gateways failed, the first: %s", phase.Name, phase.Errors, phase.FirstError))
		}
	}
	for _, assault := range h.Assaults {
		if assault.Unexpected > 0 {
			failed = append(failed, fmt.Errorf("%s: %d answers are not what they must be, the first %s", assault.Name, assault.Unexpected, assault.First))
		}
	}
	return errors.Join(failed...)
}
