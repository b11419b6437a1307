// Package apply makes organizations what files say: it compares their documents with what the API answers, says what would change, and changes it by the API's
// mutations alone, as any other client could.
package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"bursar/apiclient"
	"bursar/apply/document"
)

// Plan is what has to be done.
type Plan struct {
	Organizations []*OrganizationPlan `json:"organizations"`
}

// OrganizationPlan is what has to be done in one organization.
type OrganizationPlan struct {
	Slug    string    `json:"slug"`
	ID      string    `json:"id,omitempty"` // empty: it does not exist yet
	Changes []*Change `json:"changes"`
	// Unmanaged is how many things of each kind no file names; they stay.
	Unmanaged map[Kind]int `json:"unmanaged,omitempty"`

	document *document.Document
	live     *liveOrganization
}

// Changes says how many changes there are.
func (p *Plan) Changes() int {
	number := 0
	for _, o := range p.Organizations {
		number += len(o.Changes)
	}
	return number
}

// Used returns the names of API keys that were used and are to be revoked.
func (p *Plan) Used() []string {
	var used []string
	for _, o := range p.Organizations {
		for _, c := range o.Changes {
			if c.Action == Delete && c.used {
				used = append(used, c.Name)
			}
		}
	}
	return used
}

// makesSecrets says whether the plan makes secrets of API keys.
func (p *Plan) makesSecrets() bool {
	return slices.ContainsFunc(p.Organizations, func(o *OrganizationPlan) bool {
		return slices.ContainsFunc(o.Changes, func(c *Change) bool { return c.secret })
	})
}

// Applier compares documents with what the API answers, and makes one the other.
type Applier struct {
	API *apiclient.Client
	// Prune deletes API keys and ends prices that an earlier run made under the label of one of the documents, and that are in none any more.
	Prune bool
	// Parallel is how many changes are made at the same time at most; 0: 8.
	Parallel int
	// Secrets is where secrets of new API keys go; nil: a plan that makes one is refused.
	Secrets Sink
	// Progress is told how many changes are done; nil: nobody is.
	Progress func(done, total int)
}

// Plan says what has to be done to make the organizations what the documents say. It changes nothing. The error is Mistakes where the documents do not fit what
// there is.
func (a *Applier) Plan(ctx context.Context, documents []*document.Document) (*Plan, error) {
	who, err := readViewer(ctx, a.API)
	if err != nil {
		return nil, err
	}
	plan, mistakes := &Plan{}, document.Mistakes(nil)
	for _, d := range documents {
		o, err := a.planOrganization(ctx, who, d)
		if wrong, ok := errors.AsType[document.Mistakes](err); ok {
			mistakes = append(mistakes, wrong...)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("organization %s: %w", d.Organization.Slug, err)
		}
		plan.Organizations = append(plan.Organizations, o)
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return plan, nil
}

// planner plans one organization.
type planner struct {
	*Applier
	who      *viewer
	document *document.Document
	live     *liveOrganization
	exists   bool
	changes  []*Change
	mistakes document.Mistakes
	matched  map[string]*document.APIKey // by the ids of keys that exist
}

func (a *Applier) planOrganization(ctx context.Context, who *viewer, d *document.Document) (*OrganizationPlan, error) {
	id, err := who.find(ctx, a.API, d.Organization.Slug)
	if err != nil {
		return nil, err
	}
	p := &planner{Applier: a, who: who, document: d, exists: id != "", matched: map[string]*document.APIKey{}}
	if p.exists {
		p.live, err = readOrganization(ctx, a.API, id, p.wanted())
	} else {
		p.live = &liveOrganization{Slug: d.Organization.Slug, Plan: "FREE", UnpricedPolicy: "DENY"}
	}
	if err != nil {
		return nil, err
	}
	p.organization()
	p.workspaces()
	p.members()
	p.keys()
	p.policies()
	p.prices()
	p.removals()
	if p.Prune {
		p.prune()
	}
	if err := p.mistakes.Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.changes, func(a, b *Change) int { return int(a.stage - b.stage) })
	return &OrganizationPlan{Slug: p.live.Slug, ID: id, Changes: p.changes, Unmanaged: p.unmanaged(), document: d, live: p.live}, nil
}

// wanted is what has to be read.
func (p *planner) wanted() wanted {
	d, removed := p.document, p.document.Removed
	if removed == nil {
		removed = &document.Removed{}
	}
	policies := len(d.Policies)+len(removed.Policies) > 0 || slices.ContainsFunc(d.Workspaces, func(w *document.Workspace) bool { return len(w.Policies) > 0 })
	return wanted{
		members: len(d.Members)+len(removed.Members) > 0, policies: policies,
		prices: len(d.Prices)+len(removed.Prices) > 0 || p.Prune && len(d.Owners) > 0,
	}
}

// change adds a change of a thing.
func (p *planner) change(c *Change, d *difference) {
	c.Fields, c.Notes = append(c.Fields, d.fields...), append(c.Notes, d.notes...)
	p.changes = append(p.changes, c)
}

// unmanaged counts what no file names.
func (p *planner) unmanaged() map[Kind]int {
	gone := map[string]bool{}
	for _, c := range p.changes {
		gone[c.ID] = gone[c.ID] || c.Action == Delete
	}
	counts := map[Kind]int{}
	add := func(kind Kind, id string, named bool) {
		if !named && !gone[id] {
			counts[kind]++
		}
	}
	for _, k := range p.live.keys {
		add(KindAPIKey, k.ID, p.matched[k.ID] != nil)
	}
	for _, w := range p.live.workspaces {
		add(KindWorkspace, w.ID, slices.ContainsFunc(p.document.Workspaces, func(d *document.Workspace) bool { return d.Slug == w.Slug }))
	}
	for _, l := range p.live.policies {
		slug, named := "", false
		if l.Owner != nil {
			slug = p.live.slugOf(l.Owner.ID)
		}
		for _, each := range p.ownedPolicies() {
			named = named || each.slug == slug && each.policy.Name == l.Name
		}
		add(KindPolicy, l.ID, named)
	}
	if len(counts) == 0 {
		return nil
	}
	return counts
}
