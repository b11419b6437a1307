package importer

import "bursar/db"

// Opening is a part of what was used before an import, and which budgets count it.
type Opening struct {
	Key                         *Key       // nil: of deleted API keys and others that are not imported
	Workspace                   *Workspace // that owns the key; nil: none
	Amounts                     Amounts
	OfKey, OfWorkspace, OfWhole bool // whether the budgets of the key, the workspace and the organization count it
}

// Openings divides what an organization had used: what each new API key had, so far as its own budget or one above counts it, then what new workspaces and
// the organization had beyond that. So each budget begins with what was used there, and nothing is booked twice.
func (o *Organization) Openings() []Opening {
	return append(o.openings(db.LimitTypeCOST, func(a *Amounts) *int64 { return &a.CostNanos }),
		o.openings(db.LimitTypeTOKENS, func(a *Amounts) *int64 { return &a.Tokens })...)
}

// openings divides one measure.
func (o *Organization) openings(of db.LimitType, measure func(*Amounts) *int64) (openings []Opening) {
	used := func(state State, limits []Limit, opening *Amounts) int64 {
		if state == There || opening == nil || !HasBudget(limits, of) {
			return 0
		}
		return *measure(opening)
	}
	whole := used(o.State, o.Limits, o.Opening)
	left := map[string]int64{}
	workspaces := map[string]*Workspace{}
	for i := range o.Workspaces {
		w := &o.Workspaces[i]
		workspaces[w.ExternalID], left[w.ExternalID] = w, used(w.State, w.Limits, w.Opening)
	}
	add := func(key *Key, w *Workspace, units int64, ofKey, ofWorkspace, ofWhole bool) {
		if units > 0 && (ofKey || ofWorkspace || ofWhole) {
			opening := Opening{Key: key, Workspace: w, OfKey: ofKey, OfWorkspace: ofWorkspace, OfWhole: ofWhole}
			*measure(&opening.Amounts) = units
			openings = append(openings, opening)
		}
	}
	for i := range o.Keys {
		k := &o.Keys[i]
		if k.State == There || k.Opening == nil {
			continue
		}
		units, own := *measure(k.Opening), HasBudget(k.Limits, of)
		inWorkspace, inWhole := min(units, left[k.Workspace]), min(units, whole)
		left[k.Workspace] -= inWorkspace
		whole -= inWhole
		both, either := min(inWorkspace, inWhole), max(inWorkspace, inWhole)
		w := workspaces[k.Workspace]
		add(k, w, both, own, true, true)
		add(k, w, either-both, own, inWorkspace == either, inWhole == either)
		add(k, w, units-either, own, false, false)
	}
	for i := range o.Workspaces {
		w := &o.Workspaces[i]
		inWhole := min(left[w.ExternalID], whole)
		whole -= inWhole
		add(nil, w, inWhole, false, true, true)
		add(nil, w, left[w.ExternalID]-inWhole, false, true, false)
	}
	add(nil, nil, whole, false, false, true)
	return openings
}
