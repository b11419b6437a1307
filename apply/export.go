package apply

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"bursar/apiclient"
	"bursar/apply/document"
)

// Export returns the document of an organization that exists, by its slug; without one that of the token. A plan of it has no change. It has no secrets.
func Export(ctx context.Context, api *apiclient.Client, slug string) (*document.Document, error) {
	who, err := readViewer(ctx, api)
	if err != nil {
		return nil, err
	}
	if slug == "" && who.Organization != nil {
		slug = who.Organization.Slug
	}
	id, err := who.find(ctx, api, slug)
	if err == nil && id == "" {
		err = &apiclient.Error{Code: apiclient.NotFound, Message: "there is no organization " + slug}
	}
	if err != nil {
		return nil, err
	}
	live, err := readOrganization(ctx, api, id, wanted{members: true, policies: true, prices: true})
	if err != nil {
		return nil, err
	}
	return live.export(who.Role == "ROOT"), nil
}

// export writes an organization down. What the root token alone may set is left out for others.
func (o *liveOrganization) export(root bool) *document.Document {
	d := &document.Document{Organization: document.Organization{Slug: o.Slug, RecipientDomains: &o.RecipientDomains, UnpricedPolicy: &o.UnpricedPolicy, Limits: o.liveLimits.export()}}
	if len(o.RecipientDomains) == 0 {
		d.Organization.RecipientDomains = nil
	}
	if root {
		d.Organization.Name, d.Organization.Plan, d.Organization.GovernanceEnabled = &o.Name, &o.Plan, &o.GovernanceEnabled
	}
	for _, m := range o.members {
		d.Members = append(d.Members, &document.Member{Email: m.Email, Role: m.Role, Name: m.Name})
	}
	names := index(o.keys).byName
	for _, w := range o.workspaces {
		d.Workspaces = append(d.Workspaces, &document.Workspace{
			Slug: w.Slug, Name: &w.Name, Limits: w.export(), APIKeys: o.exportKeys(w.ID, names), Policies: o.exportPolicies(w.ID),
		})
	}
	d.APIKeys, d.Policies, d.Prices = o.exportKeys(o.ID, names), o.exportPolicies(o.ID), o.exportPrices()
	return d
}

func (l *liveLimits) export() document.Limits {
	limits := document.Limits{}
	if budgets := exportBudgets(l.BudgetLimits); len(budgets) > 0 {
		limits.BudgetLimits = &budgets
	}
	if rates := exportRates(l.RateLimits); len(rates) > 0 {
		limits.RateLimits = &rates
	}
	if added := l.added(); len(added) > 0 {
		limits.Recipients = &added
	}
	return limits
}

func exportBudgets(live []*liveBudget) []*document.Budget {
	budgets := make([]*document.Budget, len(live))
	for i, l := range live {
		b := &document.Budget{Type: l.Type, Amount: l.Amount, PeriodicReset: l.PeriodicReset, AlertThresholds: l.AlertThresholds, AlertThresholdPercents: l.AlertThresholdPercents, Mode: l.Mode}
		if b.Mode == enforce {
			b.Mode = ""
		}
		if !l.Enabled {
			b.Enabled = new(bool)
		}
		if l.PeriodicReset != "NONE" && l.TimeZone != "UTC" {
			b.TimeZone = l.TimeZone
		}
		switch l.PeriodicReset {
		case "EVERY_DAYS":
			b.ResetDays, b.ResetAnchor = l.ResetDays, l.ResetAnchor
		case "WEEKLY":
			if l.WeekStartsOn != "SUNDAY" {
				b.WeekStartsOn = l.WeekStartsOn
			}
		case "MONTHLY", "QUARTERLY", "YEARLY":
			if l.DayOfMonth != 1 {
				b.DayOfMonth = &l.DayOfMonth
			}
		}
		budgets[i] = b
	}
	return budgets
}

const enforce = "ENFORCE"

func exportRates(live []*liveRate) []*document.Rate {
	rates := make([]*document.Rate, len(live))
	for i, l := range live {
		r := &document.Rate{Type: l.Type, Limit: l.Limit, Mode: l.Mode}
		if l.Interval != nil {
			r.Interval = *l.Interval
		}
		if r.Mode == enforce {
			r.Mode = ""
		}
		if !l.Enabled {
			r.Enabled = new(bool)
		}
		rates[i] = r
	}
	return rates
}

func (o *liveOrganization) exportKeys(ownerID string, names map[liveOwnerName][]*liveKey) []*document.APIKey {
	var keys []*document.APIKey
	for _, l := range o.keys {
		if l.Owner.ID != ownerID {
			continue
		}
		k := &document.APIKey{Name: l.Name, ExternalID: l.Metadata[metadataID], Enabled: &l.Enabled, EmailNotifications: &l.EmailNotifications, Limits: l.export()}
		if k.ExternalID == "" && len(names[liveOwnerName{ownerID, l.Name}]) > 1 {
			k.ID = l.ID
		}
		if l.Description != nil {
			k.Description = document.Nullable[string]{Given: true, Value: l.Description}
		}
		if l.ExpiresAt != nil {
			k.ExpiresAt = document.Nullable[document.Time]{Given: true, Value: l.ExpiresAt}
		}
		metadata := maps.Clone(l.Metadata)
		maps.DeleteFunc(metadata, func(name, _ string) bool { return strings.HasPrefix(name, document.MetadataPrefix) })
		if len(metadata) > 0 {
			k.Metadata = &metadata
		}
		keys = append(keys, k)
	}
	return keys
}

func (o *liveOrganization) exportPolicies(ownerID string) []*document.Policy {
	var policies []*document.Policy
	for _, l := range o.policies {
		if l.Owner == nil || l.Owner.ID != ownerID {
			continue
		}
		p := &document.Policy{Name: l.Name, Mode: &l.Mode, GroupBy: &l.GroupBy, MaxGroups: &l.MaxGroups}
		conditions := []*document.Condition{}
		for _, c := range l.Conditions {
			conditions = append(conditions, &document.Condition{Attribute: c.Attribute, In: c.In, NotIn: c.NotIn})
		}
		budgets, rates := exportBudgets(l.BudgetLimits), exportRates(l.RateLimits)
		p.Conditions, p.BudgetLimits, p.RateLimits = &conditions, &budgets, &rates
		policies = append(policies, p)
	}
	return policies
}

// exportPrices writes prices down: one that is in effect without its instant, one to come with it.
func (o *liveOrganization) exportPrices() []*document.Price {
	var prices []*document.Price
	now := time.Now()
	for _, l := range o.prices {
		p := &document.Price{Provider: l.Provider, Model: l.Model, Source: l.Source, MaxOutputTokens: l.MaxOutputTokens}
		if l.EffectiveFrom.After(now) {
			p.EffectiveFrom = &l.EffectiveFrom
		}
		for _, r := range l.Rates {
			rate := &document.PriceRate{Unit: r.Unit, PerMillion: r.PerMillion}
			if r.AboveInputTokens > 0 {
				rate.AboveInputTokens = &r.AboveInputTokens
			}
			if r.ServiceTier != "STANDARD" {
				rate.ServiceTier = r.ServiceTier
			}
			p.Rates = append(p.Rates, rate)
		}
		prices = append(prices, p)
	}
	slices.SortFunc(prices, func(a, b *document.Price) int { return cmp.Compare(a.Key(), b.Key()) })
	return prices
}
