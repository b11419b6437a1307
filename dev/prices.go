package dev

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue"
	"bursar/catalogue/store"
	"bursar/db"
	"bursar/demo"
	"bursar/fault"
	"bursar/gateway/demoprovider/demomodel"
	"bursar/id"
	"bursar/usage"
)

// picosPerNano is how many pico-dollars a nano-dollar has.
const picosPerNano = 1000

// ImportPrices gives the demo organization the prices of the demo models, where it has others or none.
func ImportPrices(ctx context.Context, pool *pgxpool.Pool, d *demo.Demo) error {
	_, organizationID, ok := id.Parse(d.OrganizationID)
	if !ok {
		return fmt.Errorf("%q is no id of an organization", d.OrganizationID)
	}
	current, err := store.Read(ctx, pool, &organizationID)
	if err != nil {
		return err
	}
	difference := catalogue.Compare(current, prices(), time.Now())
	writes := difference.Writes()
	if len(writes) == 0 {
		return nil
	}
	want := store.Imported{New: len(difference.New), Changed: len(difference.Changed)}
	err = store.Import(ctx, pool, db.Actor{Name: "bursar dev", Action: "importPrices"}, &organizationID, writes, want, func(int) {})
	if fault.CodeOf(err) == fault.Conflict { // another process was first
		return nil
	}
	return err
}

// prices returns the prices of the demo models.
func prices() (list []catalogue.Price) {
	for _, m := range demomodel.Models() {
		p := catalogue.Price{Provider: demomodel.Provider, Model: m.Name, Source: "bursar dev", MaxOutputTokens: m.MaxOutputTokens}
		for _, rate := range []struct {
			unit  catalogue.Unit
			nanos int64
		}{
			{catalogue.InputTokens, m.InputNanos}, {catalogue.CachedInputTokens, m.CachedInputNanos}, {catalogue.CacheWriteTokens, m.CacheWriteNanos},
			{catalogue.CacheWrite1hTokens, m.CacheWrite1hNanos}, {catalogue.AudioInputTokens, m.AudioInputNanos},
			{catalogue.OutputTokens, m.OutputNanos}, {catalogue.AudioOutputTokens, m.AudioOutputNanos},
		} {
			if rate.nanos > 0 {
				p.Rates = append(p.Rates, catalogue.Rate{Unit: rate.unit, ServiceTier: usage.Standard, Picos: rate.nanos * picosPerNano})
			}
		}
		p.Order()
		list = append(list, p)
	}
	return list
}
