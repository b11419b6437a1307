package overhead

import (
	"context"

	"bursar/bench"
)

// leasedKeys is how many keys call through a gateway with leases: each makes several calls a second, also of streams.
const leasedKeys = 10

// keys returns of how many API keys calls draw one.
func (t *Target) keys(data *bench.Data) int {
	if t.Leases {
		return min(leasedKeys, data.Keys)
	}
	return data.Keys
}

// decisions are calls that were decided out of leases, and those that Bursar was asked for.
type decisions struct{ leased, asked float64 }

// decided returns what a gateway with leases has decided.
func (r *runner) decided(ctx context.Context, target *Target) (d decisions, err error) {
	if !target.Leases {
		return d, nil
	}
	values, err := scrape(ctx, target.Metrics)
	return decisions{values["bursar_gateway_leased_calls_total"], values["bursar_gateway_asked_calls_total"]}, err
}

// endDecided adds to a phase which share of its calls leases have decided.
func (r *runner) endDecided(ctx context.Context, phase *Phase, target *Target, before decisions) error {
	if !target.Leases {
		return nil
	}
	now, err := r.decided(ctx, target)
	if all := now.leased + now.asked - before.leased - before.asked; all > 0 {
		phase.Leased = round((now.leased - before.leased) / all)
	}
	return err
}

// isOurs tells whether a target is a gateway of the build that is measured, for which the bars are.
func (r *runner) isOurs(target *Target) bool { return target == &r.Gateway || target == r.Leased }
