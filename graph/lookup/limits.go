package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
)

// subjectRow is a row that limits and recipients stand on.
type subjectRow[V any] interface {
	*V
	Subject() db.SubjectID
}

// BudgetsOf returns the budgets that stand on a subject.
func BudgetsOf[V any, P subjectRow[V]](ctx context.Context, f *Finder, row *V) ([]*db.BudgetLimit, error) {
	limits, err := limitsOf[V, P](ctx, f, row)
	budgets := []*db.BudgetLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			budgets = append(budgets, &db.BudgetLimit{LimitStatus: limit})
		}
	}
	return budgets, err
}

// RatesOf returns the rate limits that stand on a subject.
func RatesOf[V any, P subjectRow[V]](ctx context.Context, f *Finder, row *V) ([]*db.RateLimit, error) {
	limits, err := limitsOf[V, P](ctx, f, row)
	rates := []*db.RateLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindRATE {
			rates = append(rates, &db.RateLimit{LimitStatus: limit})
		}
	}
	return rates, err
}

// limitsOf returns the limits that stand on a subject. Those of the other subjects of its batch are read with them.
func limitsOf[V any, P subjectRow[V]](ctx context.Context, f *Finder, row *V) ([]*db.LimitStatus, error) {
	bySubject, err := loader.Load(ctx, row, "limits", func(rows []*V) (map[uuid.UUID][]*db.LimitStatus, error) {
		organizationIDs, subjectIDs := subjectIDs[V, P](rows)
		limits, err := f.Queries.ListLimits(ctx, f.Within(ctx), &db.ListLimitsParams{OrganizationIDs: organizationIDs, SubjectIDs: subjectIDs})
		return loader.Group(loader.Loaded(ctx, limits), func(l *db.LimitStatus) uuid.UUID { return l.SubjectID }), err
	})
	return bySubject[P(row).Subject().ID], err
}
