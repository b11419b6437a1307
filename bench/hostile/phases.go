package hostile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bursar/bench"
)

// The row of a flooded lane. Its server has one lane, whose queues are shorter than the flood: it has the flood's requests refused
// all the time.
const (
	laneSlots  = 64            // of each queue
	floodSize  = 4 * laneSlots // connections of the organization that floods
	neighbours = laneSlots / 2 // connections of its neighbour, whose share of the queue that is
)

// trial is what a phase of gateways is measured with.
type trial struct {
	gateways  bench.Gateways
	perSecond int
	duration  time.Duration
	servers   []int        // processes
	phases    *[]bench.Row // receives the rows
}

// measure measures a phase in an open loop. No worker runs; usage is rolled up before, as a worker does every minute.
func (r *runner) measure(ctx context.Context, of trial, name string) error {
	if err := bench.RollUp(ctx, r.Pool, r.Data); err != nil {
		return err
	}
	if err := r.tell("gateways at %d pairs/s for %s, %s", of.perSecond, of.duration, name); err != nil {
		return err
	}
	processors, err := r.measureLoad(ctx, of.servers)
	if err != nil {
		return err
	}
	row, err := of.gateways.OpenLoop(ctx, bench.ReserveAndRecord(), of.perSecond, of.duration)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	row.Name = name
	*of.phases = append(*of.phases, row)
	load, err := processors.end(name)
	r.report.Loads = append(r.report.Loads, load)
	return err
}

// rate returns the rate of gateways at which half of the processors are idle.
func (r *runner) rate() int { return max(1, int(r.report.RatePerSecond)) }

// mix returns the kinds of attack on what is not enforcement that are asked for, and false if there are none.
func (r *runner) mix() (only []string, asked bool) {
	only = slices.DeleteFunc(slices.Clone(r.Only), func(name string) bool { return !slices.Contains(Kinds(), name) })
	return only, len(r.Only) == 0 || len(only) > 0
}

// measureMix measures gateways at half of the machine's capacity under attack, between quiet phases, and the servers' memory.
func (r *runner) measureMix(ctx context.Context, attack *Attack) (err error) {
	only, asked := r.mix()
	if !asked {
		return nil
	}
	if err := r.readMemory("after all connections were busy"); err != nil {
		return err
	}
	attack.Only = only
	of := trial{r.gateways(), r.rate(), r.Duration, r.PIDs, &r.report.Phases}
	r.report.Attacks, err = r.measureRounds(ctx, attack, of, "quiet", "attacked")
	if err := errors.Join(err, r.readMemory("after the last round")); err != nil {
		return err
	}
	return r.awaitMemory(ctx)
}

// measureFlood measures gateways before, during and after another organization floods their lane.
func (r *runner) measureFlood(ctx context.Context, attack *Attack) (err error) {
	if len(r.Only) > 0 && !slices.Contains(r.Only, Flood) {
		return nil
	}
	server, err := r.Lane(ctx, laneSlots)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	r.report.Lane = &Lane{Slots: laneSlots}
	gateways := bench.Gateways{Server: server.URL, Data: r.Data, Connections: min(neighbours, r.Connections)}
	of := trial{gateways, r.rate(), r.Duration / 2, []int{server.PID}, &r.report.Lane.Phases}
	attack.Server, attack.Only = server.URL, []string{Flood}
	results, err := r.measureRounds(ctx, attack, of, "lane quiet", "lane flooded")
	if err != nil {
		return err
	}
	r.report.Lane.Flood = results[0]
	return nil
}

// measureRounds measures a quiet phase, and in each round one under attack and another quiet one, so that a machine that gets slower
// meanwhile does so for both. The rounds under attack take the trial's duration together. It returns the sums of the attack.
func (r *runner) measureRounds(ctx context.Context, attack *Attack, of trial, quiet, attacked string) (sums []*Result, err error) {
	rounds := max(1, r.Rounds)
	of.duration /= time.Duration(rounds)
	if err := r.measure(ctx, of, quiet); err != nil {
		return nil, err
	}
	for range rounds {
		results, err := r.measureAttacked(ctx, attack, of, attacked)
		if err != nil {
			return nil, err
		}
		sums = addResults(sums, results)
		if err := r.measure(ctx, of, quiet); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// measureAttacked measures a phase under attack, and returns the results of the attack.
func (r *runner) measureAttacked(ctx context.Context, attack *Attack, of trial, name string) ([]*Result, error) {
	command, err := r.Attacker(ctx)
	if err != nil {
		return nil, err
	}
	attack.For = of.duration + min(of.duration, time.Second) // the warm-up too
	if !attack.watches() {
		attack.For += attack.Lead
	}
	attacker, err := startWith(command, attack)
	if err != nil {
		return nil, err
	}
	err = attacker.lead(ctx, attack)
	if err == nil {
		err = r.measure(ctx, of, name)
	}
	results, failed := attacker.results()
	return results, errors.Join(err, failed)
}
