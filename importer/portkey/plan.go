package portkey

import (
	"fmt"
	"strings"

	"bursar/auth"
	"bursar/db"
	"bursar/importer"
)

// Options say what the source does not.
type Options struct {
	Source       string // names the installation
	Single       string // the name of the one organization that everything goes into; "" one for each of Portkey's
	Calendar     importer.Calendar
	Disable      bool              // disable API keys that lose a limit
	UsageInCents bool              // current_usage of costs is in cents
	Secrets      map[string]string // of API keys, by id
}

type planner struct {
	*Source
	Options
	plan          *importer.Plan
	organizations map[string]*importer.Organization // by external id
	order         []string
	workspaces    map[string]string // the organizations of workspaces, by external id
	keys          map[string]string // the organizations of API keys, by external id
	lost          map[string]bool   // workspaces that lose a limit
	refuses       map[string]bool   // workspaces with a limit of 0
}

// Plan says what becomes of a source. Portkey's organisation becomes an organization, its workspaces workspaces, its API keys API keys, and its policies
// policies.
func Plan(s *Source, o Options) *importer.Plan {
	p := &planner{Source: s, Options: o, plan: &importer.Plan{System: "portkey", Source: o.Source}, organizations: map[string]*importer.Organization{},
		workspaces: map[string]string{}, keys: map[string]string{}, lost: map[string]bool{}, refuses: map[string]bool{}}
	only := p.organisation()
	for _, workspace := range s.Workspaces {
		p.workspace(workspace, only)
	}
	names := map[string]bool{}
	for _, key := range s.Keys {
		p.key(key, only, names)
	}
	for _, policy := range s.UsagePolicies {
		p.policy(policy, only, p.usageLimit)
	}
	for _, policy := range s.RatePolicies {
		p.policy(policy, only, p.rateLimit)
	}
	if s.Unknown > 0 {
		p.plan.Report.Add(importer.Skipped, fmt.Sprintf("%d objects", s.Unknown), "files", "they are no API keys, workspaces or policies: they are left out", "")
	}
	for id := range o.Secrets {
		if _, there := p.keys[id]; !there {
			p.plan.Report.Add(importer.Skipped, "API key "+id, "secrets", "a secret is given for an API key that the export does not have", "")
		}
	}
	for _, id := range p.order {
		p.plan.Organizations = append(p.plan.Organizations, *p.organizations[id])
	}
	p.plan.InOrder()
	return p.plan
}

func (p *planner) record(fields map[string]any, name string) *importer.Record {
	return &importer.Record{Fields: fields, Name: name, Report: &p.plan.Report}
}

// organisation returns the id of the organisation that an export is of, which its API keys and policies have and its workspaces do not; "" when none
// has one.
func (p *planner) organisation() string {
	for _, list := range [][]map[string]any{p.Keys, p.UsagePolicies, p.RatePolicies} {
		for _, object := range list {
			if id, isText := object["organisation_id"].(string); isText && id != "" && !strings.ContainsRune(id, 0) {
				return id
			}
		}
	}
	return ""
}

func (p *planner) in(id string) *importer.Organization {
	name := "Portkey"
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

func (p *planner) workspace(fields map[string]any, organisation string) {
	id := p.record(fields, "workspace").ID("id")
	r := p.record(fields, "workspace "+fmt.Sprintf("%q", id))
	if id == "" {
		r.Add(importer.Skipped, "id", "a workspace without an id cannot be found again: it is left out")
		return
	}
	if _, known := p.workspaces[id]; known {
		return // the same one, from another page
	}
	name := r.Text("name", importer.MaxName)
	if name == "" {
		name = importer.Cut(id)
		r.Add(importer.Noted, "name", "it has no name, and gets its id for one")
	}
	limits, opening := p.limits(r)
	o := p.in(organisation)
	o.Workspaces = append(o.Workspaces, importer.Workspace{ExternalID: id, Name: name, State: importer.New, Limits: limits.List, Opening: opening})
	p.workspaces[id], p.lost[id], p.refuses[id] = o.ExternalID, limits.Lost, limits.Refuses
	for _, field := range []string{"input_guardrails", "output_guardrails"} {
		p.record(r.Object("defaults"), r.Name).Unmapped(field, unlimited)
	}
	if metadata := p.record(r.Object("defaults"), r.Name); metadata.Has("metadata") {
		metadata.Add(importer.Lost, "metadata", "a workspace has no metadata: it is left out")
	}
}

const unlimited = "there is nothing like it: it is left out"

func (p *planner) key(fields map[string]any, organisation string, names map[string]bool) {
	id := p.record(fields, "API key").ID("id")
	label := p.record(fields, "API key "+id).ID("name")
	r := p.record(fields, strings.TrimSpace(fmt.Sprintf("API key %s %s", label, id)))
	if id == "" {
		r.Add(importer.Skipped, "id", "an API key without an id cannot be found again: it is left out")
		return
	}
	if _, known := p.keys[id]; known {
		return // the same one, from another page
	}
	if own := r.ID("organisation_id"); own != "" {
		organisation = own
	}
	o := p.in(organisation)
	key := importer.Key{ExternalID: id, State: importer.New, Enabled: true, Description: r.Description("description")}
	p.keys[id] = o.ExternalID
	if key.Name = r.Text("name", importer.MaxName); key.Name == "" {
		key.Name = importer.Cut("Portkey " + id)
		r.Add(importer.Noted, "name", "it has no name, and gets its id for one")
	}
	if named := o.ExternalID + "\x00" + key.Name; names[named] {
		r.Add(importer.Noted, "name", "another API key of the organization has the same name")
	} else {
		names[named] = true
	}
	p.placeKey(r, &key)
	p.secret(&key)
	limits, opening := p.limits(r)
	key.Limits, key.Opening = limits.List, opening
	key.LosesALimit = limits.Lost || p.lost[key.Workspace]
	key.ExpiresAt = r.Time("expires_at", false)
	key.LosesALimit = key.LosesALimit || key.ExpiresAt == nil && r.Has("expires_at")
	key.Recipients = r.Emails("alert_emails")
	defaults := p.record(r.Object("defaults"), r.Name)
	key.Metadata = r.Metadata("defaults.metadata", defaults.Object("metadata"))
	key.Enabled = !limits.Refuses && p.status(r)
	if p.refuses[key.Workspace] && key.Enabled {
		key.Enabled = false
		r.Add(importer.Changed, "workspace_id", "its workspace has a limit of 0: the API key is disabled")
	}
	if p.Disable && key.LosesALimit && key.Enabled {
		key.Enabled = false
		r.Report.Add(importer.Changed, r.Name, "status", "it loses a limit, and is disabled until somebody has looked", "")
	}
	defaults.Unmapped("config_id", "configs are the gateway's: it is left out")
	r.Unmapped("rotation_policy", "nothing rotates API keys by itself: it is left out")
	o.Keys = append(o.Keys, key)
}

// placeKey finds the workspace of an API key.
func (p *planner) placeKey(r *importer.Record, key *importer.Key) {
	id := r.ID("workspace_id")
	if id == "" {
		return
	}
	if _, known := p.workspaces[id]; known {
		key.Workspace = id
		return
	}
	r.Add(importer.Noted, "workspace_id", "the export does not have this workspace: the API key belongs to the organization")
}

// secret takes the secret over that is given for an API key; without one it gets a new one.
func (p *planner) secret(key *importer.Key) {
	secret := p.Secrets[key.ExternalID]
	if key.NewSecret = secret == ""; key.NewSecret {
		return
	}
	key.SecretHash = auth.Hash(secret)
	if key.Prefix = secret[:3] + "..." + secret[len(secret)-4:]; auth.IsSecret(secret, auth.APIKeyPrefix) {
		key.Prefix, _ = auth.PrefixOf(secret, auth.APIKeyPrefix)
	}
}

// status tells whether an API key is switched on.
func (p *planner) status(r *importer.Record) bool {
	switch r.ID("status") {
	case "", "active", "exhausted", "expired":
		return true
	}
	r.Add(importer.Changed, "status", "it is neither active nor exhausted: the API key is disabled")
	return false
}

// units of rates.
func rateUnits() map[string]db.LimitPeriod {
	return map[string]db.LimitPeriod{"rps": db.LimitPeriodSECOND, "rpm": db.LimitPeriodMINUTE, "rph": db.LimitPeriodHOUR, "rpd": db.LimitPeriodDAY, "rpw": db.LimitPeriodWEEK}
}
