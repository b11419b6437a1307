package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
)

// OrganizationOf returns the organization that a row names; nil for none.
func OrganizationOf[V any](ctx context.Context, f *Finder, row *V, named func(*V) *uuid.UUID) (*db.Organization, error) {
	return loader.Refer(ctx, row, "organization", named, func(o *db.Organization) uuid.UUID { return o.ID },
		func(ids []uuid.UUID) ([]*db.Organization, error) {
			return f.Queries.FindOrganizations(ctx, f.Within(ctx), &db.FindOrganizationsParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// WorkspaceOf returns the workspace that a row names; nil for none.
func WorkspaceOf[V any](ctx context.Context, f *Finder, row *V, named func(*V) *uuid.UUID) (*db.Workspace, error) {
	return loader.Refer(ctx, row, "workspace", named, func(w *db.Workspace) uuid.UUID { return w.ID },
		func(ids []uuid.UUID) ([]*db.Workspace, error) {
			return f.Queries.FindWorkspaces(ctx, f.Within(ctx), &db.FindWorkspacesParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// MemberOf returns the member that a row names, also one who was removed since; nil for none.
func MemberOf[V any](ctx context.Context, f *Finder, row *V, named func(*V) *uuid.UUID) (*db.Member, error) {
	return loader.Refer(ctx, row, "member", named, func(m *db.Member) uuid.UUID { return m.ID },
		func(ids []uuid.UUID) ([]*db.Member, error) {
			return f.Queries.FindPeople(ctx, f.Within(ctx), &db.FindPeopleParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// BudgetOf returns the budget that an alert is about, as it is now; nil when it has been deleted.
func (f *Finder) BudgetOf(ctx context.Context, alert *db.Alert) (*db.BudgetLimit, error) {
	limit, err := loader.Refer(ctx, alert, "budgetLimit", func(a *db.Alert) *uuid.UUID { return &a.BudgetLimitID },
		func(l *db.LimitStatus) uuid.UUID { return l.ID }, func(ids []uuid.UUID) ([]*db.LimitStatus, error) {
			return f.Queries.FindLimits(ctx, f.Within(ctx), &db.FindLimitsParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
	if err != nil || limit == nil {
		return nil, err
	}
	return &db.BudgetLimit{LimitStatus: limit}, nil
}

// APIKeyOf returns the API key that a row names. Those that the other rows of its batch name are read with it.
func APIKeyOf[V any](ctx context.Context, f *Finder, row *V, named func(*V) *uuid.UUID) (*db.APIKey, error) {
	return loader.Refer(ctx, row, "apiKey", named, func(k *db.APIKey) uuid.UUID { return k.ID },
		func(ids []uuid.UUID) ([]*db.APIKey, error) {
			return f.Queries.FindAPIKeys(ctx, f.Within(ctx), &db.FindAPIKeysParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// PriceNamed returns the price that a row names; nil for none. Those of the rows of its batch are read with it.
func PriceNamed[V any](ctx context.Context, f *Finder, row *V, named func(*V) *uuid.UUID) (*db.Price, error) {
	return loader.Refer(ctx, row, "price", named, func(p *db.Price) uuid.UUID { return p.ID },
		func(ids []uuid.UUID) ([]*db.Price, error) {
			return f.Queries.FindPrices(ctx, f.Within(ctx), &db.FindPricesParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}
