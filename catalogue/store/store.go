// Package store keeps lists of prices in the database: everybody's, or an organization's own.
package store

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue"
	"bursar/db"
	"bursar/fault"
	"bursar/usage"
)

// perStatement is how many prices one statement imports: few enough for a progress that moves.
const perStatement = 500

// Read returns the prices that an organization has, or everybody's (nil), those that are over too.
func Read(ctx context.Context, on db.DBTX, organizationID *uuid.UUID) ([]catalogue.Price, error) {
	rows, err := db.New().ListPrices(ctx, on, &db.ListPricesParams{OrganizationID: organizationID, Everybodys: organizationID == nil, Number: math.MaxInt32})
	if err != nil {
		return nil, db.Fault(err)
	}
	var prices []catalogue.Price
	for _, row := range rows {
		if (row.OrganizationID == nil) == (organizationID == nil) { // without an organization the query lists those of all
			prices = append(prices, priceOf(row))
		}
	}
	return prices, nil
}

// priceOf converts a row.
func priceOf(row *db.Price) catalogue.Price {
	p := catalogue.Price{Provider: row.Provider, Model: row.Model, Prefix: row.IsPrefix, EffectiveFrom: row.EffectiveFrom, Source: row.Source}
	if row.EffectiveTo != nil {
		p.EffectiveTo = *row.EffectiveTo
	}
	if row.CheckedAt != nil {
		p.CheckedAt = *row.CheckedAt
	}
	if row.MaxOutputTokens != nil {
		p.MaxOutputTokens = *row.MaxOutputTokens
	}
	for _, rate := range row.Rates {
		p.Rates = append(p.Rates, catalogue.Rate{Unit: catalogue.Unit(rate.Unit), ServiceTier: usage.ServiceTier(rate.ServiceTier),
			AboveInputTokens: rate.AboveInputTokens, Picos: rate.Picos})
	}
	p.Order()
	return p
}

// item is a price as import_prices reads it. What is left out is not known, and effective_from is the instant of the import then.
type item struct {
	OrganizationID  *uuid.UUID `json:"organization_id,omitempty"`
	Provider        string     `json:"provider"`
	Model           string     `json:"model"`
	EffectiveFrom   *time.Time `json:"effective_from,omitempty"`
	EffectiveTo     *time.Time `json:"effective_to,omitempty"`
	Source          string     `json:"source,omitempty"`
	CheckedAt       *time.Time `json:"checked_at,omitempty"`
	MaxOutputTokens int64      `json:"max_output_tokens,omitempty"`
	Rates           []rate     `json:"rates"`
}

type rate struct {
	Unit             catalogue.Unit    `json:"unit"`
	AboveInputTokens int64             `json:"above_input_tokens"`
	ServiceTier      usage.ServiceTier `json:"service_tier"`
	Picos            int64             `json:"picos"`
}

// itemOf converts a price.
func itemOf(p *catalogue.Price, organizationID *uuid.UUID) item {
	of := item{OrganizationID: organizationID, Provider: p.Provider, Model: p.Key().Pattern(), Source: p.Source, MaxOutputTokens: p.MaxOutputTokens,
		EffectiveFrom: known(p.EffectiveFrom), EffectiveTo: known(p.EffectiveTo), CheckedAt: known(p.CheckedAt)}
	for _, r := range p.Rates {
		of.Rates = append(of.Rates, rate(r))
	}
	return of
}

// known returns nil for the zero time.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// Imported counts what an import did.
type Imported struct{ New, Changed, Unchanged int }

// Import makes the prices an organization's own, or everybody's (nil): all of them or none. What they replace ends then; nothing that was is
// changed. done is called with how many are in the transaction. want is what is expected to happen, as a comparison said: somebody who has changed prices since
// then makes the import fail with CONFLICT, and the comparison is to be made again. Errors are faults.
func Import(ctx context.Context, pool *pgxpool.Pool, actor db.Actor, organizationID *uuid.UUID, prices []catalogue.Price, want Imported, done func(int)) error {
	return db.InTx(ctx, pool, actor, func(tx pgx.Tx) error {
		var did Imported
		for from := 0; from < len(prices); from += perStatement {
			to := min(from+perStatement, len(prices))
			items := make([]item, 0, to-from)
			for i := range prices[from:to] {
				items = append(items, itemOf(&prices[from+i], organizationID))
			}
			list, err := json.Marshal(items)
			if err != nil {
				return err
			}
			changes, err := db.New().ImportPrices(ctx, tx, &db.ImportPricesParams{Prices: list})
			if err != nil {
				return err
			}
			for _, change := range changes {
				did.count(change.Change)
			}
			done(to)
		}
		if did != want {
			return fault.New(fault.Conflict, "nothing was imported, because prices were changed meanwhile: %d new and %d changed ones were expected, the import would have made %d and %d",
				want.New, want.Changed, did.New, did.Changed)
		}
		return nil
	})
}

// count counts a change as import_prices names it.
func (i *Imported) count(change string) {
	switch change {
	case "NEW":
		i.New++
	case "CHANGED":
		i.Changed++
	default:
		i.Unchanged++
	}
}
