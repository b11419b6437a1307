package overhead

import (
	"context"
	"math"
	"time"
)

const (
	targetBusy = 0.5 // share of the machine's processors that all programs use at the size that is chosen
	busyMargin = 0.05
	maxTrials  = 4
	maxSmaller = 20 // times, that a size may be
	trialTime  = 2 * time.Second
)

// measureKind measures a load of the size that was asked for. If that takes more than half of the machine's processors, it is measured again with a size that
// takes half of them, because latencies of a machine without a free processor tell of its queues.
func (r *runner) measureKind(ctx context.Context, of kind) error {
	row, err := r.measureRow(ctx, &of, of.size)
	if err != nil || row.Machine <= targetBusy+busyMargin {
		return err
	}
	size, busy, err := r.chooseSize(ctx, &of, row.Machine)
	if err != nil {
		return err
	}
	row, err = r.measureRow(ctx, &of, size)
	row.HalfIdle, row.trial = true, busy
	return err
}

// chooseSize finds the size of a load at which the gateway, with all that it calls, leaves half of the processors idle, and returns the share that was used then. That of a
// machine which does something else may be larger at any size.
func (r *runner) chooseSize(ctx context.Context, of *kind, busy float64) (size int, used float64, err error) {
	size = of.size
	for range maxTrials {
		next := float64(size) * min(max(targetBusy/busy, 1.0/3), 1.5)
		size = int(math.Round(min(max(next, float64(of.size)/maxSmaller, 1), float64(of.size))))
		phase, _, err := r.measure(ctx, of, &r.Gateway, size, min(r.Duration, trialTime))
		if err != nil {
			return 0, 0, err
		}
		if busy = phase.Machine; busy == 0 || math.Abs(busy-targetBusy) <= busyMargin {
			break
		}
	}
	return size, busy, nil
}

// measureRow measures a load of a size in rounds of the provider, each gateway, and in the end the provider again, so that a machine that gets slower meanwhile
// does so for all.
func (r *runner) measureRow(ctx context.Context, of *kind, size int) (*Row, error) {
	row := &Row{Kind: of.name, What: of.what(size), Size: size, sums: map[string]*measured{}}
	r.report.Rows = append(r.report.Rows, row)
	phase := func(target *Target) error {
		phase, m, err := r.measure(ctx, of, target, size, r.Duration)
		if err != nil {
			return err
		}
		row.Phases = append(row.Phases, phase)
		if row.sums[target.Name] == nil {
			row.sums[target.Name] = &measured{}
		}
		row.sums[target.Name].merge(m)
		return nil
	}
	for range r.Rounds {
		if err := phase(&r.Provider); err != nil {
			return row, err
		}
		for _, gateway := range r.gateways() {
			if err := phase(gateway); err != nil {
				return row, err
			}
		}
	}
	err := phase(&r.Provider)
	row.summarize(&r.Provider, r.gateways())
	for i, gateway := range r.gateways() {
		row.Added[i].ours, row.Added[i].leases = r.isOurs(gateway), gateway.Leases
	}
	return row, err
}

// summarize computes what each gateway adds to the provider.
func (r *Row) summarize(provider *Target, gateways []*Target) {
	straight := r.sums[provider.Name]
	r.Straight = Latencies{latencyOf(&straight.first), latencyOf(&straight.whole)}
	for _, gateway := range gateways {
		through := r.sums[gateway.Name]
		added := Added{Target: gateway.Name, Through: Latencies{latencyOf(&through.first), latencyOf(&through.whole)}}
		added.FirstByte = added.Through.FirstByte.minus(r.Straight.FirstByte)
		added.Whole = added.Through.Whole.minus(r.Straight.Whole)
		number := 0.0
		for _, phase := range r.Phases {
			if phase.Target == gateway.Name {
				added.ProcessorMicros += phase.ProcessorMicros
				added.Machine += phase.Machine
				added.Leased += phase.Leased
				number++
			}
		}
		added.ProcessorMicros, added.Machine = math.Round(added.ProcessorMicros/number), math.Round(1000*added.Machine/number)/1000
		added.Leased = round(added.Leased / number)
		r.Added = append(r.Added, added)
	}
	r.Machine = r.Added[0].Machine
}
