package apply

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bursar/apiclient"
)

// organization plans what is set of the organization itself.
func (p *planner) organization() {
	want, have := &p.document.Organization, p.live
	root := &difference{}
	setText(root, "name", &have.Name, want.Name)
	setText(root, "plan", &have.Plan, want.Plan)
	if want.GovernanceEnabled != nil {
		root.set("governanceEnabled", fmt.Sprint(have.GovernanceEnabled), fmt.Sprint(*want.GovernanceEnabled), *want.GovernanceEnabled)
	}
	if (len(root.fields) > 0 || !p.exists) && p.who.Role != "ROOT" {
		p.mistakes.Add(want.At(), "organization %s: its name, plan and governance are set, and it is created, with the root token alone", want.Slug)
		return
	}
	settings := &difference{}
	if want.RecipientDomains != nil {
		fold := func(domains []string) string { return strings.ToLower(join(slices.Sorted(slices.Values(domains)))) }
		settings.set("recipientDomains", fold(have.RecipientDomains), fold(*want.RecipientDomains), orEmpty(*want.RecipientDomains))
	}
	setText(settings, "unpricedPolicy", &have.UnpricedPolicy, want.UnpricedPolicy)
	limits := &difference{}
	limits.limits(&want.Limits, &have.liveLimits)
	all := &difference{fields: slices.Concat(root.fields, settings.fields, limits.fields), notes: limits.notes}
	c := &Change{Action: Update, Kind: KindOrganization, Name: want.Slug, ID: have.ID, Version: have.Version, at: *want.At(), stage: stageOrganization}
	if !p.exists {
		c.Action = Create
		if want.Name == nil {
			p.mistakes.Add(want.At(), "organization %s does not exist: give it a name to create it", want.Slug)
			return
		}
	}
	if len(all.fields) == 0 {
		return
	}
	c.run = func(ctx context.Context, r *runner) error { return r.organization(ctx, c, root, settings, limits) }
	p.change(c, all)
}

// setText sets a text that is given.
func setText(d *difference, name string, have, want *string) {
	if want != nil {
		d.set(name, *have, *want, *want)
	}
}

// organization creates or changes the organization, a mutation after the other, each based on the version that the one before left.
func (r *runner) organization(ctx context.Context, c *Change, root, settings, limits *difference) error {
	version := c.Version
	if c.Action == Create {
		input := map[string]any{"name": root.input["name"], "slug": c.Name}
		if plan := root.input["plan"]; plan != nil {
			input["plan"] = plan
		}
		created, err := mutate(ctx, r.api, `createOrganization(input: $input) { organization { id version } }`, "CreateOrganizationInput", input)
		if apiclient.CodeOf(err) == apiclient.Conflict && apiclient.IsUnsure(err) {
			return r.adopt(ctx, c.Name) // an attempt that was not answered has made it: the next run sets the rest
		}
		if err != nil {
			return err
		}
		r.know("organization", created.Organization.ID)
		version = created.Organization.Version
		delete(root.input, "name")
		delete(root.input, "plan")
	}
	id := r.id("organization")
	steps := []struct {
		field, of string
		input     map[string]any
	}{
		{`updateOrganization(input: $input) { organization { version } }`, "UpdateOrganizationInput", with(root.input, "id", id)},
		{`setRecipientDomains(input: $input) { organization { version } }`, "SetRecipientDomainsInput", with(renamed(settings.input, "recipientDomains", "domains"), "organizationId", id)},
		{`setUnpricedPolicy(input: $input) { organization { version } }`, "SetUnpricedPolicyInput", with(renamed(settings.input, "unpricedPolicy", "policy"), "organizationId", id)},
		{`setLimits(input: $input) { subject { version } }`, "SetLimitsInput", with(limits.input, "subjectId", id)},
	}
	for _, step := range steps {
		if len(step.input) == 0 {
			continue
		}
		step.input["expectedVersion"] = version
		answer, err := mutate(ctx, r.api, step.field, step.of, step.input)
		if err != nil {
			return err
		}
		version = max(answer.Organization.Version, answer.Subject.Version)
	}
	return nil
}

// with returns an input with the id of what it is about; nothing without an input.
func with(input map[string]any, name string, id string) map[string]any {
	if len(input) == 0 {
		return nil
	}
	whole := map[string]any{name: id}
	maps.Copy(whole, input)
	return whole
}

// renamed returns one field of an input under another name; nothing without the field.
func renamed(input map[string]any, name, as string) map[string]any {
	value, given := input[name]
	if !given {
		return nil
	}
	return map[string]any{as: value}
}

// workspaces plans workspaces.
func (p *planner) workspaces() {
	for _, want := range p.document.Workspaces {
		at := slices.IndexFunc(p.live.workspaces, func(w *liveWorkspace) bool { return w.Slug == want.Slug })
		have := &liveWorkspace{Slug: want.Slug}
		c := &Change{Action: Create, Kind: KindWorkspace, Name: want.Slug, at: *want.At(), stage: stageWorkspaces}
		if at >= 0 {
			have = p.live.workspaces[at]
			c.Action, c.ID, c.Version = Update, have.ID, have.Version
		} else if want.Name == nil {
			p.mistakes.Add(want.At(), "workspace %s does not exist: give it a name to create it", want.Slug)
			continue
		}
		name, limits := &difference{}, &difference{}
		setText(name, "name", &have.Name, want.Name)
		limits.limits(&want.Limits, &have.liveLimits)
		all := &difference{fields: slices.Concat(name.fields, limits.fields), notes: limits.notes}
		if len(all.fields) == 0 {
			continue
		}
		c.run = func(ctx context.Context, r *runner) error { return r.workspace(ctx, c, name, limits) }
		p.change(c, all)
	}
}

// workspace creates or changes a workspace.
func (r *runner) workspace(ctx context.Context, c *Change, name, limits *difference) error {
	id, version := c.ID, c.Version
	if c.Action == Create {
		created, err := mutate(ctx, r.api, `createWorkspace(input: $input) { workspace { id version } }`, "CreateWorkspaceInput",
			map[string]any{"organizationId": r.id("organization"), "name": name.input["name"], "slug": c.Name, "requestId": r.requestID(c, "create")})
		if err != nil {
			return err
		}
		id, version = created.Workspace.ID, created.Workspace.Version
		r.know("workspace "+c.Name, id)
	} else if len(name.input) > 0 {
		changed, err := mutate(ctx, r.api, `updateWorkspace(input: $input) { workspace { version } }`, "UpdateWorkspaceInput",
			map[string]any{"id": id, "expectedVersion": version, "name": name.input["name"]})
		if err != nil {
			return err
		}
		version = changed.Workspace.Version
	}
	if len(limits.input) == 0 {
		return nil
	}
	input := with(limits.input, "subjectId", id)
	input["expectedVersion"] = version
	_, err := mutate(ctx, r.api, `setLimits(input: $input) { subject { version } }`, "SetLimitsInput", input)
	return err
}

// members plans members.
func (p *planner) members() {
	for _, want := range p.document.Members {
		have := p.member(want.Email)
		d := &difference{}
		c := &Change{Action: Create, Kind: KindMember, Name: want.Email, at: *want.At(), stage: stageMembers}
		if have == nil {
			d.set("role", "", want.Role, want.Role)
			if want.Name != nil {
				d.set("name", "", *want.Name, *want.Name)
			}
			c.run = func(ctx context.Context, r *runner) error {
				input := with(d.input, "organizationId", r.id("organization"))
				input["email"] = want.Email
				_, err := mutate(ctx, r.api, `addMember(input: $input) { member { id } }`, "AddMemberInput", input)
				return err
			}
			p.change(c, d)
			continue
		}
		d.set("role", have.Role, want.Role, want.Role)
		if want.Name != nil {
			d.set("name", quotedOf(have.Name), quotedOf(want.Name), *want.Name)
		}
		if len(d.fields) == 0 {
			continue
		}
		c.Action, c.ID = Update, have.ID
		c.run = func(ctx context.Context, r *runner) error {
			_, err := mutate(ctx, r.api, `updateMember(input: $input) { member { id } }`, "UpdateMemberInput", with(d.input, "id", have.ID))
			return err
		}
		p.change(c, d)
	}
}

// member returns the member with an address; nil: there is none.
func (p *planner) member(email string) *liveMember {
	for _, m := range p.live.members {
		if strings.EqualFold(m.Email, email) {
			return m
		}
	}
	return nil
}
