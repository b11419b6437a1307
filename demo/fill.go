package demo

import (
	"context"
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue/takeover"
	"bursar/db"
)

// Fill gives the organization its history and, if it was made now and there are no prices, imports those in the binary: another binary does not
// change them later. Nobody has to wait for either: what fails is logged. It returns what waits for both.
func (d *Demo) Fill(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) (wait func()) {
	var filling sync.WaitGroup
	filling.Go(func() {
		if err := AddHistory(ctx, pool); err != nil && ctx.Err() == nil {
			logger.Warn("the demo organization has no history; the next start tries again", "error", err)
		}
		if !d.Created {
			return
		}
		if err := takeover.BuiltIn(ctx, pool, db.Actor{Name: actor, Action: "importPrices"}); err != nil && ctx.Err() == nil {
			logger.Warn("there are no prices; bursar prices import makes them", "error", err)
		}
	})
	return filling.Wait
}
