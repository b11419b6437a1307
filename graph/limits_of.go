package graph

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/selection"
)

// subjectRow is a row that limits and recipients stand on.
type subjectRow[V any] interface {
	*V
	Subject() db.SubjectID
}

// budgetsOf returns the budgets that stand on a subject.
func budgetsOf[V any, P subjectRow[V]](ctx context.Context, r *Resolver, row *V) ([]*db.BudgetLimit, error) {
	limits, err := limitsOf[V, P](ctx, r, row)
	budgets := []*db.BudgetLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			budgets = append(budgets, &db.BudgetLimit{LimitStatus: limit})
		}
	}
	return budgets, err
}

// ratesOf returns the rate limits that stand on a subject.
func ratesOf[V any, P subjectRow[V]](ctx context.Context, r *Resolver, row *V) ([]*db.RateLimit, error) {
	limits, err := limitsOf[V, P](ctx, r, row)
	rates := []*db.RateLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindRATE {
			rates = append(rates, &db.RateLimit{LimitStatus: limit})
		}
	}
	return rates, err
}

// limitsOf returns the limits that stand on a subject. Those of the other subjects of its batch are read with them.
func limitsOf[V any, P subjectRow[V]](ctx context.Context, r *Resolver, row *V) ([]*db.LimitStatus, error) {
	bySubject, err := loader.Load(ctx, row, "limits", func(rows []*V) (map[uuid.UUID][]*db.LimitStatus, error) {
		organizationIDs, subjectIDs := subjectIDs[V, P](rows)
		limits, err := r.queries.ListLimits(ctx, r.within(ctx), &db.ListLimitsParams{OrganizationIDs: organizationIDs, SubjectIDs: subjectIDs})
		return loader.Group(loader.Loaded(ctx, limits), func(l *db.LimitStatus) uuid.UUID { return l.SubjectID }), err
	})
	return bySubject[P(row).Subject().ID], err
}

// recipientsOf returns the recipients of a subject's alerts. Those of the other subjects of its batch are read with them.
func recipientsOf[V any, P subjectRow[V]](ctx context.Context, r *Resolver, row *V) ([]*db.SubjectRecipient, error) {
	fields := len(selection.Of(ctx))
	bySubject, err := loader.Load(ctx, row, "recipients", func(rows []*V) (map[uuid.UUID][]*db.SubjectRecipient, error) {
		organizationIDs, subjectIDs := subjectIDs[V, P](rows)
		number := loader.ListNumber(ctx, fields)
		recipients, err := r.queries.ListRecipients(ctx, r.within(ctx),
			&db.ListRecipientsParams{OrganizationIDs: organizationIDs, SubjectIDs: subjectIDs, Number: number})
		return loader.Group(recipients, func(s *db.SubjectRecipient) uuid.UUID { return s.SubjectID }), cmp.Or(err, loader.CheckList(len(recipients), number))
	})
	recipients := bySubject[P(row).Subject().ID]
	return recipients, cmp.Or(err, loader.CountList(ctx, len(recipients), fields))
}

// subjectIDs returns the ids of subjects and, in the same order, of their organizations.
func subjectIDs[V any, P subjectRow[V]](rows []*V) (organizationIDs, ids []uuid.UUID) {
	for _, row := range rows {
		organizationIDs, ids = append(organizationIDs, P(row).Subject().OrganizationID), append(ids, P(row).Subject().ID)
	}
	return organizationIDs, ids
}
