package apply_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"bursar/apiclient"
	"bursar/apply"
	"bursar/apply/document"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// whole is a file with something of everything.
const whole = `
owner: platform
organization:
  slug: SLUG
  recipientDomains: [acme.test]
  unpricedPolicy: ALLOW_UNPRICED
  budgetLimits:
  - {type: COST, amount: 5000, periodicReset: MONTHLY, timeZone: Europe/Berlin, dayOfMonth: 15, alertThresholdPercents: [50, 80]}
  recipients: [finance@acme.test]
members:
- {email: ada@acme.test, role: ADMIN, name: Ada}
workspaces:
- slug: search
  name: Search
  rateLimits:
  - {type: REQUESTS, limit: 600, interval: MINUTE}
  apiKeys:
  - externalId: prod
    name: Search
    description: "What for: search"
    expiresAt: 2090-01-01T00:00:00Z
    metadata: {team: search, cost: "4711"}
    emailNotifications: false
    budgetLimits:
    - {type: TOKENS, amount: 1000000, periodicReset: WEEKLY, weekStartsOn: MONDAY, alertThresholds: [900000, 500000]}
    - {type: COST, amount: "20.50", periodicReset: EVERY_DAYS, resetDays: 14}
    rateLimits:
    - {type: PARALLEL_REQUESTS, limit: 10, mode: SHADOW}
    recipients: [search@acme.test]
  - {externalId: staging, name: Search, enabled: false}
  policies:
  - name: Users
    groupBy: [metadata.user]
    budgetLimits: [{type: COST, amount: 20, periodicReset: MONTHLY}]
apiKeys:
- {name: batch}
policies:
- name: Models
  mode: SHADOW
  conditions:
  - {attribute: model, notIn: ["GPT-4.1*", claude]}
  - {attribute: apiKey, in: [prod]}
  - {attribute: workspace, in: [search]}
  rateLimits: [{type: REQUESTS, limit: 1, interval: DAY}]
prices:
- provider: Own
  model: llama*
  source: the contract
  maxOutputTokens: 4096
  rates: [{unit: INPUT_TOKENS, perMillion: 0.25}, {unit: OUTPUT_TOKENS, perMillion: 1, serviceTier: BATCH, aboveInputTokens: 1000}]
`

// Guarantee: what a file says is made, once: the next plan has no change. The secrets of new keys are in a file that its owner alone may read, and work. The file that
// is exported of it is applied without a change, too.
func TestApply(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	plan := b.apply(whole)
	text := printed(t, plan)
	for _, want := range []string{
		"+ API key search/prod", "+ budgetLimits[COST EVERY_DAYS]: 20.5", "+ workspace search", "~ unpricedPolicy: DENY -> ALLOW_UNPRICED", "+ policy Models",
		"API keys in no file, which stay: 1", "8 to create, 1 to change, 0 to delete",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the plan:\n%s", want, text)
		}
	}
	lines := b.lines()
	if len(lines) != 3 {
		t.Fatalf("%d secrets, want 3", len(lines))
	}
	for _, line := range lines {
		if strings.Contains(text, line.Secret) || line.Organization != b.Tenant.Organization.Slug || line.Prefix == "" {
			t.Errorf("%+v", line)
		}
		if line.ExternalID != "staging" { // which is not enabled
			b.wantWorks(line)
		}
	}
	if info, err := os.Stat(b.secrets); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if pending := b.count(`api_keys where metadata ? 'bursar.apply/secret'`); pending != 0 {
		t.Errorf("%d keys have the mark of an undelivered secret", pending)
	}
	versions := b.count(`audit_log`)
	b.wantNothing(whole)
	b.apply(whole)
	if again := b.count(`audit_log`); again != versions {
		t.Errorf("plans and a second run have written %d entries of the audit log", again-versions)
	}
	for _, token := range []string{b.Admin, graphtest.RootToken} {
		b.Applier = b.by(token)
		exported, err := apply.Export(t.Context(), b.Applier.API, b.Tenant.Organization.Slug)
		if err != nil {
			t.Fatal(err)
		}
		var written strings.Builder
		if err := document.Write(&written, exported); err != nil {
			t.Fatal(err)
		}
		b.wantNothing(written.String())
	}
}

// Guarantee: a plan names each field that differs, with what it was and what it will be, and applying it changes these fields alone: counters and ids stay.
func TestChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const before = `
organization: {slug: SLUG}
workspaces:
- slug: WORKSPACE
  apiKeys:
  - externalId: a
    name: before
    budgetLimits: [{type: COST, amount: 10, periodicReset: WEEKLY}, {type: TOKENS, amount: 5}]
    rateLimits: [{type: REQUESTS, limit: 5, interval: DAY}]
    recipients: [a@acme.test, b@acme.test]
`
	b.apply(before)
	limits := `limits where subject_id = (select id from api_keys where metadata->>'bursar.apply/id' = 'a')`
	var kept string
	if err := b.Pool.QueryRow(t.Context(), `select string_agg(id::text, ',' order by id) from `+limits+` and type <> 'TOKENS'`).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	plan := b.apply(strings.NewReplacer("before", "after", "amount: 10, periodicReset: WEEKLY", "amount: 20, periodicReset: MONTHLY", ", {type: TOKENS, amount: 5}", "",
		"limit: 5", "limit: 6", "a@acme.test, ", "", "b@acme.test", "B@acme.test, c@acme.test").Replace(before))
	text := printed(t, plan)
	for _, want := range []string{
		`~ name: "before" -> "after"`, "~ budgetLimits[COST WEEKLY].amount: 10 -> 20", "~ budgetLimits[COST WEEKLY].periodicReset: WEEKLY -> MONTHLY", "the budget COST WEEKLY starts again at zero",
		"- budgetLimits[TOKENS NONE]: 5", "deletes the budget TOKENS NONE with its history", "~ rateLimits[REQUESTS DAY].limit: 5 -> 6", "- recipients: a@acme.test", "+ recipients: c@acme.test",
		"0 to create, 1 to change, 0 to delete",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the plan:\n%s", want, text)
		}
	}
	if strings.Contains(strings.ToLower(text), "b@acme.test") {
		t.Error("an address in another case is a change")
	}
	var now string
	if err := b.Pool.QueryRow(t.Context(), `select string_agg(id::text, ',' order by id) from `+limits).Scan(&now); err != nil || now != kept {
		t.Errorf("limits are others than before: %s, %s, %v", kept, now, err)
	}
	if lines := b.lines(); len(lines) != 1 {
		t.Errorf("%d secrets: a change has made one", len(lines))
	}
	// drift: somebody else's change is seen, with who made it, and taken back
	b.Run(b.Admin, "UpdateApiKey", object{"input": object{"id": b.lines()[0].ID, "name": "by hand", "enabled": false}})
	after := strings.NewReplacer("before", "after", "amount: 10, periodicReset: WEEKLY", "amount: 20, periodicReset: MONTHLY", ", {type: TOKENS, amount: 5}", "", "limit: 5", "limit: 6").Replace(before)
	drifted := b.plan(after)
	if err := b.LastChanges(t.Context(), drifted); err != nil {
		t.Fatal(err)
	}
	if text := printed(t, drifted); !strings.Contains(text, `~ name: "by hand" -> "after"`) || !strings.Contains(text, "was changed last at ") || !strings.Contains(text, "by token (updateApiKey)") ||
		strings.Contains(text, "enabled") {
		t.Errorf("the drift is %s", text)
	}
	// a move to the organization itself, and to no expiry
	b.apply("organization: {slug: SLUG}\napiKeys:\n- {externalId: a, name: moved, description: null, expiresAt: null, enabled: true}\n")
	if b.count(`api_keys where name = 'moved' and workspace_id is null and enabled`) != 1 {
		t.Error("the key was not moved")
	}
}

// Guarantee: what somebody else changed between plan and execution is CONFLICT, and nothing of the plan is done. Of two who change the same thing in the same moment one
// is told CONFLICT, and the other's change is whole.
func TestConflict(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const text = "organization: {slug: SLUG}\nworkspaces:\n- {slug: WORKSPACE, name: Other}\n- {slug: new, name: New}\napiKeys: [{name: new}]\n"
	b.apply("organization: {slug: SLUG}\nworkspaces: [{slug: WORKSPACE, name: Before}]\n")
	plan := b.plan(text)
	b.Run(b.Admin, "UpdateWorkspace", object{"input": object{"id": b.WorkspaceID(), "name": "By hand"}})
	entries := b.count("audit_log")
	done, err := b.Execute(t.Context(), plan)
	if _, conflict := errors.AsType[*apply.ConflictError](err); !conflict || done != 0 || !strings.Contains(err.Error(), "workspace "+b.Tenant.Workspace.Slug) {
		t.Errorf("%d changes were made, and the error is %v", done, err)
	}
	if now := b.count("audit_log"); now != entries {
		t.Errorf("%d changes were made all the same", now-entries)
	}
	// a change after the second reading: the version keeps the mutation from being done
	plan = b.plan("organization: {slug: SLUG}\nworkspaces: [{slug: WORKSPACE, name: Other}]\n")
	changed := false
	b.proxy.set(nil, func(document string) {
		if strings.Contains(document, "updateWorkspace") && !changed {
			changed = true
			b.Run(b.Admin, "UpdateWorkspace", object{"input": object{"id": b.WorkspaceID(), "name": "In between"}})
		}
	})
	done, err = b.Execute(t.Context(), plan)
	if apiclient.CodeOf(err) != apiclient.Conflict || done != 0 {
		t.Errorf("%d changes were made, and the error is %v", done, err)
	}
	if b.count("workspaces where name = 'In between'") != 1 {
		t.Error("somebody else's change was overwritten")
	}
}

// Guarantee: prune revokes the keys and ends the prices that were made under the label of the files' owner, and no others; a file without an owner cannot be pruned.
// What removed names goes, too, and is passed over when it is gone.
func TestPruneAndRemoved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const head = "organization: {slug: SLUG}\n"
	price := "prices: [{provider: p, model: %s, rates: [{unit: REQUESTS, perMillion: 1}]}]\n"
	b.apply("owner: one\n" + head + "apiKeys: [{externalId: a, name: a}, {externalId: b, name: b}, {name: c}]\npolicies: [{name: p}]\nworkspaces: [{slug: w, name: W, policies: [{name: q}]}]\nmembers: [{email: m@x.test, role: MEMBER}]\n" + fmt.Sprintf(price, "m"))
	b.apply("owner: two\n" + head + "apiKeys: [{externalId: d, name: d}]\n" + fmt.Sprintf(price, "n"))
	b.apply(head + "apiKeys: [{externalId: e, name: e}]\n" + fmt.Sprintf(price, "o"))
	for _, line := range b.lines() {
		if line.ExternalID == "b" {
			b.Run(b.Gateway, "RecordUsage", object{"input": object{"secret": line.Secret, "cost": "1"}})
		}
	}
	b.Prune = true
	if _, err := b.Plan(t.Context(), b.documents(head)); err == nil || !strings.Contains(err.Error(), "no owner") {
		t.Errorf("a file without an owner is pruned: %v", err)
	}
	plan := b.apply("owner: one\n" + head + "apiKeys: [{externalId: a, name: a}]\n")
	if used := plan.Used(); len(used) != 1 || used[0] != "b" {
		t.Errorf("used are %v", used)
	}
	if left := b.count(`api_keys where revoked_at is null and name in ('a', 'd', 'e')`); left != 3 {
		t.Errorf("%d keys of others are left", left)
	}
	if gone := b.count(`api_keys where revoked_at is not null`); gone != 2 {
		t.Errorf("%d keys were revoked, want b and c", gone)
	}
	if open := b.count(`prices where effective_to is null`); open != 2 {
		t.Errorf("%d prices are in effect, want those of two and of nobody", open)
	}
	b.Prune = false
	b.apply(head + "removed: {policies: [p, w/q, none], workspaces: [w, none], members: [M@x.test], apiKeys: [d, none], prices: [P/o, p/none]}\n")
	if b.count("policies")+b.count("workspaces where slug = 'w' and deleted_at is null")+b.count("members where email = 'm@x.test'")+b.count("api_keys where name = 'd' and revoked_at is null") != 0 {
		t.Error("something is left")
	}
}

// Guarantee: with the root token an organization is created with all that the file says; without it that is said before anything is done. A token of another
// organization finds nothing.
func TestOrganizations(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const text = "organization:\n  slug: fresh\n  name: Fresh\n  plan: ENTERPRISE\n  unpricedPolicy: ALLOW_UNPRICED\n  budgetLimits: [{type: COST, amount: 5}]\nworkspaces:\n- slug: w\n  name: W\n  apiKeys: [{name: a}]\n"
	if _, err := b.Plan(t.Context(), b.documents(text)); apiclient.CodeOf(err) != apiclient.NotFound {
		t.Errorf("another organization's token: %v", err)
	}
	if _, err := b.Plan(t.Context(), b.documents("organization: {slug: SLUG, plan: FREE}")); err == nil || !strings.Contains(err.Error(), "standard input:1: ") || !strings.Contains(err.Error(), "root token alone") {
		t.Errorf("an ADMIN changes the plan: %v", err)
	}
	b.Applier = b.by(graphtest.RootToken)
	b.apply(text)
	b.apply(strings.Replace(text, "name: Fresh\n", "name: Fresher\n", 1))
	if b.count("organizations where slug = 'fresh' and name = 'Fresher'") != 1 {
		t.Error("the organization is not renamed")
	}
	for _, role := range []db.TokenRole{db.TokenRoleGATEWAY, db.TokenRoleVIEWER} {
		applier := b.by(b.Tenant.AccessToken(b.Tenant.Organization.ID, role))
		plan, err := applier.Plan(t.Context(), b.documents("organization: {slug: SLUG, unpricedPolicy: ALLOW_UNPRICED}"))
		if err == nil {
			_, err = applier.Execute(t.Context(), plan)
		}
		if apiclient.CodeOf(err) != apiclient.Forbidden {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// Guarantee: hundreds of keys, 200 times BURSAR_TEST_REPEAT, are made by a bounded number of requests, a bounded number of them at the same time, and every
// one's progress is told.
func TestHundredsOfKeys(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "makes 200 keys")
	b, number := newBench(t), dbtest.Repeat(200)
	var text strings.Builder
	text.WriteString("organization: {slug: SLUG}\nowner: many\napiKeys:\n")
	for i := range number {
		fmt.Fprintf(&text, "- {externalId: key-%d, name: Key %d, budgetLimits: [{type: COST, amount: 5, periodicReset: MONTHLY}]}\n", i, i)
	}
	told := 0
	b.Progress = func(done, total int) {
		if done != told+1 || total != number {
			t.Errorf("%d of %d after %d", done, total, told)
		}
		told = done
	}
	plan := b.plan(text.String())
	b.proxy.set(nil, nil)
	if done, err := b.Execute(t.Context(), plan); err != nil || done != number || told != number {
		t.Fatalf("%d, %d: %v", done, told, err)
	}
	if b.proxy.requests > 2*number+10 || b.proxy.most > 4 {
		t.Errorf("%d requests, %d at the same time", b.proxy.requests, b.proxy.most)
	}
	b.wantNothing(text.String())
	if len(b.lines()) != number {
		t.Errorf("%d secrets", len(b.lines()))
	}
}

// Guarantee: when the context ends, what is under way is finished, its secret is delivered, and nothing else is begun; the next run has the rest.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const text = "organization: {slug: SLUG}\napiKeys: [{name: a}, {name: b}, {name: c}]\n"
	ctx, cancel := context.WithCancel(t.Context())
	b.Parallel, b.Progress = 1, func(int, int) { cancel() }
	done, err := b.Execute(ctx, b.plan(text))
	if !errors.Is(err, context.Canceled) || done != 1 || len(b.lines()) != 1 {
		t.Errorf("%d were done: %v", done, err)
	}
	b.apply(text)
	if len(b.lines()) != 3 {
		t.Errorf("%d secrets", len(b.lines()))
	}
}
