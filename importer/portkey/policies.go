package portkey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bursar/importer"
)

// policy plans a policy, whose limit is read by limitOf.
func (p *planner) policy(fields map[string]any, organisation string, limitOf func(*importer.Record, *importer.Limits) (importer.Limit, bool, bool)) {
	id := p.record(fields, "policy").ID("id")
	r := p.record(fields, strings.TrimSpace("policy "+p.record(fields, "policy "+id).ID("name")+" "+id))
	switch {
	case id == "":
		r.Add(importer.Skipped, "id", "a policy without an id cannot be found again: it is left out")
		return
	case r.ID("status") != "" && r.ID("status") != "active":
		r.Add(importer.Skipped, "status", "it is not active: it is left out")
		return
	case r.ID("target") != "" && r.ID("target") != "llm":
		r.Add(importer.Lost, "target", "policies are about calls of models: it is left out")
		return
	}
	if own := r.ID("organisation_id"); own != "" {
		organisation = own
	}
	o := p.in(organisation)
	if slices.ContainsFunc(o.Policies, func(known importer.Policy) bool { return known.ExternalID == id }) {
		return // the same one, from another page
	}
	made := importer.Policy{ExternalID: id, State: importer.New, Name: cmp.Or(r.Text("name", importer.MaxName), importer.Cut("Portkey "+id))}
	if !p.conditions(r, organisation, &made) || !p.groups(r, &made) {
		return
	}
	limits := &importer.Limits{Of: r}
	limit, _, ok := limitOf(r, limits)
	if !ok {
		r.Report.Add(importer.Lost, r.Name, "credit_limit", "a policy without a limit that can be taken over is left out", "")
		return
	}
	if r.Has("value_key_usage_map") {
		r.Report.Add(importer.Noted, r.Name, "value_key_usage_map", "its groups begin at zero: what they have used is not taken over", "")
	}
	made.Limits = []importer.Limit{limit}
	o.Policies = append(o.Policies, made)
}

// attributes are the names of conditions and groups; those of policies here.
func attributeOf(key string) (attribute string, ok bool) {
	switch {
	case key == "api_key":
		return "apiKey", true
	case key == "workspace_id":
		return "workspace", true
	case key == "model", key == "provider":
		return key, true
	case strings.HasPrefix(key, "metadata.") && len(key) > len("metadata."):
		return key, true
	}
	return "", false
}

// conditions reads the conditions: all keys must hold, and of a key any of its values.
func (p *planner) conditions(r *importer.Record, organisation string, made *importer.Policy) bool {
	for _, v := range r.List("conditions") {
		part := r.Part("conditions", v)
		if part == nil {
			return false
		}
		key := part.ID("key")
		values, whole := p.values(part)
		if key == "organisation_id" && slices.Equal(values, []string{organisation}) {
			continue // all of it
		}
		attribute, ok := attributeOf(key)
		if !ok || !whole {
			part.Add(importer.Lost, "key", "a condition that policies do not have, or without a value: the policy is left out")
			return false
		}
		if values = p.known(part, attribute, values); len(values) == 0 {
			part.Add(importer.Lost, "value", "the export has none of the API keys or workspaces of a condition: the policy is left out")
			return false
		}
		i := slices.IndexFunc(made.Conditions, func(c importer.Condition) bool { return c.Attribute == attribute })
		if i < 0 {
			made.Conditions = append(made.Conditions, importer.Condition{Attribute: attribute})
			i = len(made.Conditions) - 1
		}
		if c := &made.Conditions[i]; part.Flag("excludes") {
			c.NotIn = append(c.NotIn, values...)
		} else {
			c.In = append(c.In, values...)
		}
	}
	for _, c := range made.Conditions {
		if len(c.In)+len(c.NotIn) > 200 {
			r.Report.Add(importer.Lost, r.Name, "conditions", "a condition has 200 values at most: the policy is left out", fmt.Sprint(len(c.In)+len(c.NotIn)))
			return false
		}
	}
	return true
}

// values returns the values of a condition: one, or a list.
func (p *planner) values(part *importer.Record) (values []string, ok bool) {
	list, isList := part.Fields["value"].([]any)
	if !isList {
		list = []any{part.Fields["value"]}
	}
	for _, v := range list {
		text, isText := v.(string)
		text = strings.TrimSpace(text)
		if !isText || text == "" || strings.ContainsRune(text, 0) {
			return nil, false
		}
		if part.ID("key") == "model" || part.ID("key") == "provider" {
			text = strings.ToLower(strings.TrimPrefix(text, "@"))
		}
		values = append(values, text)
	}
	return values, len(values) > 0
}

// known returns those of the values that the export has, of API keys and workspaces.
func (p *planner) known(part *importer.Record, attribute string, values []string) []string {
	of := map[string]map[string]string{"apiKey": p.keys, "workspace": p.workspaces}[attribute]
	if of == nil {
		return values
	}
	return slices.DeleteFunc(values, func(value string) bool {
		if _, there := of[value]; there || value == "*" {
			return false
		}
		part.Report.Add(importer.Lost, part.Name, "conditions", "the export does not have this API key or workspace: the condition goes without it", value)
		return true
	})
}

// groups reads by what usage is counted.
func (p *planner) groups(r *importer.Record, made *importer.Policy) bool {
	for _, v := range r.List("group_by") {
		part := r.Part("group_by", v)
		if part == nil {
			return false
		}
		key := part.ID("key")
		if key == "organisation_id" {
			continue // all of it is one
		}
		attribute, ok := attributeOf(key)
		if !ok {
			part.Add(importer.Lost, "key", "policies do not group by it: the policy is left out")
			return false
		}
		if !slices.Contains(made.GroupBy, attribute) {
			made.GroupBy = append(made.GroupBy, attribute)
		}
	}
	if len(made.GroupBy) > 5 {
		r.Report.Add(importer.Lost, r.Name, "group_by", "policies group by 5 attributes at most: the policy is left out", "")
		return false
	}
	return true
}
