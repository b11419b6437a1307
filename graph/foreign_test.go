package graph_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/graph/graphtest"
	"bursar/id"
)

// belongings are the ids of what an organization has, of every type.
type belongings map[id.Prefix]string

// budgetOfPolicy and rateOfPolicy name the limits of the policy among belongings.
const budgetOfPolicy, rateOfPolicy = id.Prefix("budget of a policy"), id.Prefix("rate limit of a policy")

// everything makes a tenant one of each thing.
func everything(a *graphtest.API) belongings {
	a.T.Helper()
	lease := leased(a) // before there is a policy, under which none is granted
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	rate := a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 1000, "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	event := a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 100}}).Text("recordUsage", "usageEvent", "id")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 1000}})
	webhook := createWebhookOf(a)
	policy := post(a, a.Admin, createPolicy, object{"input": extended(perUser(a.OrganizationID()), object{"mode": "SHADOW"})}) // else no lease is granted
	return belongings{
		id.Organization: a.OrganizationID(), id.Workspace: a.WorkspaceID(), id.APIKey: a.KeyID(), id.BudgetLimit: budget, id.RateLimit: rate,
		id.Member: id.Member.Format(a.Tenant.Member(a.Tenant.Organization.ID, "x@acme.test", db.MemberRoleMEMBER).ID), id.UsageEvent: event,
		id.AccessToken: a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "role": "VIEWER"}}).
			Text("createAccessToken", "accessToken", "id"),
		id.Reservation: a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}}).Text("reserveUsage", "reservation", "id"),
		id.Alert:       a.Run(a.Viewer, "Alerts", nil).Text("alerts", "edges", 0, "node", "id"),
		id.Price: a.Run(a.Admin, "SetPrice", object{"input": extended(priceInput("mine", "1", "2"), object{"organizationId": a.OrganizationID()})}).
			Text("setPrice", "price", "id"),
		id.Repricing: a.Run(a.Admin, "RepriceUsage", object{"input": object{"organizationId": a.OrganizationID(), "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}}).
			Text("repriceUsage", "repricing", "id"),
		id.Webhook: webhook, id.WebhookDelivery: post(a, a.Admin, testWebhook, object{"input": object{"id": webhook}}).Text("testWebhook", "delivery", "id"),
		id.RaiseRequest: requested(a), id.Lease: lease,
		id.Simulation:  a.Run(a.Admin, "SimulateLimits", object{"input": simulationInput(a.KeyID())}).Text("simulateLimits", "simulation", "id"),
		id.Policy:      policy.Text("createPolicy", "policy", "id"),
		budgetOfPolicy: policy.Text("createPolicy", "policy", "budgetLimits", 0, "id"),
		rateOfPolicy:   policy.Text("createPolicy", "policy", "rateLimits", 0, "id"),
		id.AuditEntry:  a.Run(a.Viewer, "AuditLog", nil).Text("auditLog", "edges", 0, "node", "id"),
	}
}

// requested is what a member has asked for: a raise of the budget.
func requested(a *graphtest.API) string {
	a.T.Helper()
	var request uuid.UUID
	err := a.Pool.QueryRow(a.T.Context(), `select r.id from limits l
		cross join lateral request_raise(l.organization_id, l.id, null, $2, 'TOKENS', 5, null, null) r
		where l.organization_id = $1 and l.kind = 'BUDGET' and l.type = 'TOKENS' order by l.id desc limit 1`, a.Tenant.Organization.ID, a.Tenant.Owner.ID).Scan(&request)
	if err != nil {
		a.T.Fatal(err)
	}
	return id.RaiseRequest.Format(request)
}

// call is an operation of the contract with things of the caller's own in every position of an id.
type call struct {
	operation string
	variables object
}

// calls are every operation of the contract that takes an id, in an order in which all succeed. One that takes either of two
// ids is there twice, and so is one that takes an id or a secret. The owner is a member who stays.
func calls(own belongings, secret, owner string) []call {
	period := object{"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
	with := func(more object) object {
		input := maps.Clone(period)
		maps.Copy(input, more)
		return input
	}
	budgets := func(amount int) []any { return []any{object{"id": own[id.BudgetLimit], "amount": amount}} }
	rates := func(limit int) []any { return []any{object{"id": own[id.RateLimit], "limit": limit}} }
	input := func(operation string, fields object) call { return call{operation, object{"input": fields}} }
	many := func(operation, list string, item object) call {
		return call{operation, object{"input": object{list: []any{item}}}}
	}
	return []call{
		{"ApiKey", object{"id": own[id.APIKey]}},
		{"ApiKeys", object{"filter": object{"ownerId": own[id.Workspace]}}},
		{"ApiKeys", object{"filter": object{"createdById": own[id.Member]}}},
		{"ApiKeysPage", object{"filter": object{"ownerId": own[id.Workspace], "createdById": own[id.Member]}}},
		{"Nodes", object{"ids": []any{own[id.APIKey]}}},
		{"Limits", object{"subjectId": own[id.APIKey]}},
		{"BudgetHistory", object{"id": own[id.BudgetLimit]}},
		{"Usage", object{"interval": "DAY", "filter": with(object{"subjectId": own[id.APIKey]})}},
		{"Usage", object{"interval": "DAY", "filter": with(object{"apiKeyIds": own[id.APIKey]})}},
		{"TopSpenders", object{"interval": "DAY", "top": 1, "filter": with(object{"subjectId": own[id.Workspace], "apiKeyIds": own[id.APIKey]})}},
		{"ApiKeys", object{"filter": object{"organizationId": own[id.Organization]}}},
		{"ApiKeysPage", object{"filter": object{"organizationId": own[id.Organization]}}},
		{"Alerts", object{"filter": object{"subjectId": own[id.APIKey]}}},
		{"Alerts", object{"filter": object{"organizationId": own[id.Organization]}}},
		{"AuditLog", object{"filter": object{"organizationId": own[id.Organization]}}},
		{"AuditLog", object{"filter": object{"targetId": own[id.APIKey]}}},
		{"AuditLog", object{"filter": object{"actorId": own[id.AccessToken]}}},
		{"AuditLog", object{"filter": object{"actorId": own[id.Member]}}},
		input("CheckUsage", object{"key": own[id.APIKey]}),
		input("ReserveUsage", object{"key": own[id.APIKey]}),
		input("RecordUsage", object{"key": own[id.APIKey], "inputTokens": 1}),
		input("CheckUsage", object{"secret": secret}),
		input("ReserveUsage", object{"secret": secret}),
		input("RecordUsage", object{"secret": secret, "inputTokens": 1}),
		input("ReportOutage", extended(outageInput(own[id.APIKey]), object{"requestId": "walk"})),
		input("ExtendReservation", object{"reservationId": own[id.Reservation], "ttlSeconds": 9}),
		input("RecordUsage", object{"reservationId": own[id.Reservation], "inputTokens": 1}),
		input("ReleaseReservation", object{"reservationId": own[id.Reservation]}),
		input("LeaseUsage", object{"key": own[id.APIKey]}),
		input("LeaseUsage", object{"secret": secret}),
		input("RecordUsage", object{"leaseId": own[id.Lease], "inputTokens": 1}),
		many("ReserveUsages", "requests", object{"key": own[id.APIKey]}),
		many("ReserveUsages", "requests", object{"secret": secret}),
		many("RecordUsages", "events", object{"key": own[id.APIKey], "inputTokens": 1}),
		many("RecordUsages", "events", object{"secret": secret, "inputTokens": 1}),
		many("RecordUsages", "events", object{"reservationId": own[id.Reservation], "inputTokens": 1}),
		many("RecordUsages", "events", object{"leaseId": own[id.Lease], "inputTokens": 1}),
		input("ReturnLease", object{"leaseId": own[id.Lease]}),
		input("CreateWorkspace", object{"organizationId": own[id.Organization], "name": "n"}),
		input("UpdateWorkspace", object{"id": own[id.Workspace], "name": "n"}),
		input("AddMember", object{"organizationId": own[id.Organization], "email": "n@acme.test", "role": "MEMBER"}),
		input("UpdateMember", object{"id": own[id.Member], "role": "ADMIN"}),
		input("CreateAccessToken", object{"organizationId": own[id.Organization], "name": "n", "role": "VIEWER", "memberId": own[id.Member]}),
		input("RevokeAccessToken", object{"id": own[id.AccessToken]}),
		input("CreateApiKey", object{"ownerId": own[id.Workspace], "name": "n", "createdById": own[id.Member]}),
		input("UpdateApiKey", object{"id": own[id.APIKey], "name": "n", "ownerId": own[id.Workspace], "budgetLimits": budgets(900), "rateLimits": rates(900)}),
		input("SaveApiKey", object{"id": own[id.APIKey], "ownerId": own[id.Workspace], "budgetLimits": budgets(901), "rateLimits": rates(901)}),
		input("SetLimits", object{"subjectId": own[id.APIKey], "budgetLimits": budgets(902), "rateLimits": rates(902)}),
		input("RotateApiKey", object{"id": own[id.APIKey]}),
		input("CreateBudgetLimit", object{"subjectId": own[id.Workspace], "type": "COST", "amount": 1}),
		input("UpdateBudgetLimit", object{"id": own[id.BudgetLimit], "amount": 7}),
		input("ResetBudgetLimit", object{"id": own[id.BudgetLimit]}),
		input("RaiseBudget", object{"id": own[id.BudgetLimit], "by": 5}),
		{"RaiseRequests", object{"organizationId": own[id.Organization]}},
		input("GrantRaise", object{"id": own[id.RaiseRequest]}),
		input("DeclineRaise", object{"id": own[id.RaiseRequest]}),
		input("CreateRateLimit", object{"subjectId": own[id.Organization], "type": "TOKENS", "limit": 1, "interval": "DAY"}),
		input("UpdateRateLimit", object{"id": own[id.RateLimit], "limit": 7}),
		input("AddRecipients", object{"subjectId": own[id.APIKey], "emails": []any{"n@acme.test"}}),
		input("RemoveRecipients", object{"subjectId": own[id.APIKey], "emails": []any{"n@acme.test"}}),
		{"Prices", object{"filter": object{"organizationId": own[id.Organization]}}},
		input("SetPrice", extended(priceInput("new", "1", "2"), object{"organizationId": own[id.Organization]})),
		input("PriceOf", object{"organizationId": own[id.Organization], "model": "mine", "usage": object{"inputTokens": 1}}),
		input("SetPriceMultiplier", object{"organizationId": own[id.Organization], "multiplier": "0.5"}),
		input("RepriceUsage", with(object{"organizationId": own[id.Organization]})),
		input("CancelSimulation", object{"id": own[id.Simulation]}),
		input("SimulateLimits", simulationInput(own[id.APIKey])),
		{"Simulations", object{"filter": object{"organizationId": own[id.Organization]}}},
		{"Simulations", object{"filter": object{"subjectId": own[id.APIKey]}}},
		input("CreatePolicy", object{"ownerId": own[id.Organization], "name": "n"}),
		input("UpdatePolicy", object{"id": own[id.Policy], "budgetLimits": []any{object{"id": own[budgetOfPolicy], "amount": 9}},
			"rateLimits": []any{object{"id": own[rateOfPolicy], "limit": 9}}}),
		{"Policy", object{"id": own[id.Policy]}},
		input("DeletePolicy", object{"id": own[id.Policy]}),
		input("DeleteBudgetLimit", object{"id": own[id.BudgetLimit]}),
		input("DeleteRateLimit", object{"id": own[id.RateLimit]}),
		input("RemoveMember", object{"id": own[id.Member], "keys": "TRANSFER", "transferTo": owner}),
		input("RevokeApiKey", object{"id": own[id.APIKey]}),
	}
}

// notForTenants are operations with an id that tenants' access tokens may not call at all: they are the operator's, or a member's.
var notForTenants = map[string]object{"UpdateOrganization": {}, "RequestRaise": {"by": 5}}

// Every operation of the contract is run with another organization's ids in every position of an id, all others right: the
// answer is NOT_FOUND, or the denial KEY_NOT_FOUND, and not a row of the database is different afterwards. With ids of the
// caller's own the same operations succeed.
func TestForeignIDs(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	other := *a
	other.Tenant = dbtest.NewTenant(t, a.Pool)
	other.Admin = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleADMIN)
	other.Viewer, other.Gateway = other.Admin, other.Admin
	own, foreign := everything(a), everything(&other)
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "enabled": true}}) // the token's first use is noted
	before := fingerprintOf(t, a)

	tried := 0
	covered := map[string][]string{}
	for _, c := range calls(own, a.Tenant.Secret.Text, a.OwnerID()) {
		for _, position := range positions(t, c.operation) {
			right, given := at(c.variables, position)
			if !given {
				continue
			}
			covered[c.operation] = append(covered[c.operation], position)
			for _, wrong := range foreignTo(own, foreign, other.Tenant.Secret.Text, position, right) {
				refusesForeign(a, c, position, wrong)
				tried++
				if after := fingerprintOf(t, a); after != before {
					t.Fatalf("%s with %s in %s changed something", c.operation, wrong, position)
				}
			}
		}
	}
	for _, operation := range operations(t) {
		for _, position := range positions(t, operation) {
			if notForTenants[operation] == nil && !slices.Contains(covered[operation], position) {
				t.Errorf("%s: no call of the test has an id in %s", operation, position)
			}
		}
	}
	if tried < 60 {
		t.Errorf("%d foreign ids were tried: the walk has missed some", tried)
	}
	for operation, more := range notForTenants {
		a.Refused(a.Admin, operation, object{"input": extended(object{"id": foreign[id.Organization]}, more)}, "FORBIDDEN", "")
	}
	if after := fingerprintOf(t, a); after != before {
		t.Fatal("something was changed")
	}
	for _, c := range calls(own, a.Tenant.Secret.Text, a.OwnerID()) {
		a.Run(a.Admin, c.operation, c.variables)
	}
}

// refusesForeign runs a call with a foreign id in one position.
func refusesForeign(a *graphtest.API, c call, position, wrong string) {
	a.T.Helper()
	result := a.Do(a.Admin, c.operation, put(c.variables, position, wrong))
	switch c.operation {
	case "CheckUsage":
		result.Equal("KEY_NOT_FOUND", "checkUsage", "denials", 0, "reason")
		result.Equal(nil, "checkUsage", "apiKeyId")
	case "LeaseUsage":
		result.Equal("KEY_NOT_FOUND", "leaseUsage", "decision", "denials", 0, "reason")
		result.Equal(nil, "leaseUsage", "lease")
	case "ReserveUsage":
		result.Equal("KEY_NOT_FOUND", "reserveUsage", "decision", "denials", 0, "reason")
		result.Equal(nil, "reserveUsage", "decision", "apiKeyId")
	case "ReserveUsages":
		result.Equal("KEY_NOT_FOUND", "reserveUsages", "answers", 0, "decision", "denials", 0, "reason")
	case "RecordUsages":
		result.Equal("NOT_FOUND", "recordUsages", "answers", 0, "error", "code")
		result.Equal(nil, "recordUsages", "answers", 0, "usageEvent")
	default:
		if len(result.Errors) != 1 || result.Errors[0].Extensions.Code != "NOT_FOUND" {
			a.T.Errorf("%s with %s in %s: want NOT_FOUND, got %+v with data %v", c.operation, wrong, position, result.Errors, result.Data)
		}
	}
}

// foreignTo returns the foreign ids that a position could take instead of the right one. Where there must be a secret, the key's own id is
// one of them.
func foreignTo(own, foreign belongings, secret, position, right string) []string {
	switch {
	case strings.HasSuffix(position, "secret"):
		return []string{foreign[id.APIKey], secret, own[id.APIKey]}
	case strings.HasSuffix(position, "key"):
		return []string{foreign[id.APIKey], secret}
	case position == "subjectId": // of the field node
		return slices.Collect(maps.Values(foreign))
	case strings.HasSuffix(position, "subjectId"):
		return []string{foreign[id.APIKey], foreign[id.Workspace], foreign[id.Organization]}
	case strings.HasSuffix(position, "ownerId"):
		return []string{foreign[id.Workspace], foreign[id.Organization]}
	case strings.HasSuffix(position, "targetId"):
		return []string{foreign[id.Organization], foreign[id.Workspace], foreign[id.Member], foreign[id.AccessToken], foreign[id.APIKey],
			foreign[id.BudgetLimit], foreign[id.RateLimit]}
	}
	prefix, _, _ := id.Parse(right)
	return []string{foreign[prefix]}
}

// operations returns the names of the contract's operations.
func operations(t testing.TB) (names []string) {
	t.Helper()
	_, parsed := graphtest.Contract(t)
	for _, operation := range parsed.Operations {
		names = append(names, operation.Name)
	}
	return names
}

// positions returns where the variables of an operation of the contract hold ids, by the schema: as input.ownerId. The key and the secret of a
// decision are such.
func positions(t testing.TB, operation string) (found []string) {
	t.Helper()
	_, parsed := graphtest.Contract(t)
	schema := graph.Schema()
	var visit func(name, path string)
	visit = func(name, path string) {
		definition := schema.Types[name]
		if name == "ID" || strings.HasSuffix(path, ".key") || strings.HasSuffix(path, ".secret") {
			found = append(found, path)
			return
		}
		if definition.Kind == ast.InputObject {
			for _, field := range definition.Fields {
				visit(field.Type.Name(), path+"."+field.Name)
			}
		}
	}
	for _, variable := range parsed.Operations.ForName(operation).VariableDefinitions {
		visit(variable.Type.Name(), variable.Variable)
	}
	return found
}

// at returns the text at a position of variables, and whether there is one.
func at(variables object, position string) (string, bool) {
	first, rest, nested := strings.Cut(position, ".")
	if list, isList := variables[first].([]any); isList && !nested {
		text, given := list[0].(string)
		return text, given
	}
	if !nested {
		text, given := variables[first].(string)
		return text, given
	}
	inner, _, given := innerOf(variables[first])
	if !given {
		return "", false
	}
	return at(inner, rest)
}

// innerOf returns the object that a value is, or the first of the list that it is, and how to make such a value of another object.
func innerOf(value any) (inner object, wrap func(object) any, given bool) {
	if list, isList := value.([]any); isList && len(list) > 0 {
		inner, given = list[0].(object)
		return inner, func(o object) any { return append([]any{o}, list[1:]...) }, given
	}
	inner, given = value.(object)
	return inner, func(o object) any { return o }, given
}

// put returns variables with another text at a position.
func put(variables object, position, text string) object {
	changed := maps.Clone(variables)
	if first, rest, nested := strings.Cut(position, "."); nested {
		inner, wrap, _ := innerOf(variables[first])
		changed[first] = wrap(put(inner, rest, text))
	} else if _, isList := variables[first].([]any); isList {
		changed[first] = []any{text}
	} else {
		changed[first] = text
	}
	return changed
}

// fingerprintOf returns a text that changes with any row of any table of organizations but denial_counts, which the server writes seconds
// after it has denied requests. Rows are hashed as they are stored: to write and sort them as texts takes five times as long.
func fingerprintOf(t testing.TB, a *graphtest.API) (sum string) {
	t.Helper()
	const each = `select coalesce(string_agg(format($$select '%1$s ' || count(*) || ' ' || coalesce(sum(hash_record_extended(r, 0)), 0) as x from %1$s r$$, c.oid::regclass), ' union all '), '')
		from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'denial_counts'
		and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end)`
	var statement string
	if err := a.Pool.QueryRow(t.Context(), each).Scan(&statement); err != nil {
		t.Fatal(err)
	}
	if err := a.Pool.QueryRow(t.Context(), `select string_agg(x, ' ' order by x) from (`+statement+`) t`).Scan(&sum); err != nil {
		t.Fatal(err)
	}
	return sum
}
