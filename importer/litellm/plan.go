package litellm

import (
	"fmt"
	"slices"

	"bursar/importer"
)

// Options say what the source does not.
type Options struct {
	Source   string // names the installation
	Single   string // the name of the one organization that everything goes into; "" one for each of LiteLLM's
	Calendar importer.Calendar
	Disable  bool // disable API keys that lose a limit
}

// planner makes a plan.
type planner struct {
	*Source
	Options
	plan          *importer.Plan
	organizations map[string]*importer.Organization // by external id; "" has what is of none
	order         []string
	teams         map[string]*team
	budgets       map[string]map[string]any
	policies      map[string]*modelPolicy
}

// team is what API keys have to know of their team.
type team struct {
	organization string
	refuses      bool // it is blocked, or a limit of it is 0
	lost         bool
}

// Plan says what becomes of a source. LiteLLM's organizations become organizations, its teams workspaces of theirs, and its keys API keys of their
// team's workspace, or of the organization.
func Plan(s *Source, o Options) *importer.Plan {
	p := &planner{Source: s, Options: o, plan: &importer.Plan{System: "litellm", Source: o.Source},
		organizations: map[string]*importer.Organization{}, teams: map[string]*team{}, budgets: map[string]map[string]any{}, policies: map[string]*modelPolicy{}}
	for _, budget := range s.Budgets {
		if id := p.record(budget, "budget").ID("budget_id"); id != "" {
			p.budgets[id] = budget
		}
	}
	for _, organization := range s.Organizations {
		p.organization(organization)
	}
	for _, t := range s.Teams {
		p.team(t)
	}
	p.keys()
	for _, id := range p.order {
		organization := p.organizations[id]
		organization.Policies = p.policiesOf(id)
		p.plan.Organizations = append(p.plan.Organizations, *organization)
	}
	p.untaken()
	p.plan.InOrder()
	return p.plan
}

func (p *planner) record(fields map[string]any, name string) *importer.Record {
	return &importer.Record{Fields: fields, Name: name, Report: &p.plan.Report}
}

// in returns the organization with an external id, which is made when there is none yet.
func (p *planner) in(id, name string) *importer.Organization {
	if p.Single != "" {
		id, name = "", p.Single
	}
	if o := p.organizations[id]; o != nil {
		return o
	}
	p.organizations[id] = &importer.Organization{ExternalID: id, Name: name, State: importer.New}
	p.order = append(p.order, id)
	return p.organizations[id]
}

// rest is the name of the organization of what is of none.
const rest = "LiteLLM"

func (p *planner) organization(fields map[string]any) {
	id := p.record(fields, "organization").ID("organization_id")
	r := p.record(fields, "organization "+printable(id))
	if id == "" {
		r.Add(importer.Skipped, "organization_id", "an organization without an id cannot be found again: it is left out")
		return
	}
	if p.Single == "" && p.organizations[id] != nil {
		return // the same one, from another page
	}
	name := r.Text("organization_alias", importer.MaxName)
	if name == "" {
		name = id
		r.Add(importer.Noted, "organization_alias", "it has no name, and gets its id for one")
	}
	organization := p.in(id, name)
	limits, over := p.limits(r, fields)
	p.modelLimits(r, p.budgetOf(r, fields), organization.ExternalID, "", "")
	if p.Single != "" {
		if len(limits.List) > 0 {
			r.Report.Add(importer.Lost, r.Name, "budget_id", "everything goes into one organization, which has limits of its own: those of LiteLLM's organizations are left out", "")
		}
		return
	}
	organization.Limits = limits.List
	organization.Opening = p.opening(r, over)
	if limits.Refuses {
		r.Report.Add(importer.Lost, r.Name, "max_budget", "an organization cannot refuse everything: set its limits, or disable its API keys", "")
	}
	r.Unmapped("models", "which models may be called is the gateway's to say: it is left out")
	r.Unmapped("object_permission_id", unlimited)
}

const unlimited = "there is nothing like it: it is left out"

func (p *planner) team(fields map[string]any) {
	id := p.record(fields, "team").ID("team_id")
	r := p.record(fields, "team "+printable(id))
	if id == "" {
		r.Add(importer.Skipped, "team_id", "a team without an id cannot be found again: it is left out")
		return
	}
	if p.teams[id] != nil {
		return // the same one, from another page
	}
	name := r.Text("team_alias", importer.MaxName)
	if name == "" {
		name = importer.Cut(id)
		r.Add(importer.Noted, "team_alias", "it has no name, and gets its id for one")
	}
	organization := p.in(p.organizationOf(r), rest)
	limits, over := p.limits(r, fields)
	p.modelLimits(r, fields, organization.ExternalID, id, "")
	organization.Workspaces = append(organization.Workspaces, importer.Workspace{
		ExternalID: id, Name: name, State: importer.New, Limits: limits.List, Opening: p.opening(r, over)})
	p.teams[id] = &team{organization: organization.ExternalID, refuses: limits.Refuses || r.Flag("blocked"), lost: limits.Lost}
	for _, field := range []string{"object_permission_id", "router_settings", "model_id", "policies", "guardrails"} {
		r.Unmapped(field, unlimited)
	}
	r.Unmapped("models", "which models may be called is the gateway's to say: it is left out")
}

// organizationOf returns the external id of the organization that a team or key names, "" when it names none or one that is not there.
func (p *planner) organizationOf(r *importer.Record) string {
	id := r.ID("organization_id")
	if id == "" || p.Single != "" {
		return ""
	}
	if p.organizations[id] == nil {
		r.Add(importer.Noted, "organization_id", "the export does not have this organization: it is made with its id for a name, without limits")
		p.in(id, importer.Cut(id))
	}
	return id
}

// untaken adds what nothing becomes of.
func (p *planner) untaken() {
	report := &p.plan.Report
	if p.HashesAlone > 0 {
		report.Add(importer.Skipped, fmt.Sprintf("%d API keys", p.HashesAlone), "keys",
			"the export has their hashes alone: ask /key/list with return_full_object=true", "")
	}
	if p.Unknown > 0 {
		report.Add(importer.Skipped, fmt.Sprintf("%d objects", p.Unknown), "files", "they are no keys, teams, organizations or budgets: they are left out", "")
	}
	*report = append(*report, slices.Clone(p.Untaken)...)
}
