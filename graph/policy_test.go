package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

const (
	policyFields = ` fragment P on Policy { id name owner { __typename } mode conditions { attribute in notIn } groupBy maxGroups version
		budgetLimits { id type amount periodicReset alertThresholds timeZone enabled mode version } rateLimits { id type limit interval }
		overrides { limitId values { attribute value } amount } }`
	createPolicy   = `mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { policy { ...P } } }` + policyFields
	updatePolicy   = `mutation($input: UpdatePolicyInput!) { updatePolicy(input: $input) { policy { ...P } } }` + policyFields
	deletePolicy   = `mutation($input: DeletePolicyInput!) { deletePolicy(input: $input) { deletedId organization { id policies { id } } } }`
	setOverride    = `mutation($input: SetPolicyOverrideInput!) { setPolicyOverride(input: $input) { policy { ...P } } }` + policyFields
	groupsOfPolicy = `query($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Policy { ...P groups(first: $first, after: $after) {
		totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
		nodes { share values { attribute value } limits { limitId subjectId kind max used reserved policy { policyId name values { value } } } } } } } }` + policyFields
	reserveFor = `mutation($input: ReserveUsageInput!) { reserveUsage(input: $input) { reservation { id } decision { allowed httpStatus
		denials { reason message limitId policy { policyId name values { attribute value } } } limits { limitId subjectId policy { name values { attribute value } } } } } }`
)

// perUser is a policy of $1 and of ten requests an hour for each user.
func perUser(owner string) object {
	return object{"ownerId": owner, "name": "Each user", "groupBy": []any{"metadata.user"}, "maxGroups": 3,
		"budgetLimits": []any{object{"type": "COST", "amount": "1", "periodicReset": "DAILY", "timeZone": "Europe/Berlin", "alertThresholds": []any{"0.5"}}},
		"rateLimits":   []any{object{"type": "REQUESTS", "limit": 10, "interval": "HOUR"}}}
}

// A policy is created, read, changed and deleted; requests are denied by the limits of their group, which denials and limits name; its groups are
// listed, the largest first, in pages; alerts name the policy and the group.
func TestPolicies(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	made := post(a, a.Admin, createPolicy, object{"input": perUser(a.WorkspaceID())})
	id, budget := made.Text("createPolicy", "policy", "id"), made.Text("createPolicy", "policy", "budgetLimits", 0, "id")
	made.Equal("Workspace", "createPolicy", "policy", "owner", "__typename")
	made.Equal("Europe/Berlin", "createPolicy", "policy", "budgetLimits", 0, "timeZone")
	reserve := func(user, cost string) *graphtest.Answer {
		return post(a, a.Gateway, reserveFor, object{"input": object{"key": a.KeyID(), "metadata": object{"user": user}, "estimate": object{"cost": cost}}})
	}
	for user, cost := range map[string]string{"ann": "0.2", "bob": "0.9"} {
		reserve(user, cost).Equal(true, "reserveUsage", "decision", "allowed")
	}
	refused := reserve("bob", "0.2")
	refused.Equal(412, "reserveUsage", "decision", "httpStatus")
	refused.Equal(object{"policyId": id, "name": "Each user", "values": []any{object{"attribute": "metadata.user", "value": "bob"}}},
		"reserveUsage", "decision", "denials", 0, "policy")
	refused.Equal(budget, "reserveUsage", "decision", "denials", 0, "limitId")
	refused.Equal(a.WorkspaceID(), "reserveUsage", "decision", "limits", 0, "subjectId")
	message := refused.Text("reserveUsage", "decision", "denials", 0, "message")
	if !strings.HasPrefix(message, "The daily cost limit of $1.00 has $0.10 left, until ") ||
		!strings.HasSuffix(message, ` It is of the policy Each user, for metadata.user "bob".`) {
		t.Errorf("denied with %q", message)
	}

	post(a, a.Gateway, reserveFor, object{"input": object{"key": a.KeyID()}}).Equal(true, "reserveUsage", "decision", "allowed")
	exhausted := reserve("eve", "0.1")
	exhausted.Equal(429, "reserveUsage", "decision", "httpStatus")
	exhausted.Equal("POLICY_GROUPS_EXHAUSTED", "reserveUsage", "decision", "denials", 0, "reason")
	exhausted.Equal(id, "reserveUsage", "decision", "denials", 0, "policy", "policyId")

	first := post(a, a.Viewer, groupsOfPolicy, object{"id": id, "first": 2})
	first.Equal(3, "node", "groups", "totalCount")
	first.Equal("0.9", "node", "groups", "nodes", 0, "limits", 0, "reserved")
	first.Equal("bob", "node", "groups", "nodes", 0, "values", 0, "value")
	first.Equal(true, "node", "groups", "pageInfo", "hasNextPage")
	second := post(a, a.Viewer, groupsOfPolicy, object{"id": id, "first": 2, "after": first.Text("node", "groups", "pageInfo", "endCursor")})
	second.Equal(nil, "node", "groups", "nodes", 0, "values", 0, "value")
	second.Equal(false, "node", "groups", "pageInfo", "hasNextPage")

	post(a, a.Gateway, `mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }`,
		object{"input": object{"key": a.KeyID(), "cost": "2", "inputTokens": 0, "outputTokens": 0, "metadata": object{"user": "ann"}}})
	alerts := post(a, a.Admin, `{ alerts { nodes { kind subjectId budgetLimit { id } policy { id name } groupValues { attribute value } } } }`, nil)
	alerts.Equal("EXHAUSTED", "alerts", "nodes", 0, "kind")
	alerts.Equal(a.WorkspaceID(), "alerts", "nodes", 0, "subjectId")
	alerts.Equal(object{"id": id, "name": "Each user"}, "alerts", "nodes", 0, "policy")
	alerts.Equal([]any{object{"attribute": "metadata.user", "value": "ann"}}, "alerts", "nodes", 0, "groupValues")

	own := post(a, a.Admin, setOverride, object{"input": object{"policyId": id, "limitId": budget, "amount": "5",
		"values": []any{object{"attribute": "metadata.user", "value": "bob"}}}})
	own.Equal("5", "setPolicyOverride", "policy", "overrides", 0, "amount")
	reserve("bob", "4").Equal(true, "reserveUsage", "decision", "allowed")
	changed := post(a, a.Admin, updatePolicy, object{"input": object{"id": id, "expectedVersion": own.Get("setPolicyOverride", "policy", "version"),
		"mode": "SHADOW", "budgetLimits": []any{object{"id": budget, "amount": "2"}}, "rateLimits": []any{}}})
	changed.Equal("2", "updatePolicy", "policy", "budgetLimits", 0, "amount")
	changed.Equal([]any{}, "updatePolicy", "policy", "rateLimits")
	refusedQuery(a, a.Admin, updatePolicy, object{"input": object{"id": id, "expectedVersion": 1, "name": "x"}}, "CONFLICT")
	reserve("ann", "9").Equal(true, "reserveUsage", "decision", "allowed")
	reserve("zoe", "9").Equal(true, "reserveUsage", "decision", "allowed")
	deleted := post(a, a.Admin, deletePolicy, object{"input": object{"id": id}})
	deleted.Equal([]any{}, "deletePolicy", "organization", "policies")
	refusedQuery(a, a.Admin, deletePolicy, object{"input": object{"id": id}}, "NOT_FOUND")
}

// What cannot be a policy is refused with its field, all of it at once, and changes nothing: unknown attributes, values that are too many or too
// long or control characters, ids of another tenant, limits of one kind; and more policies than the quota allows.
func TestPolicyInput(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := kit.Serve(t, a.Pool)
	long := make([]any, 101)
	for i := range long {
		long[i] = fmt.Sprint(i)
	}
	input := perUser(a.OrganizationID())
	input["name"], input["maxGroups"], input["groupBy"] = "\x00", 0, []any{"user", "model", "model"}
	input["conditions"] = []any{object{"attribute": "region", "in": []any{"eu"}}, object{"attribute": "model"}, object{"attribute": "model", "in": long},
		object{"attribute": "apiKey", "in": []any{"key_1"}}, object{"attribute": "metadata.", "in": []any{"a", "a"}}}
	input["rateLimits"] = []any{object{"type": "REQUESTS", "limit": 0, "interval": "HOUR"}}
	wrong := fieldsOfErrors(t, post(a, a.Admin, createPolicy, object{"input": input}))
	slices.Sort(wrong)
	same(t, "fields of errors", wrong, "name", "conditions.0.attribute", "conditions.1.in", "conditions.2.in", "conditions.3.in.0", "conditions.4.attribute", "conditions.4.in.1",
		"groupBy.0", "groupBy.2", "maxGroups", "rateLimits.0.limit")
	for _, foreign := range []string{other.OrganizationID(), other.WorkspaceID()} {
		refusedQuery(a, a.Admin, createPolicy, object{"input": perUser(foreign)}, "NOT_FOUND")
	}
	input = perUser(a.OrganizationID())
	input["conditions"] = []any{object{"attribute": "apiKey", "in": []any{other.KeyID()}}}
	refusedQuery(a, a.Admin, createPolicy, object{"input": input}, "NOT_FOUND")
	input = perUser(a.OrganizationID())
	input["rateLimits"] = []any{input["rateLimits"].([]any)[0], input["rateLimits"].([]any)[0]}
	refusedQuery(a, a.Admin, createPolicy, object{"input": input}, "CONFLICT")

	id := post(a, a.Admin, createPolicy, object{"input": perUser(a.OrganizationID())}).Text("createPolicy", "policy", "id")
	for _, token := range []string{a.Viewer, a.Gateway, other.Admin} {
		if answer := a.Post(token, object{"query": deletePolicy, "variables": object{"input": object{"id": id}}}); len(answer.Errors) == 0 {
			t.Errorf("deleted by somebody else: %+v", answer)
		}
	}
	budget := post(a, a.Admin, groupsOfPolicy, object{"id": id}).Text("node", "budgetLimits", 0, "id")
	for _, values := range [][]any{{}, {object{"attribute": "model", "value": "x"}}, {object{"attribute": "metadata.user", "value": "x"}, object{"attribute": "metadata.user"}}} {
		refusedQuery(a, a.Admin, setOverride, object{"input": object{"policyId": id, "limitId": budget, "amount": "5", "values": values}}, "BAD_USER_INPUT")
	}
	refusedQuery(a, a.Admin, `mutation($id: ID!) { resetBudgetLimit(input: {id: $id}) { budgetLimit { id } } }`, object{"id": budget}, "NOT_FOUND")
	refusedQuery(a, a.Admin, groupsOfPolicy, object{"id": id, "after": "x"}, "BAD_USER_INPUT")
}
