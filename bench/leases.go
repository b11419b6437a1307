package bench

import (
	"context"
	"fmt"
	"time"

	"bursar/bench/leased"
	"bursar/gateway"
)

// The names of the measurements of row p.
const (
	leasedBefore = "p d"
	leasedName   = "p"
	mergedName   = "p merged"
)

// measureLeases measures row p: row d again, calls of a few keys that leases decide with an event each, and the same merged; how long a decision takes; and
// whether gateways that are killed ever overspend.
func (r *runner) measureLeases(ctx context.Context) error {
	if err := r.measureAll(ctx, r.row(ReserveAndRecord(), "p").called(leasedBefore, ", each call a request")); err != nil {
		return err
	}
	target := &leased.Target{Server: r.Server, Token: r.Data.Token, Pool: r.Pool, OrganizationID: r.Data.OrganizationID, Keys: r.Data.Keys, Secret: r.Data.Secret}
	result := &leased.Result{}
	before, err := target.Transactions(ctx)
	if err != nil {
		return fmt.Errorf("row p, transactions: %w", err)
	}
	m, err := r.measure(ctx, row{letter: "p", name: leasedName, what: "calls with leases, an event each, 100 keys", newWorker: leasing(target, false)})
	if err != nil {
		return err
	}
	after, err := target.Transactions(ctx)
	if err != nil {
		return fmt.Errorf("row p, transactions: %w", err)
	}
	result.TransactionsPerThousand = 1000 * share(float64(after-before), float64(m.done))
	if err := target.AllowMerges(ctx); err != nil {
		return fmt.Errorf("row p, events of several calls: %w", err)
	}
	if _, err := r.measure(ctx, row{letter: "p", name: mergedName, what: "the same with merged events", newWorker: leasing(target, true)}); err != nil {
		return err
	}
	if err := r.tell("measuring %s: decisions, and rounds of four gateways", title("p")); err != nil {
		return err
	}
	if err := target.Decisions(ctx, min(r.Duration, maxWarmUp), 2*r.Duration, result); err != nil {
		return fmt.Errorf("row p, decisions: %w", err)
	}
	if err := target.Rounds(ctx, result); err != nil {
		return fmt.Errorf("row p, rounds: %w", err)
	}
	r.report.Leases = result
	return nil
}

// leasing returns workers that call one client, as the calls of one gateway do.
func leasing(target *leased.Target, merge bool) newWorker {
	var client *gateway.Client // of all workers, which are connected one after the other
	return func(_ context.Context, number int) (_ *worker, err error) {
		if client == nil {
			if client, err = target.Client(gateway.Later{Merge: merge, Waiting: 4096, Flush: 20 * time.Millisecond}); err != nil {
				return nil, err
			}
		}
		random, shared := newRandom(number), client
		return &worker{
			do: func(ctx context.Context) error { return target.Call(ctx, shared, random.IntN(target.Keys)) },
			close: func() error {
				shared.Shutdown(context.Background())
				client = nil // the row may be measured once more
				return nil
			},
		}, nil
	}
}
