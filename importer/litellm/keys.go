package litellm

import (
	"encoding/hex"
	"strings"

	"bursar/auth"
	"bursar/importer"
)

// keys plans the API keys.
func (p *planner) keys() {
	known := map[string]bool{}
	names := map[string]bool{}
	for _, fields := range p.Keys {
		r := p.record(fields, keyName(fields))
		hash, ok := p.hash(r)
		if !ok || known[hash] {
			continue // the same one, from another page
		}
		known[hash] = true
		p.key(r, fields, hash, names)
	}
}

// hash returns the SHA-256 of an API key's secret in hexadecimal digits.
func (p *planner) hash(r *importer.Record) (string, bool) {
	switch token := r.ID("token"); {
	case isHash(strings.ToLower(token)):
		return strings.ToLower(token), true
	case strings.HasPrefix(token, "sk-") && !strings.Contains(token, "..."):
		r.Report.Add(importer.Noted, r.Name, "token", "the export has the secret itself: its hash is kept; delete the export when you are done", "")
		return hex.EncodeToString(auth.Hash(token)), true
	default:
		r.Report.Add(importer.Skipped, r.Name, "token", "it is no SHA-256 in hexadecimal digits: nobody could ever use the API key", "")
		return "", false
	}
}

// hidden are names in metadata that are LiteLLM's own: settings, and credentials of others.
func hidden() []string {
	return []string{"model_rpm_limit", "model_tpm_limit", "logging", "guardrails", "prompts", "temp_budget_increase", "temp_budget_expiry", "litellm_disabled_callbacks"}
}

func (p *planner) key(r *importer.Record, fields map[string]any, hash string, names map[string]bool) {
	secret, err := hex.DecodeString(hash)
	if err != nil {
		panic(err) // it was looked at before
	}
	key := importer.Key{ExternalID: hash, SecretHash: secret, State: importer.New, Prefix: prefix(fields, hash)}
	organization := p.owner(r, &key)
	if key.Name = r.Text("key_alias", importer.MaxName); key.Name == "" {
		key.Name = "LiteLLM " + key.Prefix
	}
	if named := organization.ExternalID + "\x00" + key.Name; names[named] {
		r.Add(importer.Noted, "key_alias", "another API key of the organization has the same name")
	} else {
		names[named] = true
	}
	limits, over := p.limits(r, fields)
	p.modelLimits(r, fields, organization.ExternalID, key.Workspace, hash)
	if !r.Has("model_max_budget") {
		p.modelLimits(r, onlyBudgets(p.record(fields, r.Name), p), organization.ExternalID, key.Workspace, hash)
	}
	key.Limits, key.LosesALimit = limits.List, limits.Lost
	key.Opening = p.opening(r, over)
	key.ExpiresAt = r.Time("expires", p.Zoneless)
	key.LosesALimit = key.LosesALimit || key.ExpiresAt == nil && r.Has("expires")
	key.Metadata = p.metadata(r)
	key.Enabled = !r.Flag("blocked") && !limits.Refuses
	if t := p.teams[r.ID("team_id")]; t != nil {
		if t.refuses && key.Enabled {
			r.Add(importer.Changed, "team_id", "its team is blocked, or has a limit of 0: the API key is disabled")
		}
		key.Enabled, key.LosesALimit = key.Enabled && !t.refuses, key.LosesALimit || t.lost
	}
	if p.Disable && key.LosesALimit && key.Enabled {
		key.Enabled = false
		r.Report.Add(importer.Changed, r.Name, "blocked", "it loses a limit, and is disabled until somebody has looked", "")
	}
	p.unmapped(r)
	organization.Keys = append(organization.Keys, key)
}

// onlyBudgets returns the model budgets of the budget that an API key names.
func onlyBudgets(r *importer.Record, p *planner) map[string]any {
	silent := &importer.Report{}
	budget := p.budgetOf(&importer.Record{Fields: r.Fields, Name: r.Name, Report: silent}, r.Fields)
	if budget["model_max_budget"] == nil {
		return nil
	}
	return map[string]any{"model_max_budget": budget["model_max_budget"]}
}

// owner returns the organization of an API key, and sets the workspace.
func (p *planner) owner(r *importer.Record, key *importer.Key) *importer.Organization {
	own := p.organizationOf(r)
	id := r.ID("team_id")
	t := p.teams[id]
	switch {
	case id == "" || id == "litellm-dashboard": // what signs people in to its console
	case t == nil:
		r.Add(importer.Noted, "team_id", "the export does not have this team: the API key belongs to the organization")
	default:
		if own != "" && own != t.organization {
			r.Add(importer.Changed, "organization_id", "its team is of another organization: it goes with the team")
		}
		key.Workspace = id
		return p.organizations[t.organization]
	}
	return p.in(own, rest)
}

// prefix returns what people see of a secret.
func prefix(fields map[string]any, hash string) string {
	shown, _ := fields["key_name"].(string)
	if shown = shortened(shown); shown == "" || strings.HasPrefix(shown, auth.APIKeyPrefix) {
		return "sk-...(" + hash[:6] + ")"
	}
	return shown
}

func (p *planner) metadata(r *importer.Record) map[string]string {
	object := r.Object("metadata")
	metadata := r.Metadata("metadata", object, hidden()...)
	if user := r.Text("user_id", importer.MaxName); user != "" && len(metadata) < 50 {
		metadata["litellm_user_id"] = user
	}
	for _, name := range []string{"logging", "guardrails", "prompts", "temp_budget_increase"} {
		if object[name] != nil {
			r.Report.Add(importer.Lost, r.Name, "metadata."+name, unlimited, "")
		}
	}
	return metadata
}

// unmapped says what of an API key is left out.
func (p *planner) unmapped(r *importer.Record) {
	r.Unmapped("models", "which models may be called is the gateway's to say: it is left out")
	for _, field := range []string{"aliases", "config", "permissions", "router_settings", "allowed_routes", "allowed_cache_controls", "access_group_ids",
		"policies", "budget_fallbacks", "object_permission_id", "project_id", "agent_id"} {
		r.Unmapped(field, unlimited)
	}
	if r.Flag("auto_rotate") {
		r.Add(importer.Lost, "auto_rotate", "nothing rotates API keys by itself: it is left out")
	}
}
