package graph_test

import (
	"testing"
	"time"
)

const (
	raisesOfPolicy = `query($id: ID!) { node(id: $id) { ... on Policy { groupCount budgetLimits { id amount raised alertThresholdPercents thresholds { amount percent }
		raises { values { attribute value } by until reason } } } } }`
	raiseOfPolicy = `mutation($input: RaiseBudgetInput!) { raiseBudget(input: $input) { budgetLimit { id amount raised periods { nodes { amount } } raises { by } }
		subject { __typename id } policy { id budgetLimits { raised } } } }`
	requestOfPolicy = `mutation($input: RequestRaiseInput!) { requestRaise(input: $input) { raiseRequest { id policy { id } groupValues { attribute value } budgetLimit { id amount } } } }`
	searchedGroups  = `query($id: ID!, $search: String) { node(id: $id) { ... on Policy { groups(search: $search) { totalCount nodes { values { value } } } } } }`
)

// A budget of a policy is raised for all groups or for one; the payload has the policy, and what it stands on. Owners and admins ask for one as well, a MEMBER does
// not; the request names policy and group. Percents of thresholds are kept as they were set.
func TestRaisesOfPolicies(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	input := perUser(r.WorkspaceID())
	input["budgetLimits"] = []any{object{"type": "COST", "amount": "10", "periodicReset": "DAILY", "alertThresholdPercents": []any{80}}}
	made := post(r.API, r.Admin, createPolicy, object{"input": input})
	id, budget := made.Text("createPolicy", "policy", "id"), made.Text("createPolicy", "policy", "budgetLimits", 0, "id")
	ann := []any{object{"attribute": "metadata.user", "value": "ann"}}
	raise := func(by string, more object) object {
		return object{"input": extended(object{"id": budget, "by": by, "reason": "a demo"}, more)}
	}
	raised := post(r.API, r.Admin, raiseOfPolicy, raise("5", nil))
	raised.Equal(object{"__typename": "Workspace", "id": r.WorkspaceID()}, "raiseBudget", "subject")
	raised.Equal(object{"id": budget, "amount": "10", "raised": "5", "periods": object{"nodes": []any{}}, "raises": []any{object{"by": "5"}}}, "raiseBudget", "budgetLimit")
	raised.Equal(id, "raiseBudget", "policy", "id")
	post(r.API, r.Admin, raiseOfPolicy, raise("7", object{"groupValues": ann})).Equal("5", "raiseBudget", "policy", "budgetLimits", 0, "raised")
	read := post(r.API, r.Viewer, raisesOfPolicy, object{"id": id})
	read.Equal([]any{float64(80)}, "node", "budgetLimits", 0, "alertThresholdPercents")
	read.Equal("8", "node", "budgetLimits", 0, "thresholds", 0, "amount")
	read.Equal(nil, "node", "budgetLimits", 0, "raises", 0, "values")
	read.Equal(ann, "node", "budgetLimits", 0, "raises", 1, "values")
	read.Equal("7", "node", "budgetLimits", 0, "raises", 1, "by")
	post(r.API, r.Gateway, reserveFor, object{"input": object{"key": r.KeyID(), "metadata": object{"user": "ann"}, "estimate": object{"cost": "22"}}}).
		Equal(true, "reserveUsage", "decision", "allowed")
	post(r.API, r.Gateway, reserveFor, object{"input": object{"key": r.KeyID(), "metadata": object{"user": "bob"}, "estimate": object{"cost": "15.1"}}}).
		Equal(false, "reserveUsage", "decision", "allowed")
	post(r.API, r.Viewer, raisesOfPolicy, object{"id": id}).Equal(2, "node", "groupCount") // bob's, who was denied, too

	for _, wrong := range []object{{"groupValues": []any{}}, {"groupValues": []any{object{"attribute": "model", "value": "x"}}}, {"by": "0"},
		{"until": time.Now().Add(-time.Hour).Format(time.RFC3339)}} {
		refusedQuery(r.API, r.Admin, raiseOfPolicy, raise("5", wrong), "BAD_USER_INPUT")
	}
	other := kit.Serve(t, r.Pool)
	refusedQuery(r.API, other.Admin, raiseOfPolicy, raise("5", nil), "NOT_FOUND")
	refusedQuery(r.API, r.tokens["MEMBER"], requestOfPolicy, raise("5", nil), "FORBIDDEN")
	asked := post(r.API, r.tokens["OWNER"], requestOfPolicy, raise("9", object{"groupValues": ann}))
	asked.Equal(id, "requestRaise", "raiseRequest", "policy", "id")
	asked.Equal(ann, "requestRaise", "raiseRequest", "groupValues")
	asked.Equal(object{"id": budget, "amount": "10"}, "requestRaise", "raiseRequest", "budgetLimit")
	request := asked.Text("requestRaise", "raiseRequest", "id")
	r.Run(r.Admin, "GrantRaise", object{"input": object{"id": request}}).Equal("GRANTED", "grantRaise", "raiseRequest", "status")
	post(r.API, r.Gateway, reserveFor, object{"input": object{"key": r.KeyID(), "metadata": object{"user": "ann"}, "estimate": object{"cost": "9"}}}).
		Equal(true, "reserveUsage", "decision", "allowed")
	alerts := post(r.API, r.Admin, `{ alerts(filter: {kind: RAISED}) { nodes { amount policy { id } groupValues { value } } } }`, nil)
	alerts.Equal([]any{object{"value": "ann"}}, "alerts", "nodes", 0, "groupValues")
	alerts.Equal([]any{}, "alerts", "nodes", 2, "groupValues")
}

// Groups are found by a text of a value, in whatever case; characters of patterns are themselves. A text that is too long, or no text, is refused.
func TestGroupsAreFound(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	input := perUser(a.OrganizationID())
	input["maxGroups"] = 10
	id := post(a, a.Admin, createPolicy, object{"input": input}).Text("createPolicy", "policy", "id")
	for _, user := range []string{"Ann@example.com", "anna", "50%", "Ö"} {
		post(a, a.Gateway, reserveFor, object{"input": object{"key": a.KeyID(), "metadata": object{"user": user}}})
	}
	post(a, a.Gateway, reserveFor, object{"input": object{"key": a.KeyID()}})
	for search, want := range map[string]int{"ANN": 2, "@": 1, "%": 1, "_": 0, "": 5, "ö": 1, "zoe": 0} {
		found := post(a, a.Viewer, searchedGroups, object{"id": id, "search": search})
		found.Equal(want, "node", "groups", "totalCount")
		if nodes := found.Get("node", "groups", "nodes").([]any); len(nodes) != want {
			t.Errorf("%q finds %d of %d", search, len(nodes), want)
		}
	}
	for _, search := range []string{"\x00", string(make([]byte, 201))} {
		refusedQuery(a, a.Viewer, searchedGroups, object{"id": id, "search": search}, "BAD_USER_INPUT")
	}
}

// What limits denied is listed by hour and limit, what shadow would have denied apart; of limits of policies, too. Others' limits, and those that do not exist, are left
// out; a range that is too long, and too many limits, are refused.
func TestLimitDenials(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := kit.Serve(t, a.Pool)
	input := perUser(a.OrganizationID())
	input["mode"] = "SHADOW"
	made := post(a, a.Admin, createPolicy, object{"input": input})
	ofPolicy := made.Text("createPolicy", "policy", "budgetLimits", 0, "id")
	ofKey := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": "4"}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	for range 3 {
		post(a, a.Gateway, reserveFor, object{"input": object{"key": a.KeyID(), "metadata": object{"user": "ann"}, "estimate": object{"cost": "2"}}})
	}
	awaitDenials(a, 1)
	const query = `query($ids: [ID!]!, $from: Time!, $to: Time) { limitDenials(limitIds: $ids, from: $from, to: $to) { limitId shadow count } }`
	now := time.Now().UTC()
	ask := func(from time.Time, to any, ids ...any) object {
		return object{"ids": ids, "from": from.Format(time.RFC3339), "to": to}
	}
	denied := post(a, a.Viewer, query, ask(now.Add(-2*time.Hour), nil, ofPolicy, ofKey, "bud_00000000000000000000000000000000"))
	sums := map[string]float64{}
	for _, node := range denied.Get("limitDenials").([]any) {
		n := node.(object)
		if n["shadow"] == (n["limitId"] == ofPolicy) {
			sums[n["limitId"].(string)] += n["count"].(float64)
		}
	}
	if len(sums) != 2 || sums[ofPolicy] != 3 || sums[ofKey] != 1 {
		t.Errorf("denied: %v of %v", sums, denied.Get("limitDenials"))
	}
	post(a, other.Admin, query, ask(now.Add(-2*time.Hour), nil, ofPolicy, ofKey)).Equal([]any{}, "limitDenials")
	post(a, a.Viewer, query, ask(now.Add(-5*time.Hour), now.Add(-2*time.Hour).Format(time.RFC3339), ofKey)).Equal([]any{}, "limitDenials")
	many := make([]any, 101)
	for i := range many {
		many[i] = ofKey
	}
	for name, wrong := range map[string]object{"no limit": ask(now.Add(-time.Hour), nil), "too many": ask(now.Add(-time.Hour), nil, many...),
		"too long": ask(now.AddDate(0, 0, -32), nil, ofKey), "backwards": ask(now, now.Add(-time.Hour).Format(time.RFC3339), ofKey), "no id": ask(now.Add(-time.Hour), nil, a.KeyID())} {
		t.Log(name)
		refusedQuery(a, a.Viewer, query, wrong, "BAD_USER_INPUT")
	}
}
