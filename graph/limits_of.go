package graph

import (
	"context"

	"bursar/db"
)

// budgetsOf returns the budgets that stand on a subject.
func (r *Resolver) budgetsOf(ctx context.Context, subject db.SubjectID) ([]*db.BudgetLimit, error) {
	limits, err := r.loaders.limitsOf.Load(ctx, subject)()
	budgets := []*db.BudgetLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			budgets = append(budgets, &db.BudgetLimit{LimitStatus: limit})
		}
	}
	return budgets, err
}

// ratesOf returns the rate limits that stand on a subject.
func (r *Resolver) ratesOf(ctx context.Context, subject db.SubjectID) ([]*db.RateLimit, error) {
	limits, err := r.loaders.limitsOf.Load(ctx, subject)()
	rates := []*db.RateLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindRATE {
			rates = append(rates, &db.RateLimit{LimitStatus: limit})
		}
	}
	return rates, err
}

// recipientsOf returns who hears of a subject's alerts.
func (r *Resolver) recipientsOf(ctx context.Context, subject db.SubjectID) ([]*db.SubjectRecipient, error) {
	return r.loaders.recipientsOf.Load(ctx, subject)()
}
