// Package leased measures calls that a gateway decides out of leases: row p.
package leased

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/bench/gauge"
	"bursar/gateway"
)

const (
	keys       = 100 // API keys that calls are for
	openRate   = 1000
	usedInput  = 700
	usedOutput = 200
	mostOutput = 1100
	provider   = "leased" // not that of the ledger that row l loads
)

// Target is a server, and an organization that was loaded.
type Target struct {
	Server, Token  string
	Pool           *pgxpool.Pool
	OrganizationID uuid.UUID
	Keys           int
	Secret         func(number int) string
}

// Result is what row p tells beside its rates.
type Result struct {
	DecisionP50Milliseconds float64 `json:"decisionP50Milliseconds"` // of calls at 1,000/s on a hot key, from the call's beginning on
	DecisionP99Milliseconds float64 `json:"decisionP99Milliseconds"`
	Leased                  float64 `json:"leased"`                  // share of these calls that a lease decided
	TransactionsPerThousand float64 `json:"transactionsPerThousand"` // of the database, whoever began them, in 1,000 calls of an event each
	Rounds                  int     `json:"rounds"`                  // of four gateways that share a budget
	Overspent               int64   `json:"overspent"`               // tokens above the budget, in all rounds
	Admitted                float64 `json:"admitted"`                // the least share of a budget that a round has used
}

// Client returns a client that decides out of leases.
func (t *Target) Client(later gateway.Later) (*gateway.Client, error) {
	return gateway.New(gateway.Config{URLs: []string{t.Server}, Token: t.Token, Lease: gateway.LeaseAuto, Later: later})
}

// Call makes a call of one of 100 keys, and has it booked in the background.
func (t *Target) Call(ctx context.Context, client *gateway.Client, key int) error {
	_, _, err := t.call(ctx, client, key%min(keys, t.Keys))
	return err
}

func (t *Target) call(ctx context.Context, client *gateway.Client, key int) (took time.Duration, leased bool, err error) {
	output := int64(mostOutput)
	request := gateway.Request{Secret: t.Secret(key), InputTokens: usedInput, MaxOutputTokens: &output, Cost: "0.01"}
	began := time.Now()
	held, err := client.Reserve(ctx, request)
	if took = time.Since(began); err != nil {
		return took, false, err
	}
	report := gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Provider: provider, Cost: "0.008"}
	report.Parts.Requests, report.Parts.InputTokens, report.Parts.OutputTokens, report.Parts.Model = 1, usedInput, usedOutput, "gpt-4o"
	return took, strings.HasPrefix(held.ID, "lea_"), client.RecordLater(report)
}

// Transactions returns how many transactions the database has committed.
func (t *Target) Transactions(ctx context.Context) (number int64, err error) {
	err = t.Pool.QueryRow(ctx, `select xact_commit from pg_stat_database where datname = current_database()`).Scan(&number)
	return number, err
}

// Decisions makes 1,000 calls a second of one key, and measures their decisions after a warm-up.
func (t *Target) Decisions(ctx context.Context, warmUp, duration time.Duration, result *Result) error {
	client, err := t.Client(gateway.Later{})
	if err != nil {
		return err
	}
	defer client.Shutdown(ctx)
	var running sync.WaitGroup
	var mu sync.Mutex
	var took gauge.Histogram
	var failed error
	calls, leased := 0, 0
	ticker := time.NewTicker(time.Second / openRate)
	defer ticker.Stop()
	warmed := time.Now().Add(warmUp)
	for end := warmed.Add(duration); time.Now().Before(end) && ctx.Err() == nil; <-ticker.C {
		measured := time.Now().After(warmed)
		running.Go(func() {
			once, isLeased, err := t.call(ctx, client, 0)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				failed = err
			case measured:
				calls++
				took.Add(once)
				if isLeased {
					leased++
				}
			}
		})
	}
	running.Wait()
	result.DecisionP50Milliseconds, result.DecisionP99Milliseconds = milliseconds(took.Quantile(500)), milliseconds(took.Quantile(990))
	result.Leased = share(float64(leased), float64(calls))
	return failed
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Nanosecond)) / float64(time.Millisecond)
}

// share returns of / to; 0 for nothing.
func share(of, to float64) float64 {
	if to == 0 {
		return 0
	}
	return of / to
}
