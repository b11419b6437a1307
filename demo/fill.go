package demo

import (
	"context"
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue/takeover"
	"bursar/db"
)

// Fill gives the organization its history and, once, the prices in the binary: another binary does not change them later. What was killed
// meanwhile leaves nothing behind, and the next start does it again. Nobody has to wait for either: what fails is logged. It returns what
// waits for both.
func (d *Demo) Fill(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) (wait func()) {
	var filling sync.WaitGroup
	filling.Go(func() {
		if err := AddHistory(ctx, pool); err != nil && ctx.Err() == nil {
			logger.Warn("the demo organization has no history; the next start tries again", "error", err)
		}
		if err := d.importPrices(ctx, pool); err != nil && ctx.Err() == nil {
			logger.Warn("the prices in the binary were not imported; the next start tries again, and so does bursar prices import", "error", err)
		}
	})
	return filling.Wait
}

// importPrices imports the prices in the binary, all of them or none, unless there are or have been prices. It is done once: after that the
// folder says that they are not due any more.
func (d *Demo) importPrices(ctx context.Context, pool *pgxpool.Pool) error {
	if !d.PricesDue {
		return nil
	}
	if err := takeover.BuiltIn(ctx, pool, db.Actor{Name: actor, Action: "importPrices"}); err != nil {
		return err
	}
	done := *d
	done.PricesDue = false
	return Save(d.folder, &done)
}
