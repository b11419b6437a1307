package overhead

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/gateway/demoprovider"
	"bursar/gateway/demoprovider/demomodel"
)

// Books compares what Bursar has booked with what the provider has served through the gateway.
type Books struct {
	Served Sums `json:"served"`
	Booked Sums `json:"booked"`
}

// Sums are sums over calls.
type Sums struct {
	Calls             int64 `json:"calls"`
	InputTokens       int64 `json:"inputTokens"`
	CachedInputTokens int64 `json:"cachedInputTokens"`
	OutputTokens      int64 `json:"outputTokens"`
	CostNanos         int64 `json:"costNanos"`
}

// Exact reports whether both are the same.
func (b *Books) Exact() bool { return b.Served == b.Booked }

// booking calls a function that makes calls of a target, and counts what the provider serves meanwhile if it is to be booked.
func (r *runner) booking(ctx context.Context, target *Target, calls func() error) error {
	if !target.Governed {
		return calls()
	}
	before, err := r.served(ctx)
	if err != nil {
		return err
	}
	if err := calls(); err != nil {
		return err
	}
	after, err := r.served(ctx)
	if r.report.Books == nil {
		r.report.Books = &Books{}
	}
	sums := &r.report.Books.Served
	sums.Calls += after.Calls - before.Calls
	sums.InputTokens += after.InputTokens - before.InputTokens
	sums.CachedInputTokens += after.CachedInputTokens - before.CachedInputTokens
	sums.OutputTokens += after.OutputTokens - before.OutputTokens
	sums.CostNanos += after.CostNanos - before.CostNanos
	return err
}

// served returns what the provider has served, once no call is in flight.
func (r *runner) served(ctx context.Context) (s Sums, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.Provider.URL+"/demo/totals?idle=1", nil)
	if err != nil {
		return s, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return s, fmt.Errorf("ask the provider what it has served: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	var totals demoprovider.Totals
	if err := json.NewDecoder(response.Body).Decode(&totals); err != nil {
		return s, fmt.Errorf("ask the provider what it has served: %w", err)
	}
	return Sums{totals.Requests, totals.InputTokens, totals.CachedInputTokens, totals.OutputTokens, totals.CostNanos}, nil
}

const (
	bookingTimeout = 30 * time.Second // for reports that are on their way
	bookingEvery   = 50 * time.Millisecond
)

// compareBooks waits until as many calls are booked as were served, and a little longer, in which nothing more may come.
func (r *runner) compareBooks(ctx context.Context) error {
	if err := r.tell("comparing what was booked with what was served"); err != nil {
		return err
	}
	deadline := time.Now().Add(bookingTimeout)
	for {
		booked := &r.report.Books.Booked
		err := r.Pool.QueryRow(ctx, sumUsage, r.Data.OrganizationID, demomodel.Provider).Scan(&booked.Calls, &booked.InputTokens, &booked.CachedInputTokens,
			&booked.OutputTokens, &booked.CostNanos)
		if err != nil {
			return fmt.Errorf("add up what was booked: %w", err)
		}
		if booked.Calls >= r.report.Books.Served.Calls || time.Now().After(deadline) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(bookingEvery):
		}
	}
}

const sumUsage = `
	select count(*), coalesce(sum(e.input_tokens), 0)::bigint, coalesce(sum(e.cached_input_tokens), 0)::bigint, coalesce(sum(e.output_tokens), 0)::bigint,
		coalesce(sum(e.cost_nanos), 0)::bigint
	from usage_events e where e.organization_id = $1 and e.provider = $2`

// picosPerNano is how many pico-dollars a nano-dollar has.
const picosPerNano = 1000

// loadPrices sets everybody's prices of the demo models for chats.
func loadPrices(ctx context.Context, pool *pgxpool.Pool) error {
	type rate struct {
		Unit  string `json:"unit"`
		Picos int64  `json:"picos"`
	}
	type price struct {
		Provider string `json:"provider"`
		Model    string `json:"model"`
		Most     int64  `json:"max_output_tokens"`
		Rates    []rate `json:"rates"`
	}
	var list []price
	for _, m := range demomodel.Models() {
		if m.Does == demomodel.Chat {
			list = append(list, price{demomodel.Provider, m.Name, m.MaxOutputTokens, []rate{
				{"INPUT_TOKENS", m.InputNanos * picosPerNano}, {"CACHED_INPUT_TOKENS", m.CachedInputNanos * picosPerNano}, {"OUTPUT_TOKENS", m.OutputNanos * picosPerNano},
			}})
		}
	}
	encoded, err := json.Marshal(list)
	if err == nil {
		_, err = db.New().ImportPrices(ctx, pool, &db.ImportPricesParams{Prices: encoded})
	}
	if err != nil {
		return fmt.Errorf("load the prices of the demo models: %w", err)
	}
	return nil
}
