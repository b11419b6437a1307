// Package leased measures calls that a gateway decides out of leases: row p.
package leased

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/bench/gauge"
	"bursar/db"
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
	Leased                  float64 `json:"leased"`             // share of these calls that a lease decided
	FarP50Milliseconds      float64 `json:"farP50Milliseconds"` // the same with 40 ms between gateway and server, of calls that a lease decided
	FarP99Milliseconds      float64 `json:"farP99Milliseconds"`
	FarLeased               float64 `json:"farLeased"`
	FarRoundTrips           int64   `json:"farRoundTrips"`           // to the server, within decisions of these calls
	TransactionsPerThousand float64 `json:"transactionsPerThousand"` // of the database, whoever began them, in 1,000 calls of an event each
	Rounds                  int     `json:"rounds"`                  // of four gateways that share a budget
	Overspent               int64   `json:"overspent"`               // tokens above the budget, in all rounds
	DeniedWithRoom          int64   `json:"deniedWithRoom"`          // callers that were denied for more than a lease's time although the budget had room, in all rounds
	Admitted                float64 `json:"admitted"`                // the least share of a budget that a round has used
}

// Client returns a client that decides out of leases.
func (t *Target) Client(later gateway.Later) (*gateway.Client, error) {
	return gateway.New(gateway.Config{URLs: []string{t.Server}, Token: t.Token, Lease: gateway.LeaseAuto, Later: later})
}

// Call makes a call of one of 100 keys, and has it booked in the background.
func (t *Target) Call(ctx context.Context, client *gateway.Client, key int) error {
	_, err := t.call(ctx, client, key%min(keys, t.Keys))
	return err
}

// call makes a call, and says how long its decision took, whether a lease made it, and how many round trips to the server were within it.
func (t *Target) call(ctx context.Context, client *gateway.Client, key int) (d decided, err error) {
	output := int64(mostOutput)
	request := gateway.Request{Secret: t.Secret(key), InputTokens: usedInput, MaxOutputTokens: &output, Cost: "0.01"}
	within := &atomic.Int64{}
	began := time.Now()
	held, err := client.Reserve(context.WithValue(ctx, withinKey{}, within), request)
	if d.took, d.roundTrips = time.Since(began), within.Load(); err != nil {
		return d, err
	}
	d.leased = strings.HasPrefix(held.ID, "lea_")
	report := gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Provider: provider, Cost: "0.008"}
	report.Parts.Requests, report.Parts.InputTokens, report.Parts.OutputTokens, report.Parts.Model = 1, usedInput, usedOutput, "gpt-4o"
	return d, client.RecordLater(report)
}

// decided is how a call was decided.
type decided struct {
	took       time.Duration
	leased     bool
	roundTrips int64
}

// withinKey is the key of a context's count of round trips.
type withinKey struct{}

// far is a way to a server that is far away. It counts the round trips that a decision waits for.
type far time.Duration

// RoundTrip implements [http.RoundTripper].
func (f far) RoundTrip(r *http.Request) (*http.Response, error) {
	if within, ok := r.Context().Value(withinKey{}).(*atomic.Int64); ok {
		within.Add(1)
	}
	pause(r.Context(), time.Duration(f))
	return http.DefaultTransport.RoundTrip(r)
}

// AllowMerges has the organization allow events of several calls.
func (t *Target) AllowMerges(ctx context.Context) error {
	return db.InTx(ctx, t.Pool, db.Actor{Name: "bursar bench", Action: "load"}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update organizations set merges_allowed = true where id = $1`, t.OrganizationID)
		return err
	})
}

// Transactions returns how many transactions the database has committed.
func (t *Target) Transactions(ctx context.Context) (number int64, err error) {
	err = t.Pool.QueryRow(ctx, `select xact_commit from pg_stat_database where datname = current_database()`).Scan(&number)
	return number, err
}

// farAway is what a request takes to a server that is far away, and back.
const farAway = 40 * time.Millisecond

// Decisions makes 1,000 calls a second of one key, and measures their decisions after a warm-up: beside the server, and far away from it.
func (t *Target) Decisions(ctx context.Context, warmUp, duration time.Duration, result *Result) error {
	near, err := t.decisions(ctx, warmUp, duration, nil)
	if err != nil {
		return err
	}
	result.DecisionP50Milliseconds, result.DecisionP99Milliseconds, result.Leased = near.p50(), near.p99(), share(near.leased, near.calls)
	distant, err := t.decisions(ctx, warmUp, duration, far(farAway))
	if err != nil {
		return err
	}
	result.FarP50Milliseconds, result.FarP99Milliseconds, result.FarLeased = distant.p50(), distant.p99(), share(distant.leased, distant.calls)
	result.FarRoundTrips = distant.roundTrips
	return nil
}

// measured is what decisions took: of all calls, or of those that a lease decided where the server is far away.
type measured struct {
	took          gauge.Histogram
	calls, leased float64
	roundTrips    int64 // within decisions of leases
}

func (m *measured) p50() float64 { return milliseconds(m.took.Quantile(500)) }

func (m *measured) p99() float64 { return milliseconds(m.took.Quantile(990)) }

// decisions makes the calls, over a transport or, if it is nil, the client's own.
func (t *Target) decisions(ctx context.Context, warmUp, duration time.Duration, transport http.RoundTripper) (m *measured, err error) {
	client, err := gateway.New(gateway.Config{URLs: []string{t.Server}, Token: t.Token, Lease: gateway.LeaseAuto, Transport: transport})
	if err != nil {
		return nil, err
	}
	defer client.Shutdown(ctx)
	m = &measured{}
	var running sync.WaitGroup
	var mu sync.Mutex
	ticker := time.NewTicker(time.Second / openRate)
	defer ticker.Stop()
	warmed := time.Now().Add(warmUp)
	for end := warmed.Add(duration); time.Now().Before(end) && ctx.Err() == nil; <-ticker.C {
		counts := time.Now().After(warmed)
		running.Go(func() {
			d, failed := t.call(ctx, client, 0)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case failed != nil:
				err = failed
			case counts:
				m.add(d, transport != nil)
			}
		})
	}
	running.Wait()
	return m, err
}

func (m *measured) add(d decided, leasedAlone bool) {
	m.calls++
	if d.leased {
		m.leased++
		m.roundTrips += d.roundTrips
	}
	if d.leased || !leasedAlone {
		m.took.Add(d.took)
	}
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
