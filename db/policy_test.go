package db_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"bursar/db"
)

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// "Every user $1, all of a model 1,000 tokens": each group of a policy has counters of its own, made with its first request, which reservations,
// records without one, late settlements, releases and expiry charge and give back; a request without the attribute is in the group of null, and one
// that falls under no condition in none. All limits must have room, or nothing is charged.
func TestPolicyGroups(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	users := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("COST", "MONTHLY", dollar)}})
	gpt := g.newPolicy(policy{conditions: []condition{allowing("model", "gpt-4*"), refusing("model", "gpt-4.1-mini")},
		limits: []policyLimit{policyBudget("TOKENS", "NONE", 1000), policyRate("REQUESTS", "MINUTE", 3)}})
	same(t, "before the first request", g.groups(users))

	ann, bob := user("ann"), user("bob")
	ann.Model, bob.Model = "GPT-4.1", "gpt-4.1-mini"
	first := g.admit(estimateTokens(600).costing(dollar / 2).of(ann))
	second := g.admit(estimateTokens(700).costing(dollar).of(bob))
	g.admit(estimateTokens(1))
	same(t, "users", g.groups(users), "ann: 0+500000000", "bob: 0+1000000000", "null: 0+0")
	same(t, "models", g.groups(gpt), ": 0+600 1+0")
	g.verified()

	refused := g.reserve(estimateTokens(500).costing(dollar).of(ann))
	if len(refused.Denials) != 2 || refused.Denials[0].Reason != db.DenialReasonBUDGETEXHAUSTED || refused.Allowed {
		t.Fatalf("above both limits: %+v", refused)
	}
	for _, d := range refused.Denials {
		p := d.Limit.Policy
		if p == nil || p.Name != "a policy" || (p.ID == users && *p.Values[0] != "ann") || (p.ID == gpt && len(p.Values) != 0) ||
			d.Limit.SubjectType != db.SubjectTypeORGANIZATION || d.Limit.SubjectID != g.Organization.ID {
			t.Errorf("a denial by a policy names %+v", d.Limit)
		}
	}
	same(t, "users after a refusal", g.groups(users), "ann: 0+500000000", "bob: 0+1000000000", "null: 0+0")

	g.record(reportTokens(10).costing(dollar * 2).settling(second))
	g.record(reportTokens(20).costing(7).about(`{"user": "eve"}`))
	g.record(reportTokens(30).costing(9).from("openai", "gpt-4o"))
	g.release(first)
	same(t, "users after records", g.groups(users), "ann: 0+0", "bob: 2000000000+0", "eve: 7+0", "null: 9+0")
	same(t, "models after records", g.groups(gpt), ": 30+0 2+0")
	g.verified()

	g.admit(estimateCost(dollar).of(ann).lasting(time.Minute))
	equal(t, "full", g.reserve(estimateCost(1).of(ann)).Allowed, false)
	g = g.after(time.Minute)
	g.admit(estimateCost(dollar).of(ann))
	g.verified()
	g.rollUp()
	g.verified()
}

// A record whose attributes differ from its reservation's is charged to the reservation's groups and to those that it adds, where all of its
// requests count; what it does not say is the reservation's.
func TestPolicyGroupsOfRecords(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	models := g.newPolicy(policy{groupBy: []string{"model", "metadata.user"},
		limits: []policyLimit{policyBudget("TOKENS", "MONTHLY", 1000), policyRate("REQUESTS", "HOUR", 10), policyRate("PARALLEL_REQUESTS", "NONE", 5)}})
	ann := user("ann")
	ann.Model = "m1"
	reserve := func() estimate { return estimateTokens(100).of(ann) }
	g.record(reportTokens(1).settling(g.admit(reserve())))
	g.record(reportTokens(2).from("", "M1").about(`{"user": "ann"}`).settling(g.admit(reserve())))
	same(t, "the same attributes", g.groups(models), "m1/ann: 3+0 2+0 0+0")
	g.record(reportTokens(4).from("", "m2").settling(g.admit(reserve())))
	same(t, "another model", g.groups(models), "m1/ann: 7+0 3+0 0+0", "m2/ann: 4+0 1+0 0+0")
	held := g.admit(reserve())
	same(t, "while it is held", g.groups(models), "m1/ann: 7+100 4+0 0+1", "m2/ann: 4+0 1+0 0+0")
	g.record(reportTokens(8).counting(3).about(`{"user": "bob", "more": "yes"}`).settling(held))
	same(t, "another user", g.groups(models), "m1/ann: 15+0 6+0 0+0", "m1/bob: 8+0 3+0 0+0", "m2/ann: 4+0 1+0 0+0")
	g.verified()

	late := g.admit(reserve())
	g = g.after(40 * 24 * time.Hour)
	g.record(reportTokens(16).from("", "m2").settling(late))
	same(t, "settled in another month", g.groups(models), "m1/ann: 0+0 0+0 0+0", "m1/bob: 0+0 0+0 0+0", "m2/ann: 16+0 1+0 0+0")
	g.verified()
}

// A policy has at most maxGroups groups: who would make another one is denied with POLICY_GROUPS_EXHAUSTED, which names the policy, and nobody
// else is; usage is booked all the same, and charged to no group. In SHADOW nobody is denied. A check says the same and makes nothing.
func TestMaxGroups(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	users := g.newPolicy(policy{groupBy: []string{"metadata.user"}, maxGroups: 2, limits: []policyLimit{policyBudget("TOKENS", "NONE", 100)}})
	answers, err := g.reserveOn(g.Pool, &g.now, estimateTokens(1).of(user("a")), estimateTokens(2).of(user("b")), estimateTokens(3).of(user("c")),
		estimateTokens(4).of(user("a")))
	must(t, 0, err)
	for i, a := range answers {
		equal(t, "allowed", a.Allowed, i != 2)
	}
	if d := answers[2].Denials; len(d) != 1 || d[0].Reason != db.DenialReasonPOLICYGROUPSEXHAUSTED || d[0].Policy == nil || d[0].Policy.ID != users {
		t.Errorf("denied with %+v", d)
	}
	same(t, "groups", g.groups(users), "a: 0+5", "b: 0+2")
	equal(t, "a check of another", g.check(estimateTokens(1).of(user("d"))).Allowed, false)
	g.record(reportTokens(50).about(`{"user": "e"}`))
	g.exec(`select update_policy($1, $2, null, 'SHADOW', null, null, null, '{}', '[]', '[]', $3)`, g.Organization.ID, users, g.now)
	equal(t, "in shadow", g.reserve(estimateTokens(1).of(user("d"))).Allowed, true)
	equal(t, "in shadow, above the amount", g.reserve(estimateTokens(1000).of(user("a"))).Allowed, true)
	g.exec(`select update_policy($1, $2, null, 'ENFORCE', null, 3, null, '{}', '[]', '[]', $3)`, g.Organization.ID, users, g.now)
	equal(t, "a check that makes no group", g.check(estimateTokens(1).of(user("d"))).Allowed, true)
	equal(t, "a check above the amount", g.check(estimateTokens(101).of(user("d"))).Allowed, false)
	same(t, "groups", g.groups(users), "a: 0+1005", "b: 0+2")
	g.admit(estimateTokens(1).of(user("d")))
	g.verified()
}

// Another amount keeps what was used, also of a single group, whose own amount outlives the group; other conditions and another grouping begin
// anew; a reservation of before is settled without the old groups. A deleted policy bars nobody.
func TestPolicyChanges(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	users := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("TOKENS", "MONTHLY", 100, 50)}})
	held := g.admit(estimateTokens(60).of(user("ann")))
	limit := query[string](g, `select id::text from limits where policy_id = $1`, users)
	change := func(sets string) {
		t.Helper()
		g.exec(`select update_policy($1, $2, null, null, null, null, null, '{}', $3, '[]', $4)`, g.Organization.ID, users,
			`[{"id": "`+limit+`", "type": "TOKENS", "period": "MONTHLY", "alert_units": [20], `+sets+`}]`, g.now)
	}
	change(`"max_units": 80`)
	equal(t, "above the new amount", g.reserve(estimateTokens(30).of(user("ann"))).Allowed, false)
	equal(t, "in a group of before the first request", g.check(estimateTokens(90).of(user("bob"))).Allowed, false)
	for _, name := range []string{"ann", "bob"} {
		equal(t, "found", query[bool](g, `select set_group_amount($1, $2, $3, array[$4], 200, $5)`, g.Organization.ID, users, limit, name, g.now), true)
	}
	equal(t, "within its own amount, checked", g.check(estimateTokens(190).of(user("bob"))).Allowed, true)
	g.admit(estimateTokens(140).of(user("ann")))
	g.admit(estimateTokens(200).of(user("bob")))
	equal(t, "above its own amount", g.reserve(estimateTokens(1).of(user("ann"))).Allowed, false)
	change(`"max_units": 90`)
	same(t, "after the amount's change", g.groups(users), "ann: 0+200", "bob: 0+200")
	g.verified()
	g.record(reportTokens(30).settling(held))
	equal(t, "alerts", query[int64](g, `select count(*) from alerts where policy_id = $1 and group_values = array['ann'] and threshold_units = 20`, users), 1)

	g.exec(`select update_policy($1, $2, null, null, null, null, '[{"attribute": "metadata.user", "allowed": [], "refused": ["b*"]}]', '{}', '[]', '[]', $3)`,
		g.Organization.ID, users, g.now)
	same(t, "after another condition", g.groups(users))
	old := g.admit(estimateTokens(5).of(user("ann")))
	g.admit(estimateTokens(5000).of(user("bob")))
	g.exec(`select update_policy($1, $2, null, null, '{apiKey}', null, null, '{}', '[]', '[]', $3)`, g.Organization.ID, users, g.now)
	g.record(reportTokens(5).settling(old))
	equal(t, "own amounts", query[int64](g, `select count(*) from policy_overrides`), 0)
	g.admit(estimateTokens(90).of(user("ann")))
	equal(t, "the key's group", g.reserve(estimateTokens(1).of(user("zoe"))).Allowed, false)
	g.verified()
	equal(t, "deleted", must(t, true, func() error {
		_, err := db.New().DeletePolicy(context.Background(), g.Pool, &db.DeletePolicyParams{OrganizationID: g.Organization.ID, ID: users})
		return err
	}()), true)
	g.admit(estimateTokens(9000).of(user("ann")))
	equal(t, "counters", query[int64](g, `select count(*) from counters`), 0)
	g.verified()
}

// A group is forgotten when all of its counters were at zero for a whole period, and not before; one that is held, or that has used something of a
// budget without a reset, is not. The next request makes it again, at zero; what had been reserved by it is settled without it.
func TestForgottenGroups(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	daily := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("TOKENS", "DAILY", 100), policyRate("REQUESTS", "HOUR", 5)}})
	total := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("TOKENS", "NONE", 100)}})
	forget := func(want int64) {
		t.Helper()
		g.closePeriods()
		got := query[int64](g, `select forgotten from forget_groups($1, 100, null, $2)`, g.Organization.ID, g.now)
		equal(t, "forgotten", got, want)
		g.verified()
	}
	g.record(reportTokens(10).about(`{"user": "ann"}`))
	g.record(reportTokens(0).about(`{"user": "bob"}`))
	held := g.admit(estimateTokens(10).of(user("eve")).lasting(24 * time.Hour))
	forget(0)
	g = g.at(noon.Truncate(24 * time.Hour).Add(24 * time.Hour)) // the end of the day
	forget(0)
	same(t, "totals", g.groups(total), "ann: 10+0", "bob: 0+0", "eve: 0+10")
	same(t, "days", g.groups(daily), "ann: 0+0 0+0", "bob: 0+0 0+0", "eve: 0+0 0+0")
	g = g.after(24 * time.Hour)
	forget(3) // ann's day, and bob's and his total; eve's hold is past its expiry, but not swept
	same(t, "days", g.groups(daily), "eve: 0+0 0+0")
	g.sweep()
	forget(2)
	same(t, "totals", g.groups(total), "ann: 10+0")
	g.record(reportTokens(5).settling(held))
	g.admit(estimateTokens(100).of(user("eve")))
	same(t, "days", g.groups(daily), "eve: 0+100 1+0")
	g.verified()
}
