package graph_test

import (
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// setQuotas is a mutation of the operator.
func setQuotas(organization string, quotas ...object) object {
	return object{"query": `mutation ($input: SetOrganizationQuotasInput!) { setOrganizationQuotas(input: $input) {
			organization { id quotas { name maximum default used } } } }`,
		"variables": object{"input": object{"organizationId": organization, "quotas": quotas}}}
}

// quotasOf returns an organization's quotas, as a token sees them, by name.
func quotasOf(a *graphtest.API, token string) map[string]object {
	a.T.Helper()
	answer := a.Post(token, object{"query": "query ($id: ID!) { node(id: $id) { ... on Organization { quotas { name maximum default used } } } }",
		"variables": object{"id": a.OrganizationID()}})
	if len(answer.Errors) > 0 {
		a.T.Fatalf("%+v", answer.Errors)
	}
	quotas := map[string]object{}
	for _, quota := range answer.Get("node", "quotas").([]any) {
		quotas[quota.(object)["name"].(string)] = quota.(object)
	}
	return quotas
}

// exceeds runs an operation that must be refused because of a quota, about a field, and changes nothing.
func exceeds(a *graphtest.API, operation string, input object, quota, field string) {
	a.T.Helper()
	before := fingerprintOf(a.T, a)
	answer := a.Do(a.Admin, operation, object{"input": input})
	answer.Must("QUOTA_EXCEEDED", field)
	maximum := int(quotasOf(a, a.Admin)[quota]["maximum"].(float64))
	if told := answer.Errors[0]; told.Extensions.Quota != quota || told.Extensions.Maximum != maximum ||
		!strings.Contains(told.Message, "ask the operator to raise the quota "+quota) {
		a.T.Errorf("%s: %+v, want it to tell of %s, %d", operation, told, quota, maximum)
	}
	if fingerprintOf(a.T, a) != before {
		a.T.Errorf("%s changed something", operation)
	}
}

// The operator sets an organization's quotas and takes them back, and sees how much of each is used, as its administrators do. What would
// exceed one is QUOTA_EXCEEDED, which names the quota, its maximum and what to do; with the next higher one it is done.
func TestQuotas(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	organization, workspace := a.OrganizationID(), a.WorkspaceID()
	member := a.Run(a.Admin, "AddMember", object{"input": object{"organizationId": organization, "email": "m@acme.test", "role": "MEMBER"}}).
		Text("addMember", "member", "id")
	a.Run(a.Admin, "AddRecipients", object{"input": object{"subjectId": a.KeyID(), "emails": []any{"r@acme.test"}}})
	for _, c := range []struct {
		quota, operation string
		input            object
		field            string
	}{
		{"MEMBERS", "AddMember", object{"organizationId": organization, "email": "n@acme.test", "role": "MEMBER"}, ""},
		{"ADMINISTRATORS", "AddMember", object{"organizationId": organization, "email": "a@acme.test", "role": "ADMIN"}, ""},
		{"ADMINISTRATORS", "UpdateMember", object{"id": member, "role": "ADMIN"}, ""},
		{"WORKSPACES", "CreateWorkspace", object{"organizationId": organization, "name": "n"}, ""},
		{"API_KEYS", "CreateApiKey", object{"ownerId": workspace, "name": "n"}, ""},
		{"ACCESS_TOKENS", "CreateAccessToken", object{"organizationId": organization, "name": "n", "role": "VIEWER"}, ""},
		{"LIMITS_PER_SUBJECT", "CreateBudgetLimit", object{"subjectId": workspace, "type": "COST", "amount": 1}, ""},
		{"LIMITS_PER_SUBJECT", "CreateRateLimit", object{"subjectId": workspace, "type": "TOKENS", "limit": 1, "interval": "DAY"}, ""},
		{"LIMITS_PER_SUBJECT", "CreateApiKey", object{"ownerId": workspace, "name": "l", "budgetLimits": []any{
			object{"type": "COST", "amount": 1}, object{"type": "TOKENS", "amount": 1}, object{"type": "TOKENS", "amount": 1, "periodicReset": "WEEKLY"}}}, "budgetLimits.2"},
		{"RECIPIENTS_PER_SUBJECT", "AddRecipients", object{"subjectId": a.KeyID(), "emails": []any{"R@acme.test", "s@acme.test"}}, "emails"},
		{"RECIPIENTS_PER_SUBJECT", "CreateApiKey", object{"ownerId": workspace, "name": "r",
			"recipients": []any{"s@acme.test", "t@acme.test", "u@acme.test"}}, "recipients"},
	} {
		used := quotasOf(a, graphtest.RootToken)[c.quota]["used"].(float64)
		set := a.Post(graphtest.RootToken, setQuotas(organization, object{"name": c.quota, "maximum": used}))
		set.Equal(organization, "setOrganizationQuotas", "organization", "id")
		exceeds(a, c.operation, c.input, c.quota, c.field)
		a.Post(graphtest.RootToken, setQuotas(organization, object{"name": c.quota, "maximum": used + 3}))
		a.Run(a.Admin, c.operation, object{"input": c.input})
		a.Post(graphtest.RootToken, setQuotas(organization, object{"name": c.quota, "maximum": nil}))
		if quota := quotasOf(a, a.Viewer)[c.quota]; quota["maximum"] != quota["default"] {
			t.Errorf("%v is not the default", quota)
		}
	}
	if quotas := quotasOf(a, a.Viewer); len(quotas) != 10 || quotas["MAILS_PER_HOUR"]["used"] != 0.0 || quotas["MEMBERS"]["used"] != 4.0 {
		t.Errorf("%v", quotas)
	}
}

// Quotas are set by the operator alone, in range, each once, and for an organization that exists.
func TestSetOrganizationQuotasIsChecked(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	one := object{"name": "MEMBERS", "maximum": 1}
	for _, token := range []string{a.Admin, a.Tenant.BoundToken(a.Tenant.Owner, "OWNER"), a.Viewer, a.Gateway} {
		a.Post(token, setQuotas(a.OrganizationID(), one)).Must("FORBIDDEN", "")
	}
	a.Post("", setQuotas(a.OrganizationID(), one)).Must("UNAUTHENTICATED", "")
	root := func(quotas ...object) *graphtest.Answer {
		return a.Post(graphtest.RootToken, setQuotas(a.OrganizationID(), quotas...))
	}
	root().Must("BAD_USER_INPUT", "quotas")
	root(one, one).Must("BAD_USER_INPUT", "quotas.1.name")
	root(object{"name": "MEMBERS", "maximum": -1}).Must("BAD_USER_INPUT", "quotas.0.maximum")
	root(one, object{"name": "MAILS_PER_HOUR", "maximum": 0}).Must("BAD_USER_INPUT", "quotas.1.maximum")
	for _, unknown := range []object{one, {"name": "MEMBERS", "maximum": nil}} {
		a.Post(graphtest.RootToken, setQuotas(id.Organization.Format(a.Tenant.Key.ID), unknown)).Must("NOT_FOUND", "organizationId")
	}
	a.Post(graphtest.RootToken, setQuotas(a.WorkspaceID(), one)).Must("BAD_USER_INPUT", "organizationId")
	if maximum := quotasOf(a, graphtest.RootToken)["MEMBERS"]["maximum"]; maximum == 1.0 {
		t.Error("a refused mutation has set a quota")
	}
}

// What an organization had before there were quotas multiplies into no list: of 3,001 administrators, pages of keys and alerts with their
// recipients and mails are QUERY_TOO_COMPLEX, however they ask, and smaller pages are answered in full.
func TestListsWithoutPagesAreBounded(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "makes 3,001 administrators")
	a := newAPI(t)
	ctx, organization := t.Context(), a.Tenant.Organization.ID
	if _, err := a.Pool.Exec(ctx, `alter table members disable trigger members_audit`); err != nil { // it takes longer than the rows
		t.Fatal(err)
	}
	for _, statement := range []string{
		`insert into organization_quotas values ($1, 'ADMINISTRATORS', 3001), ($1, 'MEMBERS', 3001)`,
		`insert into members (organization_id, email, role) select $1, 'admin-' || n || '@acme.test', 'ADMIN' from generate_series(1, 3000) n`,
		`delete from organization_quotas where organization_id = $1`,
		`insert into api_keys (organization_id, name, prefix) select $1, 'key ' || n, 'bsr' from generate_series(1, 99) n`,
	} {
		if _, err := a.Pool.Exec(ctx, statement, organization); err != nil {
			t.Fatal(err)
		}
	}
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100, "alertThresholds": []any{1, 2, 3}}})
	for _, tokens := range []int{1, 1, 1, 97} { // an alert each
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": tokens}})
	}
	for _, first := range []any{100, 10, nil} {
		tooComplex(t, a.Do(a.Admin, "ApiKeys", object{"first": first}), "apiKeys")
	}
	tooComplex(t, a.Do(a.Admin, "Alerts", object{"first": 4}), "alerts")
	page := a.Run(a.Admin, "ApiKeys", object{"first": 5})
	if got := len(page.Get("apiKeys", "edges", 4, "node", "recipients").([]any)); got != 3001 {
		t.Errorf("%d recipients, want all", got)
	}
	if got := len(a.Run(a.Admin, "Alerts", object{"first": 1}).Get("alerts", "edges", 0, "node", "deliveries").([]any)); got != 3001 {
		t.Errorf("%d deliveries, want all", got)
	}
	if page.Bytes > 2<<20 {
		t.Errorf("the page has %d bytes", page.Bytes)
	}
	aliases := ""
	for _, alias := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		aliases += alias + ": recipients { email source } "
	}
	tooComplex(t, a.Post(a.Admin, object{"query": "{ viewer { organization { " + aliases + "} } }"}), "viewer", "organization")
	several := a.Post(a.Admin, object{"query": "{ a: apiKeys(first: 4) { edges { node { recipients { email } } } } " +
		"b: apiKeys(first: 4) { edges { node { recipients { email } } } } c: apiKeys(first: 6) { edges { node { recipients { email } } } } }"})
	if len(several.Errors) == 0 || several.Errors[0].Extensions.Code != "QUERY_TOO_COMPLEX" || several.Bytes > 2<<20 {
		t.Errorf("several pages together are answered with %d bytes and %d errors", several.Bytes, len(several.Errors))
	}
}

// tooComplex fails the test unless a part of an answer is null, with no other errors than QUERY_TOO_COMPLEX.
func tooComplex(t *testing.T, answer *graphtest.Answer, path ...any) {
	t.Helper()
	if answer.Get(path...) != nil {
		t.Errorf("%v is answered", path)
	}
	if len(answer.Errors) == 0 {
		t.Errorf("%v: there is no error", path)
	}
	for _, told := range answer.Errors {
		if told.Extensions.Code != "QUERY_TOO_COMPLEX" {
			t.Errorf("%+v", told)
		}
	}
}
