package list

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/validate"
	"bursar/id"
)

const (
	maxDenialLimits = 100
	maxDenialRange  = 31 * 24 * time.Hour
)

// LimitDenials returns what limits denied, or would have denied in SHADOW, by hour, in a range of time (to nil: until now).
func (l *Lists) LimitDenials(ctx context.Context, externals []string, from time.Time, to *time.Time) ([]*db.ListDenialHoursRow, error) {
	end := validate.ValueOr(to, time.Now())
	ids := make([]uuid.UUID, len(externals))
	errs := make([]error, len(externals), len(externals)+2)
	for i, external := range externals {
		_, ids[i], errs[i] = validate.ID("limitIds", external, id.BudgetLimit, id.RateLimit)
	}
	if len(externals) == 0 || len(externals) > maxDenialLimits {
		errs = append(errs, fault.BadInput("limitIds", "must be 1 to %d", maxDenialLimits))
	}
	if !end.After(from) || end.Sub(from) > maxDenialRange {
		errs = append(errs, fault.BadInput("to", "must be after from, and at most 31 days after it"))
	}
	if err := validate.Together(errs...); err != nil {
		return nil, err
	}
	rows, err := l.Queries.ListDenialHours(ctx, l.Within(ctx), &db.ListDenialHoursParams{LimitIDs: ids, OrganizationID: caller.Organization(ctx),
		CreatedByID: caller.OwnKeysOnly(ctx), FromID: id.FirstAt(from), ToID: id.FirstAt(end.Add(time.Millisecond - time.Nanosecond))})
	return rows, db.Fault(err)
}
