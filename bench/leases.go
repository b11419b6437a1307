package bench

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"bursar/bench/gauge"
	"bursar/gateway"
)

// The names of the measurements of row p.
const (
	leasedBefore = "p d"
	leasedName   = "p"
	mergedName   = "p merged"
)

// leasedKeys is how many API keys the calls of row p are for.
const leasedKeys = 100

// Leases is what row p tells beside its rates.
type Leases struct {
	DecisionP50Milliseconds float64 `json:"decisionP50Milliseconds"` // of calls that a lease decided, at 1,000/s on a hot key, by the clock of the caller
	DecisionP99Milliseconds float64 `json:"decisionP99Milliseconds"`
	Leased                  float64 `json:"leased"`                  // share of these calls that a lease decided
	TransactionsPerThousand float64 `json:"transactionsPerThousand"` // of the database, whoever began them, in 1,000 calls of an event each
	Rounds                  int     `json:"rounds"`                  // of four gateways that share a budget
	Overspent               int64   `json:"overspent"`               // tokens above the budget, in all rounds
	Admitted                float64 `json:"admitted"`                // the least share of a budget that a round has used
}

// measureLeases measures row p: row d again, calls of a few keys that leases decide with an event each, and the same merged; how long a decision takes; and
// whether gateways that are killed ever overspend.
func (r *runner) measureLeases(ctx context.Context) error {
	if err := r.measureAll(ctx, r.row(ReserveAndRecord(), "p").called(leasedBefore, ", each call a request")); err != nil {
		return err
	}
	leases := &Leases{}
	before, err := r.transactionCount(ctx)
	if err != nil {
		return err
	}
	m, err := r.measure(ctx, row{letter: "p", name: leasedName, what: "calls with leases, an event each, 100 keys", newWorker: r.leasing(false)})
	if err != nil {
		return err
	}
	after, err := r.transactionCount(ctx)
	if err != nil {
		return err
	}
	leases.TransactionsPerThousand = 1000 * share(float64(after-before), float64(m.done))
	if _, err := r.measure(ctx, row{letter: "p", name: mergedName, what: "the same with merged events", newWorker: r.leasing(true)}); err != nil {
		return err
	}
	if err := r.measureDecisions(ctx, leases); err != nil {
		return fmt.Errorf("row p, decisions: %w", err)
	}
	if err := r.playRounds(ctx, leases); err != nil {
		return fmt.Errorf("row p, rounds: %w", err)
	}
	r.report.Leases = leases
	return nil
}

// transactionCount returns how many transactions the database has committed.
func (r *runner) transactionCount(ctx context.Context) (number int64, err error) {
	err = r.Pool.QueryRow(ctx, `select xact_commit from pg_stat_database where datname = current_database()`).Scan(&number)
	return number, err
}

// leasing returns workers that call one client, as the calls of one gateway do.
func (r *runner) leasing(merge bool) newWorker {
	var client *gateway.Client // of all workers, which are connected one after the other
	return func(_ context.Context, number int) (*worker, error) {
		if client == nil {
			made, err := r.leasingClient(gateway.Later{Merge: merge, Waiting: 4096, Flush: 20 * time.Millisecond})
			if err != nil {
				return nil, err
			}
			client = made
		}
		random := newRandom(number)
		return &worker{
			do: func(ctx context.Context) error {
				return r.leasedCall(ctx, client, random.IntN(min(leasedKeys, r.Data.Keys)))
			},
			close: func() error { client.Shutdown(context.Background()); return nil },
		}, nil
	}
}

func (r *runner) leasingClient(later gateway.Later) (*gateway.Client, error) {
	return gateway.New(gateway.Config{URLs: []string{r.Server}, Token: r.Data.Token, Lease: gateway.LeaseAuto, Later: later})
}

// leasedCall makes a call of a key, and has it booked in the background.
func (r *runner) leasedCall(ctx context.Context, client *gateway.Client, key int) error {
	output := int64(estimateTokens - usedInputTokens)
	held, err := client.Reserve(ctx, gateway.Request{Secret: r.Data.Secret(key), InputTokens: usedInputTokens, MaxOutputTokens: &output, Cost: "0.01"})
	if err != nil {
		return err
	}
	report := gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Provider: "openai", Cost: "0.008"}
	report.Parts.Requests, report.Parts.InputTokens, report.Parts.OutputTokens, report.Parts.Model = 1, usedInputTokens, usedOutputTokens, "gpt-4o"
	return client.RecordLater(report)
}

// measureDecisions makes 1,000 calls a second of one key, and measures the decisions of those that a lease decided, after the first of a lease.
func (r *runner) measureDecisions(ctx context.Context, leases *Leases) error {
	if err := r.tell("measuring %s: decisions at 1,000/s on a hot key", title("p")); err != nil {
		return err
	}
	client, err := r.leasingClient(gateway.Later{})
	if err != nil {
		return err
	}
	defer client.Shutdown(ctx)
	var took gauge.Histogram
	var running sync.WaitGroup
	var mu sync.Mutex
	calls, leased := 0, 0
	ticker := time.NewTicker(time.Second / openRate)
	defer ticker.Stop()
	output := int64(estimateTokens - usedInputTokens)
	warmed := time.Now().Add(min(r.Duration, maxWarmUp))
	var failed error
	for end := warmed.Add(2 * r.Duration); time.Now().Before(end); <-ticker.C {
		running.Go(func() {
			began := time.Now()
			held, err := client.Reserve(ctx, gateway.Request{Secret: r.Data.Secret(0), InputTokens: usedInputTokens, MaxOutputTokens: &output, Cost: "0.01"})
			ended := time.Now()
			if err == nil {
				err = client.RecordLater(gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Cost: "0.008", Parts: onePart()})
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err
				return
			}
			if began.Before(warmed) {
				return
			}
			calls++
			if strings.HasPrefix(held.ID, "lea_") {
				leased++
			}
			took.Add(ended.Sub(began))
		})
	}
	running.Wait()
	leases.DecisionP50Milliseconds, leases.DecisionP99Milliseconds = milliseconds(took.Quantile(500)), milliseconds(took.Quantile(990))
	leases.Leased = share(float64(leased), float64(calls))
	return failed
}
