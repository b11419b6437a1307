package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"bursar/apiclient"
	"bursar/apply/document"
)

// ownedPolicy is a policy of a document, with the slug of its workspace; empty: the organization's own.
type ownedPolicy struct {
	slug   string
	policy *document.Policy
}

func (p *planner) ownedPolicies() []ownedPolicy {
	var policies []ownedPolicy
	for _, each := range p.document.Policies {
		policies = append(policies, ownedPolicy{"", each})
	}
	for _, w := range p.document.Workspaces {
		for _, each := range w.Policies {
			policies = append(policies, ownedPolicy{w.Slug, each})
		}
	}
	return policies
}

// livePolicies returns the policies of an owner that have a name.
func (o *liveOrganization) named(ownerID, name string) []*livePolicy {
	return slices.DeleteFunc(slices.Clone(o.policies), func(l *livePolicy) bool { return l.Owner == nil || l.Owner.ID != ownerID || l.Name != name })
}

// policies plans policies.
func (p *planner) policies() {
	for _, each := range p.ownedPolicies() {
		want, label := each.policy, name(each.slug, each.policy.Name)
		c := &Change{Action: Create, Kind: KindPolicy, Name: label, at: *want.At(), stage: stagePolicies}
		have := &livePolicy{Name: want.Name, Mode: "ENFORCE", MaxGroups: 100_000}
		switch same := p.live.named(p.live.ownerID(each.slug), want.Name); len(same) {
		case 0:
		case 1:
			have = same[0]
			c.Action, c.ID, c.Version = Update, have.ID, have.Version
		default:
			p.mistakes.Add(want.At(), "policy %s: there are %d policies of this name: rename or delete the others", label, len(same))
			continue
		}
		d := &difference{}
		setText(d, "mode", &have.Mode, want.Mode)
		p.conditions(d, want, have)
		if want.GroupBy != nil {
			d.set("groupBy", join(have.GroupBy), join(*want.GroupBy), orEmpty(*want.GroupBy))
		}
		if len(d.input) > 0 && c.Action == Update && (d.input["conditions"] != nil || d.input["groupBy"] != nil) {
			d.note("begins new counters: what its groups have used so far counts no more")
		}
		if want.MaxGroups != nil {
			d.set("maxGroups", count(have.MaxGroups), count(*want.MaxGroups), *want.MaxGroups)
		}
		d.budgets(want.BudgetLimits, have.BudgetLimits)
		d.rates(want.RateLimits, have.RateLimits)
		if len(d.fields) == 0 && c.Action == Update {
			continue
		}
		c.run = func(ctx context.Context, r *runner) error { return r.policy(ctx, c, each, d) }
		p.change(c, d)
	}
}

// conditions compares the conditions of a policy. Their order, and that of their values, means nothing.
func (p *planner) conditions(d *difference, want *document.Policy, have *livePolicy) {
	if want.Conditions == nil {
		return
	}
	var before, after []string
	for _, c := range have.Conditions {
		before = append(before, text(c.Attribute, c.In, c.NotIn))
	}
	for _, c := range *want.Conditions {
		after = append(after, text(c.Attribute, p.resolved(c.Attribute, c.In), p.resolved(c.Attribute, c.NotIn)))
	}
	slices.Sort(before)
	slices.Sort(after)
	d.set("conditions", strings.Join(before, "; "), strings.Join(after, "; "), *want.Conditions)
}

// text writes a condition.
func text(attribute string, in, notIn []string) string {
	values := func(values []string) string {
		values = slices.Clone(values)
		if attribute == "model" || attribute == "provider" {
			for i, v := range values {
				values[i] = strings.ToLower(v)
			}
		}
		slices.Sort(values)
		return strings.Join(values, ", ")
	}
	text := attribute
	if len(in) > 0 {
		text += " in " + values(in)
	}
	if len(notIn) > 0 {
		text += " not in " + values(notIn)
	}
	return text
}

// resolved returns the ids of what values of conditions name, as far as it exists.
func (p *planner) resolved(attribute string, values []string) []string {
	ids := map[string]string{}
	switch attribute {
	case "workspace":
		for _, w := range p.live.workspaces {
			ids[w.Slug] = w.ID
		}
	case "apiKey":
		for _, k := range p.live.keys {
			if external := k.Metadata[metadataID]; external != "" {
				ids[external] = k.ID
			}
		}
	}
	resolved := make([]string, len(values))
	for i, v := range values {
		resolved[i] = cmp.Or(ids[v], v)
	}
	return resolved
}

// policy creates or changes a policy.
func (r *runner) policy(ctx context.Context, c *Change, each ownedPolicy, d *difference) error {
	input := with(d.input, "name", each.policy.Name)
	if input == nil {
		input = map[string]any{"name": each.policy.Name}
	}
	if conditions, given := input["conditions"].([]*document.Condition); given {
		list := make([]map[string]any, len(conditions))
		for i, condition := range conditions {
			list[i] = map[string]any{
				"attribute": condition.Attribute, "in": r.resolved(condition.Attribute, condition.In), "notIn": r.resolved(condition.Attribute, condition.NotIn),
			}
		}
		input["conditions"] = list
	}
	if c.Action == Update {
		input["id"], input["expectedVersion"] = c.ID, c.Version
		_, err := mutate(ctx, r.api, `updatePolicy(input: $input) { policy { id } }`, "UpdatePolicyInput", input)
		return err
	}
	input["ownerId"] = r.owner(each.slug)
	return r.createPolicy(ctx, input)
}

// resolved returns the ids of what values of conditions name, also of what this run has made.
func (r *runner) resolved(attribute string, values []string) []string {
	kind := map[string]string{"workspace": "workspace ", "apiKey": "API key "}[attribute]
	resolved := make([]string, len(values))
	for i, v := range values {
		resolved[i] = v
		if kind != "" {
			resolved[i] = cmp.Or(r.id(kind+v), v)
		}
	}
	return resolved
}

// createPolicy creates a policy. The mutation has no requestId: after an attempt that was not answered it looks whether that has made the policy, before another.
func (r *runner) createPolicy(ctx context.Context, input map[string]any) error {
	owner, _ := input["ownerId"].(string)
	label, _ := input["name"].(string)
	for attempt, wait := 1, 200*time.Millisecond; ; attempt, wait = attempt+1, 2*wait {
		_, err := send(ctx, r.api.Once, `createPolicy(input: $input) { policy { id } }`, "CreatePolicyInput", input)
		if err == nil || !apiclient.Temporary(err) || attempt == policyAttempts {
			return err
		}
		if err := apiclient.Sleep(ctx, wait); err != nil {
			return err
		}
		var found struct{ Node liveOrganizationPolicies }
		if err := r.api.Do(ctx, policiesQuery, map[string]any{"id": r.id("organization")}, &found); err != nil {
			return err
		}
		now := &liveOrganization{policies: found.Node.Policies}
		switch same := now.named(owner, label); len(same) {
		case 0:
		case 1:
			return nil
		default:
			return fmt.Errorf("there are %d policies of this name by now", len(same))
		}
	}
}

const policyAttempts = 6

type liveOrganizationPolicies struct{ Policies []*livePolicy }
