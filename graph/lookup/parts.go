package lookup

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/selection"
)

// Deliveries returns the deliveries of an alert's own mail, or of the mail about the reset after it.
func (f *Finder) Deliveries(ctx context.Context, alert *db.Alert, purpose db.DeliveryPurpose) ([]*db.AlertDelivery, error) {
	fields := len(selection.Of(ctx))
	byAlert, err := loader.Load(ctx, alert, "deliveries", func(alerts []*db.Alert) (map[uuid.UUID][]*db.AlertDelivery, error) {
		number := loader.ListNumber(ctx, fields)
		rows, err := f.Queries.ListDeliveries(ctx, f.Within(ctx), &db.ListDeliveriesParams{
			AlertIDs: loader.Distinct(alerts, func(a *db.Alert) *uuid.UUID { return &a.ID }), OrganizationID: caller.Organization(ctx), Number: number})
		return loader.Group(rows, func(d *db.AlertDelivery) uuid.UUID { return d.AlertID }), cmp.Or(err, loader.CheckList(len(rows), number))
	})
	if err != nil {
		return nil, err
	}
	others := func(d *db.AlertDelivery) bool { return d.Purpose != purpose }
	deliveries := slices.DeleteFunc(slices.Clone(byAlert[alert.ID]), others) // cloned: both fields share what was loaded
	return deliveries, loader.CountList(ctx, len(deliveries), fields)
}

// QuotasOf returns the quotas of an organization. Those of the other organizations of its batch are read with them.
func (f *Finder) QuotasOf(ctx context.Context, organization *db.Organization) ([]*db.QuotaStatus, error) {
	quotas, err := loader.Load(ctx, organization, "quotas", func(all []*db.Organization) (map[uuid.UUID][]*db.QuotaStatus, error) {
		rows, err := f.Queries.ListQuotas(ctx, f.Within(ctx), loader.Distinct(all, organizationID))
		return loader.Group(rows, func(q *db.QuotaStatus) uuid.UUID { return q.OrganizationID }), err
	})
	return quotas[organization.ID], err
}

// MultipliersOf returns the price multipliers of an organization. Those of the other organizations of its batch are read with them.
func (f *Finder) MultipliersOf(ctx context.Context, organization *db.Organization) ([]*db.PriceMultiplier, error) {
	multipliers, err := loader.Load(ctx, organization, "priceMultipliers", func(all []*db.Organization) (map[uuid.UUID][]*db.PriceMultiplier, error) {
		rows, err := f.Queries.ListPriceMultipliers(ctx, f.Within(ctx), loader.Distinct(all, organizationID))
		return loader.Group(rows, func(m *db.PriceMultiplier) uuid.UUID { return m.OrganizationID }), err
	})
	return multipliers[organization.ID], err
}

// RuleOfOrganization returns how much of the output is held for an organization's API keys; nil: all of it. Those of the other
// organizations of its batch are read with it.
func (f *Finder) RuleOfOrganization(ctx context.Context, organization *db.Organization) (*db.EstimateRule, error) {
	rules, err := loader.Load(ctx, organization, "estimateRule", func(all []*db.Organization) (map[uuid.UUID]*db.EstimateRule, error) {
		rows, err := f.Queries.ListEstimateRules(ctx, f.Within(ctx), &db.ListEstimateRulesParams{OrganizationIDs: loader.Distinct(all, organizationID)})
		return rulesBy(rows, func(r *db.EstimateRule) uuid.UUID { return r.OrganizationID }), err
	})
	return rules[organization.ID], err
}

// RuleOfKey returns how much of the output is held for an API key; nil: as much as its organization says. Those of the other keys of its
// batch are read with it.
func (f *Finder) RuleOfKey(ctx context.Context, key *db.APIKey) (*db.EstimateRule, error) {
	rules, err := loader.Load(ctx, key, "estimateRule", func(all []*db.APIKey) (map[uuid.UUID]*db.EstimateRule, error) {
		rows, err := f.Queries.ListEstimateRules(ctx, f.Within(ctx), &db.ListEstimateRulesParams{
			OrganizationIDs: loader.Distinct(all, func(k *db.APIKey) *uuid.UUID { return &k.OrganizationID }),
			APIKeyIDs:       loader.Distinct(all, func(k *db.APIKey) *uuid.UUID { return &k.ID })})
		return rulesBy(rows, func(r *db.EstimateRule) uuid.UUID {
			if r.APIKeyID == nil {
				return uuid.Nil
			}
			return *r.APIKeyID
		}), err
	})
	return rules[key.ID], err
}

// MergeInputTokens returns how many input tokens an event of several calls of a lease may have. Those of the other leases of its batch are read with them.
func (f *Finder) MergeInputTokens(ctx context.Context, lease *db.Lease) (int64, error) {
	inputs, err := loader.Load(ctx, lease, "mergeInputTokens", func(all []*db.Lease) (map[uuid.UUID]int64, error) {
		rows, err := f.Queries.ListMergeInputs(ctx, f.Within(ctx), loader.Distinct(all, func(l *db.Lease) *uuid.UUID { return &l.OrganizationID }))
		inputs := make(map[uuid.UUID]int64, len(rows))
		for _, row := range rows {
			inputs[row.ID] = row.InputTokens
		}
		return inputs, err
	})
	return inputs[lease.OrganizationID], err
}

func rulesBy(rows []*db.EstimateRule, of func(*db.EstimateRule) uuid.UUID) map[uuid.UUID]*db.EstimateRule {
	rules := make(map[uuid.UUID]*db.EstimateRule, len(rows))
	for _, row := range rows {
		rules[of(row)] = row
	}
	return rules
}

// RemovedAt returns when a member was removed; nil for one who was not. Those of the member's batch are read with it.
func (f *Finder) RemovedAt(ctx context.Context, member *db.Member) (*time.Time, error) {
	removals, err := loader.Load(ctx, member, "removedAt", func(members []*db.Member) (map[uuid.UUID]*time.Time, error) {
		rows, err := f.Queries.ListRemovals(ctx, f.Within(ctx), &db.ListRemovalsParams{
			IDs: loader.Distinct(members, func(m *db.Member) *uuid.UUID { return &m.ID }), OrganizationID: caller.Organization(ctx)})
		removals := make(map[uuid.UUID]*time.Time, len(rows))
		for _, row := range rows {
			removals[row.ID] = &row.RemovedAt
		}
		return removals, err
	})
	return removals[member.ID], err
}

func organizationID(o *db.Organization) *uuid.UUID { return &o.ID }
