package document

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// MetadataPrefix begins names of metadata that apply keeps.
const MetadataPrefix = "bursar.apply/"

// joinFields takes over the fields of the same thing in another place: each may be given once.
func joinFields[T any](into, from *T, at *Place, what string, mistakes *Mistakes) {
	target, source := reflect.ValueOf(into).Elem(), reflect.ValueOf(from).Elem()
	for _, f := range fieldsOf(target.Type()) {
		if f.of.Kind() != reflect.Pointer {
			continue // its slug, and lists that are put together
		}
		given := source.FieldByIndex(f.index)
		switch {
		case given.IsNil():
		case target.FieldByIndex(f.index).IsNil():
			target.FieldByIndex(f.index).Set(given)
		default:
			mistakes.Add(at, "%s: %s is given in another place, too", what, f.name)
		}
	}
}

// unique notes what is there twice.
type unique struct {
	mistakes *Mistakes
	seen     map[string]*Place
}

func (u *unique) add(at *Place, what string) {
	if u.seen == nil {
		u.seen = map[string]*Place{}
	}
	if first, twice := u.seen[what]; twice {
		u.mistakes.Add(at, "%s is there twice, first in %s:%d", what, first.File, first.Line)
		return
	}
	u.seen[what] = at
}

// check notes what is wrong with an organization's document and needs no server to be told.
func (d *Document) check(mistakes *Mistakes) {
	u := &unique{mistakes: mistakes}
	d.Organization.check(d.Organization.At(), "organization", mistakes)
	for _, m := range d.Members {
		u.add(m.At(), "member "+strings.ToLower(m.Email))
	}
	for _, w := range d.Workspaces {
		w.check(w.At(), "workspace "+w.Slug, mistakes)
		checkKeys(w.APIKeys, "workspace "+w.Slug, u)
		checkPolicies(w.Policies, "workspace "+w.Slug, u)
	}
	checkKeys(d.APIKeys, "the organization", u)
	checkPolicies(d.Policies, "the organization", u)
	for _, p := range d.Prices {
		u.add(p.At(), "price "+p.Key())
		if len(p.Rates) == 0 {
			mistakes.Add(p.At(), "price %s: rates: want one at least", p.Key())
		}
		rates := &unique{mistakes: mistakes}
		for _, rate := range p.Rates {
			rates.add(rate.At(), "price "+p.Key()+": rate "+rate.Key())
		}
	}
	d.checkRemoved(u)
}

// checkRemoved notes what is to be there and to be removed.
func (d *Document) checkRemoved(u *unique) {
	if d.Removed == nil {
		return
	}
	at := d.Removed.At()
	for _, w := range d.Removed.Workspaces {
		u.add(at, "workspace "+w)
	}
	for _, m := range d.Removed.Members {
		u.add(at, "member "+strings.ToLower(m))
	}
	for _, k := range d.Removed.APIKeys {
		u.add(at, "API key "+k)
	}
	for _, w := range d.Workspaces {
		u.add(w.At(), "workspace "+w.Slug)
	}
}

func checkKeys(keys []*APIKey, of string, u *unique) {
	for _, k := range keys {
		switch {
		case k.ExternalID != "" && k.ID != "":
			u.mistakes.Add(k.At(), "API key %s: externalId and id are given: the id is for a key that has no external id", k.Name)
		case k.ExternalID != "":
			u.add(k.At(), "API key "+k.ExternalID)
		case k.ID != "":
			u.add(k.At(), "API key "+k.ID)
		default:
			u.add(k.At(), "API key "+k.Name+" of "+of+", without an externalId,")
		}
		if len(k.ExternalID) > 200 {
			u.mistakes.Add(k.At(), "API key %s: externalId: want 200 characters at most", k.Name)
		}
		if k.Metadata != nil {
			for name := range *k.Metadata {
				if strings.HasPrefix(name, MetadataPrefix) {
					u.mistakes.Add(k.At(), "API key %s: metadata.%s: such names are kept by bursar apply itself", k.Name, name)
				}
			}
		}
		k.check(k.At(), "API key "+k.Label(), u.mistakes)
	}
}

func checkPolicies(policies []*Policy, of string, u *unique) {
	for _, p := range policies {
		u.add(p.At(), "policy "+p.Name+" of "+of)
		limits := Limits{BudgetLimits: p.BudgetLimits, RateLimits: p.RateLimits}
		limits.check(p.At(), "policy "+p.Name, u.mistakes)
		if p.BudgetLimits != nil {
			for _, b := range *p.BudgetLimits {
				if len(b.AlertThresholdPercents) > 0 {
					u.mistakes.Add(b.At(), "policy %s: budget %s: alertThresholdPercents: the API does not answer those of policies; want alertThresholds", p.Name, b.Key())
				}
			}
		}
		if p.Conditions == nil {
			continue
		}
		for _, c := range *p.Conditions {
			if len(c.In)+len(c.NotIn) == 0 {
				u.mistakes.Add(c.At(), "policy %s: a condition on %s has no values: want in or notIn", p.Name, c.Attribute)
			}
		}
	}
}

// check notes limits of one kind that are there twice, and rates without an interval.
func (l *Limits) check(at *Place, what string, mistakes *Mistakes) {
	u := &unique{mistakes: mistakes}
	if l.BudgetLimits != nil {
		for _, b := range *l.BudgetLimits {
			u.add(b.At(), what+": budget "+b.Key())
		}
	}
	if l.RateLimits != nil {
		for _, r := range *l.RateLimits {
			u.add(r.At(), what+": rate limit "+r.Key())
			if (r.Interval == "") != (r.Type == ParallelRequests) {
				mistakes.Add(r.At(), "%s: rate limit of %s: interval: want one, unless it is of %s", what, r.Type, ParallelRequests)
			}
		}
	}
	if l.Recipients != nil {
		emails := slices.Clone(*l.Recipients)
		for i, email := range emails {
			if slices.ContainsFunc(emails[:i], func(other string) bool { return strings.EqualFold(other, email) }) {
				mistakes.Add(at, "%s: recipient %s is there twice", what, email)
			}
		}
	}
}

// ParallelRequests is the type of rate limits that have no interval.
const ParallelRequests = "PARALLEL_REQUESTS"

// Key is what a budget is known by among those of its subject.
func (b *Budget) Key() string {
	if b.PeriodicReset == "" {
		return b.Type + " NONE"
	}
	return b.Type + " " + b.PeriodicReset
}

// Key is what a rate limit is known by among those of its subject.
func (r *Rate) Key() string { return strings.TrimSuffix(r.Type+" "+r.Interval, " ") }

// Key is what a price is known by.
func (p *Price) Key() string {
	key := strings.ToLower(p.Provider + "/" + p.Model)
	if p.EffectiveFrom != nil {
		key += " from " + p.EffectiveFrom.String()
	}
	return key
}

// Key is what a rate is known by among those of its price.
func (r *PriceRate) Key() string {
	key := r.Unit
	if r.ServiceTier != "" && r.ServiceTier != "STANDARD" {
		key += " " + r.ServiceTier
	}
	if r.AboveInputTokens != nil && *r.AboveInputTokens > 0 {
		key += " above " + fmt.Sprint(*r.AboveInputTokens)
	}
	return key
}

// Label is what a key is called in plans.
func (k *APIKey) Label() string {
	switch {
	case k.ExternalID != "":
		return k.ExternalID
	case k.ID != "":
		return k.ID
	}
	return k.Name
}
