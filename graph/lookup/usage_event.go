package lookup

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
)

// ReservationOf returns the reservation that a usage event settled; nil when there was none, or it is not kept any more.
func (f *Finder) ReservationOf(ctx context.Context, event *db.UsageEvent) (*db.Reservation, error) {
	return loader.Refer(ctx, event, "reservation", func(e *db.UsageEvent) *uuid.UUID { return e.ReservationID },
		func(r *db.Reservation) uuid.UUID { return r.ID },
		func(ids []uuid.UUID) ([]*db.Reservation, error) {
			return f.Queries.FindReservations(ctx, f.Within(ctx), &db.FindReservationsParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// CorrectedOf returns the usage event that another one corrects; nil when that is no correction, or the corrected one is not kept any more.
func (f *Finder) CorrectedOf(ctx context.Context, event *db.UsageEvent) (*db.UsageEvent, error) {
	return loader.Refer(ctx, event, "corrects", func(e *db.UsageEvent) *uuid.UUID { return e.Corrects },
		func(e *db.UsageEvent) uuid.UUID { return e.ID }, func(ids []uuid.UUID) ([]*db.UsageEvent, error) {
			return f.usageEvents(ctx, ids)
		})
}

// usageEvents returns those of the usage events with these ids that exist.
func (f *Finder) usageEvents(ctx context.Context, ids []uuid.UUID) ([]*db.UsageEvent, error) {
	first, last := bounds(ids)
	return f.Queries.FindUsageEvents(ctx, f.Within(ctx), &db.FindUsageEventsParams{
		IDs: ids, OrganizationID: caller.Organization(ctx), RecordedFrom: first, RecordedTo: last.Add(time.Millisecond),
	})
}

// CorrectedCostOf returns what a usage event costs with all corrections; nil when it has none. Those of the usage events of its batch are
// read with it.
func (f *Finder) CorrectedCostOf(ctx context.Context, event *db.UsageEvent) (*decimal.Decimal, error) {
	costs, err := loader.Load(ctx, event, "correctedCost", func(events []*db.UsageEvent) (map[uuid.UUID]decimal.Decimal, error) {
		params := &db.ListRepricedEventsParams{
			OrganizationIDs: loader.Distinct(events, func(e *db.UsageEvent) *uuid.UUID { return &e.OrganizationID }),
			IDs:             loader.Distinct(events, (*db.UsageEvent).Repriceable),
		}
		costs := map[uuid.UUID]decimal.Decimal{}
		if len(params.IDs) == 0 {
			return costs, nil
		}
		repriced, err := f.Queries.ListRepricedEvents(ctx, f.Within(ctx), params)
		for _, one := range repriced {
			costs[one.UsageEventID] = one.Cost()
		}
		return costs, err
	})
	if cost, corrected := costs[event.ID]; corrected {
		return &cost, err
	}
	return nil, err
}
