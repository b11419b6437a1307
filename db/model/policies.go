package model

import (
	"crypto/md5"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// Policy is a policy with all groups that it has.
type Policy struct {
	ID, Organization uuid.UUID
	Workspace        uuid.UUID // zero: the organization's
	GroupBy          []string  // "model", "metadata.user"
	Models           string    // the beginning of the models that fall under it; "": any, also none
	Most             int       // groups
	Shadow           bool
	Limits           []*PolicyLimit
	Groups           []*Group
}

// PolicyLimit is a limit of a policy.
type PolicyLimit struct {
	ID   uuid.UUID
	Kind db.LimitKind
	Period
	Own    map[string]int64 // amounts of single groups, by their values
	Raises []*GroupRaise
}

// GroupRaise is a raise of a policy's budget.
type GroupRaise struct {
	Raise
	Values *string // of the group; nil: all
}

// Group is a combination of values with limits of its own.
type Group struct {
	Policy *Policy
	Values string
	Limits []*Limit
}

// Attributes are what policies look at; "" for what a request does not have.
type Attributes struct{ Provider, Model, User string }

// GroupLimitID names the limit of a group, which shares its id with those of the other groups.
func GroupLimitID(limit uuid.UUID, values string) uuid.UUID {
	return md5.Sum([]byte(limit.String() + "/" + values))
}

// matches tells whether requests of a key with attributes fall under a policy.
func (p *Policy) matches(k *Key, a Attributes) bool {
	return p.Organization == k.Organization && len(p.Limits) > 0 && (p.Workspace == uuid.Nil || p.Workspace == k.Workspace) &&
		(p.Models == "" || a.Model != "" && strings.HasPrefix(strings.ToLower(a.Model), p.Models))
}

// values are those of the group that attributes belong to.
func (p *Policy) values(a Attributes) string {
	all := []string{}
	for _, attribute := range p.GroupBy {
		value := strings.ToLower(a.Model)
		if attribute == "metadata.user" {
			value = a.User
		}
		if value == "" {
			value = "NULL"
		}
		all = append(all, value)
	}
	return strings.Join(all, ",")
}

// groups returns the groups that requests of a key with attributes belong to, and makes those that do not exist, if it may: a group that
// only a check looks at is made and not kept. exhausted is whether a policy may have no further group.
func (m *Model) groups(k *Key, a Attributes, keeps bool) (all []*Group, exhausted bool) {
	for _, p := range m.Policies {
		if k == nil || !p.matches(k, a) {
			continue
		}
		values := p.values(a)
		i := slices.IndexFunc(p.Groups, func(g *Group) bool { return g.Values == values })
		switch {
		case i >= 0:
			all = append(all, p.Groups[i])
			continue
		case len(p.Groups) >= p.Most:
			exhausted = exhausted || !p.Shadow
			continue
		}
		g := &Group{Policy: p, Values: values}
		for _, l := range p.Limits {
			g.Limits = append(g.Limits, l.in(g, m))
		}
		all = append(all, g)
		if keeps {
			p.Groups, m.Limits = append(p.Groups, g), append(m.Limits, g.Limits...)
		}
	}
	return all, exhausted
}

// in makes the limit of a group, which counts from now.
func (l *PolicyLimit) in(g *Group, m *Model) *Limit {
	made := &Limit{ID: GroupLimitID(l.ID, g.Values), Organization: g.Policy.Organization, Subject: g.Policy.Organization,
		On: db.SubjectTypeORGANIZATION, Kind: l.Kind, Shadow: g.Policy.Shadow, Group: g}
	if g.Policy.Workspace != uuid.Nil {
		made.Subject, made.On = g.Policy.Workspace, db.SubjectTypeWORKSPACE
	}
	period := l.Period
	period.Limit, period.Number, period.Generation = made, 1, 1
	period.Amount = l.amountOf(g)
	period.begin(m.Now)
	made.Periods = []*Period{&period}
	for _, r := range l.Raises {
		if !r.ended(m.Now) && (r.Values == nil || *r.Values == g.Values) {
			raise := r.Raise
			made.Raises = append(made.Raises, &raise)
		}
	}
	return made
}

// RaisePolicy adds to the amount that groups of a policy have of a budget, of one of them or (nil) of all, until an instant or (nil) the end of the
// period.
func (m *Model) RaisePolicy(p *Policy, l *PolicyLimit, values *string, units int64, until *time.Time) fault.Code {
	raise := Raise{Units: units, Until: until, OfPeriod: until == nil}
	if until == nil {
		period := l.Period
		period.Limit = &Limit{Kind: l.Kind}
		period.begin(m.Now)
		raise.Until = period.End
	}
	switch {
	case !m.Organization(p.Organization).governed():
		return fault.FeatureNotAvailable
	case units <= 0, until != nil && !until.After(m.Now), raise.Until == nil:
		return fault.BadUserInput
	}
	l.Raises = append(l.Raises, &GroupRaise{Raise: raise, Values: values})
	for _, g := range p.Groups {
		if values != nil && *values != g.Values {
			continue
		}
		limit, granted := g.Limits[slices.Index(p.Limits, l)], raise
		limit.dropRaises(func(r *Raise) bool { return r.ended(m.Now) })
		limit.Raises = append(limit.Raises, &granted)
		limit.Current().exhausted = false // it can be alerted again
		m.raise(limit.Current(), nil)
	}
	return ""
}

func (l *PolicyLimit) amountOf(g *Group) int64 {
	if own, is := l.Own[g.Values]; is {
		return own
	}
	return l.Amount
}

// periodsOf returns the current periods of the limits of groups.
func periodsOf(groups []*Group) (all []*Period) {
	for _, g := range groups {
		for _, l := range g.Limits {
			all = append(all, l.Current())
		}
	}
	return all
}

// AddPolicy makes a policy, or returns the code of the error.
func (m *Model) AddPolicy(p *Policy) fault.Code {
	if !m.Organization(p.Organization).governed() {
		return fault.FeatureNotAvailable
	}
	m.Policies = append(m.Policies, p)
	return ""
}

// ChangePolicy changes what a function says of a policy. anew says that its groups begin anew.
func (m *Model) ChangePolicy(p *Policy, anew bool, change func()) fault.Code {
	if !m.Organization(p.Organization).governed() {
		return fault.FeatureNotAvailable
	}
	if anew {
		m.forget(p)
	}
	change()
	for _, g := range p.Groups {
		for i, l := range p.Limits {
			limit, amount := g.Limits[i], l.amountOf(g)
			current := limit.Current()
			current.exhausted = current.exhausted && amount <= current.Amount
			raises := amount != current.Amount
			limit.Shadow, current.Amount = p.Shadow, amount
			if raises {
				m.raise(current, nil)
			}
		}
	}
	return ""
}

// RemovePolicy deletes a policy.
func (m *Model) RemovePolicy(p *Policy) {
	m.forget(p)
	m.Policies = slices.DeleteFunc(m.Policies, func(other *Policy) bool { return other == p })
}

// forget deletes the groups of a policy.
func (m *Model) forget(p *Policy) {
	m.Limits = slices.DeleteFunc(m.Limits, func(l *Limit) bool { return l.Group != nil && l.Group.Policy == p })
	p.Groups = nil
}

// groupsCharged returns the groups that periods belong to, as far as they exist.
func (m *Model) groupsCharged(periods []*Period) (all []*Group) {
	for _, p := range periods {
		g := p.Limit.Group
		if g != nil && slices.Contains(g.Policy.Groups, g) && !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}

// merged merges what a report says with what its reservation is for, and tells whether it says something else.
func (a Attributes) merged(reserved Attributes) (merged Attributes, differs bool) {
	merged = reserved
	for _, one := range []struct{ of, to *string }{{&a.Provider, &merged.Provider}, {&a.Model, &merged.Model}, {&a.User, &merged.User}} {
		if *one.of != "" && !strings.EqualFold(*one.of, *one.to) {
			*one.to, differs = *one.of, true
		}
	}
	return merged, differs
}
