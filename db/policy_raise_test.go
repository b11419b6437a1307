package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// raiseGroups raises the budget of a policy: of one group, or (nil) of all.
func (g *gateway) raiseGroups(budget uuid.UUID, values []string, tokens int64, until *time.Time) error {
	_, err := g.Pool.Exec(g.T.Context(), `select raise_budget($1, $2, $3, 'TOKENS', $4, $5, $6)`, g.Organization.ID, budget, values, tokens, until, g.now)
	return err
}

// budgetOf returns the budget of a policy.
func (g *gateway) budgetOf(policy uuid.UUID) uuid.UUID {
	return query[uuid.UUID](g, `select id from limits where policy_id = $1 and kind = 'BUDGET'`, policy)
}

// A raise of one group adds to its amount alone, also before its first request; one of all groups to those that there are and those that are made later.
// Both count with the next decision and with checks, and end at their instant; another amount keeps them, and a group that is made anew has them again.
func TestRaisesOfGroups(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	users := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("TOKENS", "MONTHLY", 100)}})
	budget, hour := g.budgetOf(users), g.now.Add(time.Hour)
	room := func(when string, tokens int64, name string) {
		t.Helper()
		equal(t, when+", checked", g.check(estimateTokens(tokens).of(user(name))).Allowed, true)
		equal(t, when+", one more checked", g.check(estimateTokens(tokens+1).of(user(name))).Allowed, false)
		g.release(g.admit(estimateTokens(tokens).of(user(name))))
		equal(t, when+", one more", g.reserve(estimateTokens(tokens+1).of(user(name))).Allowed, false)
	}
	g.release(g.admit(estimateTokens(1).of(user("ann"))))
	must(t, 0, g.raiseGroups(budget, []string{"ann"}, 50, nil))
	must(t, 0, g.raiseGroups(budget, []string{"bob"}, 30, &hour))
	room("ann's raise", 150, "ann")
	room("bob's raise, before his first request", 130, "bob")
	room("no raise", 100, "eve")
	must(t, 0, g.raiseGroups(budget, nil, 1000, &hour))
	room("ann's raise and that of all", 1150, "ann")
	room("that of all", 1100, "eve")
	room("that of all, of a group that is new", 1100, "zoe")
	g.exec(`select update_policy($1, $2, null, null, null, null, null, '{}', $3, '[]', $4)`, g.Organization.ID, users,
		`[{"id": "`+budget.String()+`", "type": "TOKENS", "period": "MONTHLY", "alert_units": [], "max_units": 200}]`, g.now)
	room("another amount", 1250, "ann")
	g.exec(`select update_policy($1, $2, null, null, null, null, '[{"attribute": "metadata.user", "allowed": [], "refused": ["x*"]}]', '{}', '[]', '[]', $3)`,
		g.Organization.ID, users, g.now)
	same(t, "groups after another condition", g.groups(users))
	room("made anew", 1250, "ann")
	g.verified()

	g = g.at(hour)
	room("after the hour", 250, "ann")
	room("after the hour", 200, "bob")
	g.exec(`select update_policy($1, $2, null, null, '{apiKey,metadata.user}', null, null, '{}', '[]', '[]', $3)`, g.Organization.ID, users, g.now)
	room("grouped by something else", 200, "ann")
	equal(t, "raises that ended early", query[int](g, `select count(*) from budget_raises where ended_at is not null`), 1)
	g.verified()
}

// What cannot be raised is refused and changes nothing: values of another number, or of a budget of no policy; nothing; an instant that has passed; a budget
// without a period for good; a hundred times and one, of the same group.
func TestRaisesOfGroupsThatAreNone(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budgetOf(g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("TOKENS", "NONE", 100)}}))
	later := g.now.Add(time.Hour)
	for name, err := range map[string]error{
		"too few values": g.raiseGroups(budget, []string{}, 1, &later), "too many values": g.raiseGroups(budget, []string{"a", "b"}, 1, &later),
		"of a key's budget": g.raiseGroups(g.tokenBudget(1000), []string{"a"}, 1, &later), "by nothing": g.raiseGroups(budget, nil, 0, &later),
		"until now": g.raiseGroups(budget, nil, 1, &g.now), "for good": g.raiseGroups(budget, nil, 1, nil), "one group for good": g.raiseGroups(budget, []string{"a"}, 1, nil),
	} {
		if code := fault.CodeOf(db.Fault(err)); code != fault.BadUserInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := g.Pool.Exec(t.Context(), `select request_raise($1, $2, null, $3, 'TOKENS', 1, null, $4)`, g.Organization.ID, budget, g.Owner.ID, g.now)
	if code := fault.CodeOf(db.Fault(err)); code != fault.BadUserInput {
		t.Errorf("asked for good: %v", err)
	}
	equal(t, "raises", query[int](g, `select count(*) from budget_raises`), 0)
	for range 100 {
		must(t, 0, g.raiseGroups(budget, []string{"a"}, 1, &later))
	}
	if code := fault.CodeOf(db.Fault(g.raiseGroups(budget, []string{"a"}, 1, &later))); code != fault.BadUserInput {
		t.Errorf("the 101st: %s", code)
	}
	must(t, 0, g.raiseGroups(budget, []string{"b"}, 1, &later))
	must(t, 0, g.raiseGroups(budget, nil, 1, &later))
	equal(t, "within a hundred raises and one of all", g.reserve(estimateTokens(201).of(user("a"))).Allowed, true)
}

// A raise of a policy's budget is one alert and one mail, however many groups there are; it names the policy and the group. EXHAUSTED can be alerted again. A
// request of one group does not take the place of one of another.
func TestAlertsOfRaisesOfGroups(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	users := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("TOKENS", "MONTHLY", 100)}})
	budget := g.budgetOf(users)
	for _, name := range []string{"ann", "bob"} {
		g.record(reportTokens(100).about(`{"user": "` + name + `"}`))
	}
	exhausted := `select count(*) from alerts where kind = 'EXHAUSTED'`
	equal(t, "exhausted", query[int](g, exhausted), 2)
	must(t, 0, g.raiseGroups(budget, nil, 10, nil))
	must(t, 0, g.raiseGroups(budget, []string{"ann"}, 20, nil))
	raised := `select string_agg(concat_ws(' ', max_units, used_units, requested_units, coalesce(group_values[1], 'all')), ', ' order by id)
		from alerts where kind = 'RAISED' and policy_id is not null`
	equal(t, "alerts", query[string](g, raised), "110 0 10 all, 130 100 20 ann")
	g.record(reportTokens(30).about(`{"user": "ann"}`))
	g.record(reportTokens(10).about(`{"user": "bob"}`))
	equal(t, "exhausted again", query[int](g, exhausted), 4)

	ask := func(group []string, tokens int64) uuid.UUID {
		return query[uuid.UUID](g, `select id from request_raise($1, $2, $3, $4, 'TOKENS', $5, null, $6)`, g.Organization.ID, budget, group, g.Owner.ID, tokens, g.now)
	}
	ask(nil, 1)
	first := ask([]string{"ann"}, 2)
	ask([]string{"bob"}, 3)
	last := ask([]string{"ann"}, 4)
	equal(t, "open requests", query[string](g, `select string_agg(units::text, ' ' order by units) from raise_requests where status = 'OPEN'`), "1 3 4")
	decide := `select coalesce((select status::text from decide_raise_request($1, $2, true, $3)), 'none')`
	equal(t, "the one that was replaced", query[string](g, decide, g.Organization.ID, first, g.now), "none")
	equal(t, "granted", query[string](g, decide, g.Organization.ID, last, g.now), "GRANTED")
	equal(t, "ann's room", g.reserve(estimateTokens(4).of(user("ann"))).Allowed, true)
	equal(t, "bob's room", g.reserve(estimateTokens(1).of(user("bob"))).Allowed, false)
	g.exec(`select update_policy($1, $2, null, null, '{}', null, null, '{}', '[]', '[]', $3)`, g.Organization.ID, users, g.now)
	equal(t, "open requests that are left", query[string](g, `select string_agg(units::text, ' ') from raise_requests where status = 'OPEN'`), "1")
	g.verified()
}
