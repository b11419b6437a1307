package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/api"
	"bursar/auth"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/graph/graphtest"
	"bursar/id"
)

// roleTokens are tokens of every role, "" without one. The owner, the admin and the member have tokens that are bound to
// them.
type roleTokens struct {
	*graphtest.API
	tokens        map[string]string
	admin, member *db.Member
}

func newRoleTokens(t testing.TB) *roleTokens {
	t.Helper()
	return roleTokensOf(newAPI(t))
}

func roleTokensOf(a *graphtest.API) *roleTokens {
	a.T.Helper()
	member := a.Tenant.Member(a.Tenant.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
	admin := a.Tenant.Member(a.Tenant.Organization.ID, "admin@acme.test", db.MemberRoleADMIN)
	return &roleTokens{API: a, admin: admin, member: member, tokens: map[string]string{
		"ROOT": graphtest.RootToken, "VIEWER": a.Viewer, "GATEWAY": a.Gateway, "": "",
		"OWNER":  a.Tenant.BoundToken(a.Tenant.Owner, db.TokenRoleOWNER),
		"ADMIN":  a.Tenant.BoundToken(admin, db.TokenRoleOWNER),
		"MEMBER": a.Tenant.BoundToken(member, db.TokenRoleOWNER),
	}}
}

// Every field with @auth, of Query, Mutation and other types, is run by every role and without a token: the roles that it
// names are answered, those that may act on their own keys are answered about these and FORBIDDEN about others', all the
// rest is FORBIDDEN and changes nothing, and without a token it is UNAUTHENTICATED. People who sign in at an issuer are
// answered as the access tokens that are as much as they are.
func TestEveryCellOfTheMatrix(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "runs every field as every role")
	provider := ssotest.New(t)
	r, cells := roleTokensOf(kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)})), 0
	people := map[string]string{
		"OWNER":  provider.SignIn(ssotest.Portal, r.Tenant.Owner.Email, true),
		"ADMIN":  provider.SignIn(ssotest.Portal, r.admin.Email, true),
		"MEMBER": provider.SignIn(ssotest.Portal, r.member.Email, true),
	}
	schema := graph.Schema()
	for typeName, definition := range schema.Types {
		for _, field := range definition.Fields {
			directive := field.Directives.ForName("auth")
			if directive == nil {
				continue
			}
			var refusals []matrixCall
			for role, token := range r.tokens {
				cells++
				refusals = append(refusals, r.cell(typeName, field, role, token, directive)...)
				if person := people[role]; person != "" {
					refusals = append(refusals, r.cell(typeName, field, role, person, directive)...)
				}
			}
			before := fingerprintOf(t, r.API)
			for _, refusal := range refusals {
				r.run(refusal)
			}
			if fingerprintOf(t, r.API) != before {
				t.Errorf("one of those who were refused %s.%s changed something", typeName, field.Name)
			}
		}
	}
	if cells < 7*48 {
		t.Errorf("%d cells were run, want those of 48 fields at least: has a field lost its @auth?", cells)
	}
}

// matrixCall is a request with the code that it must be answered with, "" for none.
type matrixCall struct {
	name, token, code string
	body              object
}

// send sends a call.
func (r *roleTokens) send(c matrixCall) *graphtest.Answer {
	r.T.Helper()
	encoded, err := json.Marshal(c.body)
	if err != nil {
		r.T.Fatal(err)
	}
	// people are members of several organizations once they have accepted an invitation; tokens ignore the header
	return r.SendWith(http.MethodPost, "", c.token, encoded, http.Header{"Bursar-Organization": {r.Tenant.Organization.Slug}})
}

// run sends a call and checks the answer's code.
func (r *roleTokens) run(c matrixCall) {
	r.T.Helper()
	answer := r.send(c)
	got := ""
	for _, e := range answer.Errors {
		got += e.Extensions.Code
	}
	if got != c.code {
		r.T.Errorf("%s: %q, want %q: %+v", c.name, got, c.code, answer.Errors)
	}
}

// cell runs one field as one role, and returns the calls that are to be refused. They change nothing, which takes a while to find out.
func (r *roleTokens) cell(typeName string, field *ast.FieldDefinition, role, token string, directive *ast.Directive) (refusals []matrixCall) {
	r.T.Helper()
	name := fmt.Sprintf("%s.%s as %q", typeName, field.Name, role)
	run := func(creator *db.Member, code string) {
		r.T.Helper()
		c := matrixCall{name, token, code, r.request(typeName, field, role, creator)}
		if code == "" {
			r.run(c)
			return
		}
		refusals = append(refusals, c)
	}
	switch {
	case role == "":
		run(r.member, "UNAUTHENTICATED")
	case names(directive, "roles", role) && isGiven(directive, "signedIn") && auth.IsSecret(token, auth.AccessTokenPrefix):
		run(r.member, "FORBIDDEN")
	case names(directive, "roles", role):
		run(r.member, "")
	case names(directive, "own", role):
		run(r.member, "")
		if field.Name != "apiKeys" && field.Name != "alertDeliveries" && field.Name != "raiseRequests" && field.Name != "limitDenials" { // which leave out what is others'
			run(r.Tenant.Owner, "FORBIDDEN")
		}
	default:
		run(r.member, "FORBIDDEN")
	}
	return refusals
}

// isGiven tells whether an argument of a directive is true.
func isGiven(directive *ast.Directive, argument string) bool {
	given := directive.Arguments.ForName(argument)
	return given != nil && given.Value.Raw == "true"
}

func names(directive *ast.Directive, argument, role string) bool {
	given := directive.Arguments.ForName(argument)
	return given != nil && slices.ContainsFunc(given.Value.Children, func(c *ast.ChildValue) bool { return c.Value.Raw == role })
}

// request returns an operation that succeeds if the role may call the field, on things of its own. What it is about belongs
// to an API key that a member created.
func (r *roleTokens) request(typeName string, field *ast.FieldDefinition, role string, creator *db.Member) object {
	r.T.Helper()
	selection := " { __typename }"
	if kind := graph.Schema().Types[field.Type.Name()].Kind; kind == ast.Scalar || kind == ast.Enum { // and lists of these
		selection = ""
	}
	if typeName == "Reservation" || typeName == "UsageEvent" {
		key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &creator.ID)
		node := r.Run(r.Gateway, "ReserveUsage", object{"input": object{"key": id.APIKey.Format(key.ID)}}).Text("reserveUsage", "reservation", "id")
		if typeName == "UsageEvent" {
			node = r.Run(r.Gateway, "RecordUsage", object{"input": object{"reservationId": node}}).Text("recordUsage", "usageEvent", "id")
		}
		return object{"query": fmt.Sprintf("{ node(id: %q) { ... on %s { %s%s } } }", node, typeName, field.Name, selection)}
	}
	if typeName == "Alert" {
		return object{"query": fmt.Sprintf("{ node(id: %q) { ... on Alert { %s%s } } }", r.alert(creator), field.Name, selection)}
	}
	if typeName == "Webhook" {
		return object{"query": fmt.Sprintf("{ node(id: %q) { ... on Webhook { %s%s } } }", r.hook(), field.Name, selection)}
	}
	if typeName != "Query" && typeName != "Mutation" {
		if role == "ROOT" { // whose viewer has no organization
			return object{"query": fmt.Sprintf("{ node(id: %q) { ... on %s { %s%s } } }", r.OrganizationID(), typeName, field.Name, selection)}
		}
		return object{"query": fmt.Sprintf("{ viewer { organization { %s%s } } }", field.Name, selection)}
	}
	arguments, isKnown := r.arguments(creator, role)[field.Name]
	if !isKnown {
		r.T.Fatalf("%s.%s: say in arguments how it is called", typeName, field.Name)
	}
	var declared, passed []string
	variables := arguments()
	for _, argument := range field.Arguments {
		if _, given := variables[argument.Name]; given {
			declared = append(declared, fmt.Sprintf("$%s: %s", argument.Name, argument.Type))
			passed = append(passed, fmt.Sprintf("%s: $%s", argument.Name, argument.Name))
		}
	}
	call := field.Name + selection
	if len(passed) > 0 {
		call = fmt.Sprintf("(%s) { %s(%s)%s }", strings.Join(declared, ", "), field.Name, strings.Join(passed, ", "), selection)
	} else {
		call = "{ " + call + " }"
	}
	return object{"query": strings.ToLower(typeName) + call, "variables": variables}
}

// hook returns the id of a webhook of the organization, which has as many as it likes.
func (r *roleTokens) hook() string {
	r.T.Helper()
	post(r.API, graphtest.RootToken, `mutation($input: SetOrganizationQuotasInput!) { setOrganizationQuotas(input: $input) { organization { id } } }`,
		object{"input": object{"organizationId": r.OrganizationID(), "quotas": []any{object{"name": "WEBHOOKS", "maximum": 1000}}}})
	return createWebhookOf(r.API)
}

// alert returns the id of an alert about an API key that a member created.
func (r *roleTokens) alert(creator *db.Member) string {
	r.T.Helper()
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, &r.Tenant.Workspace.ID, &creator.ID)
	about := id.APIKey.Format(key.ID)
	r.Run(r.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": about, "type": "TOKENS", "amount": 10}})
	r.Run(r.Gateway, "RecordUsage", object{"input": object{"key": about, "inputTokens": 10}})
	return r.Run(r.Admin, "Alerts", object{"filter": object{"subjectId": about}}).Text("alerts", "edges", 0, "node", "id")
}

// policy creates a policy in SHADOW, which keeps no lease from being granted, and returns its id and that of its budget. The organization has as
// many as it likes.
func (r *roleTokens) policy() (policy, budget string) {
	r.T.Helper()
	post(r.API, graphtest.RootToken, `mutation($input: SetOrganizationQuotasInput!) { setOrganizationQuotas(input: $input) { organization { id } } }`,
		object{"input": object{"organizationId": r.OrganizationID(), "quotas": []any{object{"name": "POLICIES", "maximum": 1000}}}})
	made := post(r.API, r.Admin, createPolicy, object{"input": extended(perUser(r.OrganizationID()), object{"mode": "SHADOW"})})
	return made.Text("createPolicy", "policy", "id"), made.Text("createPolicy", "policy", "budgetLimits", 0, "id")
}

// arguments returns how each field of Query and Mutation is called; what is about the caller's own memberships is about those of the
// person in the role.
func (r *roleTokens) arguments(creator *db.Member, role string) map[string]func() object {
	organization := r.Tenant.Organization.ID
	key := func() string {
		key, _ := r.Tenant.Factory.Key(organization, &r.Tenant.Workspace.ID, &creator.ID)
		return id.APIKey.Format(key.ID)
	}
	unique := func() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }
	other := func() string {
		return id.Member.Format(r.Tenant.Member(organization, unique()+"@acme.test", db.MemberRoleMEMBER).ID)
	}
	budget := func() string {
		return r.Run(r.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": key(), "type": "TOKENS", "amount": 10}}).
			Text("createBudgetLimit", "budgetLimit", "id")
	}
	rate := func() string {
		return r.Run(r.Admin, "CreateRateLimit", object{"input": object{"subjectId": key(), "type": "TOKENS", "limit": 10, "interval": "DAY"}}).
			Text("createRateLimit", "rateLimit", "id")
	}
	price := func(model string) string {
		return r.Run(r.Admin, "SetPrice", object{"input": extended(priceInput(model, "1", "2"), object{"organizationId": r.OrganizationID()})}).
			Text("setPrice", "price", "id")
	}
	held := func() string {
		return r.Run(r.Gateway, "ReserveUsage", object{"input": object{"key": key()}}).Text("reserveUsage", "reservation", "id")
	}
	token := func() string {
		return r.Run(r.Admin, "CreateAccessToken", object{"input": object{"organizationId": r.OrganizationID(), "name": "x", "role": "VIEWER"}}).
			Text("createAccessToken", "accessToken", "id")
	}
	alert := func() string { return r.alert(creator) }
	person := map[string]*db.Member{"OWNER": r.Tenant.Owner, "ADMIN": r.admin}[role]
	if person == nil {
		person = r.member
	}
	elsewhere := func(status db.MemberStatus) func() object { // an organization with the person
		return func() object {
			other := r.Tenant.Factory.Organization(db.PlanFREE)
			r.Tenant.MemberIn(other.ID, person.Email, status)
			return object{"input": object{"organizationId": other.ExternalID()}}
		}
	}
	input := func(with func() object) func() object { return func() object { return object{"input": with()} } }
	nothing := func() object { return object{} }
	return map[string]func() object{
		"viewer": nothing, "prices": nothing, "repricings": nothing, "simulations": nothing, "jobs": nothing, "organizations": nothing, "auditLog": nothing, "apiKeys": nothing, "alertDeliveries": nothing,
		"raiseRequests": func() object { return object{"organizationId": r.OrganizationID()} },
		"raiseBudget":   input(func() object { return object{"id": budget(), "by": 5} }),
		"requestRaise":  input(func() object { return object{"id": budget(), "by": 5} }),
		"grantRaise":    input(func() object { budget(); return object{"id": requested(r.API)} }),
		"declineRaise":  input(func() object { budget(); return object{"id": requested(r.API)} }),
		"reservations":  func() object { return object{"filter": object{"apiKeyId": key()}} },
		"usageEvents":   func() object { return object{"filter": object{"apiKeyId": key()}} },
		"denials":       func() object { return object{"filter": object{"apiKeyId": key()}} },
		"limitDenials": func() object {
			return object{"limitIds": []any{budget()}, "from": time.Now().Add(-time.Hour).Format(time.RFC3339)}
		},
		"node":   func() object { return object{"id": key()} },
		"nodes":  func() object { return object{"ids": []any{key()}} },
		"apiKey": func() object { return object{"id": key()} },
		"alerts": func() object { return object{"filter": object{"subjectId": key()}} },
		"usage": func() object {
			return object{"interval": "DAY", "filter": object{"subjectId": key(), "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}}
		},
		"checkUsage": input(func() object { return object{"key": key()} }),

		"setPrice": input(func() object {
			return extended(priceInput(unique(), "1", "2"), object{"organizationId": r.OrganizationID()})
		}),
		"setEstimatePolicy": input(func() object { return object{"subjectId": r.OrganizationID(), "policy": "SHARE", "percent": 10} }),
		"setUnpricedPolicy": input(func() object { return object{"organizationId": r.OrganizationID(), "policy": "ALLOW_UNPRICED"} }),
		"endPrice":          input(func() object { return object{"id": price(unique())} }),
		"previewAlerts": input(func() object {
			return object{"subjectId": key(), "budgetLimit": object{"type": "TOKENS", "amount": 10}}
		}),
		"priceOf": input(func() object {
			model := unique()
			price(model)
			return object{"organizationId": r.OrganizationID(), "model": model, "usage": object{}}
		}),
		"setPriceMultiplier": input(func() object {
			return object{"organizationId": r.OrganizationID(), "provider": unique(), "multiplier": "0.5"}
		}),

		"repriceUsage": input(func() object {
			return object{"organizationId": r.OrganizationID(), "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}
		}),

		"simulateLimits": input(func() object { r.endSimulations(); return simulationInput(r.OrganizationID()) }),
		"cancelSimulation": input(func() object {
			r.endSimulations()
			return object{"id": r.Run(r.Admin, "SimulateLimits", object{"input": simulationInput(r.OrganizationID())}).Text("simulateLimits", "simulation", "id")}
		}),

		"createPolicy": input(func() object {
			r.policy()
			return extended(perUser(r.OrganizationID()), object{"mode": "SHADOW"})
		}),
		"updatePolicy": input(func() object {
			policy, _ := r.policy()
			return object{"id": policy, "name": unique()}
		}),
		"deletePolicy": input(func() object {
			policy, _ := r.policy()
			return object{"id": policy}
		}),
		"setPolicyOverride": input(func() object {
			policy, budget := r.policy()
			return object{"policyId": policy, "limitId": budget, "amount": "5", "values": []any{object{"attribute": "metadata.user", "value": unique()}}}
		}),

		"reportOutage": input(func() object { return outageInput(key()) }),
		"createWebhook": input(func() object {
			return object{"ownerId": r.OrganizationID(), "name": "n", "url": "https://example.com"}
		}),
		"updateWebhook":       input(func() object { return object{"id": r.hook(), "name": unique()} }),
		"deleteWebhook":       input(func() object { return object{"id": r.hook()} }),
		"rotateWebhookSecret": input(func() object { return object{"id": r.hook()} }),
		"testWebhook":         input(func() object { return object{"id": r.hook()} }),
		"resendWebhookDelivery": input(func() object {
			return object{"id": post(r.API, r.Admin, testWebhook, object{"input": object{"id": r.hook()}}).Text("testWebhook", "delivery", "id")}
		}),
		"setLeasePolicy": input(func() object {
			return object{"organizationId": r.OrganizationID(), "allowed": true, "ttlSecondsMost": 20}
		}),
		"setHoldBounds":       input(func() object { return object{"organizationId": r.OrganizationID(), "keySeconds": 60} }),
		"releaseReservations": input(func() object { return object{"apiKeyId": key()} }),

		"createOrganization": input(func() object { return object{"name": "x", "slug": unique()} }),
		"updateOrganization": input(func() object { return object{"id": r.OrganizationID(), "name": unique()} }),
		"setOrganizationQuotas": input(func() object {
			return object{"organizationId": r.OrganizationID(), "quotas": []any{object{"name": "MEMBERS", "maximum": 900}}}
		}),
		"createWorkspace": input(func() object { return object{"organizationId": r.OrganizationID(), "name": unique()} }),
		"updateWorkspace": input(func() object {
			return object{"id": id.Workspace.Format(r.Tenant.Factory.Workspace(organization).ID), "name": unique()}
		}),
		"deleteWorkspace": input(func() object { return object{"id": id.Workspace.Format(r.Tenant.Factory.Workspace(organization).ID)} }),
		"addMember": input(func() object {
			return object{"organizationId": r.OrganizationID(), "email": unique() + "@acme.test", "role": "MEMBER"}
		}),
		"updateMember":      input(func() object { return object{"id": other(), "role": "ADMIN"} }),
		"removeMember":      input(func() object { return object{"id": other()} }),
		"memberCredentials": func() object { return object{"id": other()} },
		"acceptMembership":  elsewhere(db.MemberStatusINVITED),
		"declineMembership": elsewhere(db.MemberStatusINVITED),
		"leaveOrganization": elsewhere(db.MemberStatusACTIVE),
		"createAccessToken": input(func() object { return object{"organizationId": r.OrganizationID(), "name": "x", "role": "ADMIN"} }),
		"revokeAccessToken": input(func() object { return object{"id": token()} }),

		"createApiKey": input(func() object {
			return object{"ownerId": r.WorkspaceID(), "name": "x", "createdById": id.Member.Format(creator.ID)}
		}),
		"updateApiKey": input(func() object { return object{"id": key(), "enabled": false} }),
		"rotateApiKey": input(func() object { return object{"id": key()} }),
		"revokeApiKey": input(func() object { return object{"id": key()} }),

		"createBudgetLimit": input(func() object { return object{"subjectId": key(), "type": "COST", "amount": 1} }),
		"updateBudgetLimit": input(func() object { return object{"id": budget(), "amount": 11} }),
		"deleteBudgetLimit": input(func() object { return object{"id": budget()} }),
		"resetBudgetLimit":  input(func() object { return object{"id": budget()} }),
		"createRateLimit":   input(func() object { return object{"subjectId": key(), "type": "TOKENS", "limit": 1, "interval": "DAY"} }),
		"updateRateLimit":   input(func() object { return object{"id": rate(), "limit": 11} }),
		"deleteRateLimit":   input(func() object { return object{"id": rate()} }),
		"setLimits": input(func() object {
			return object{"subjectId": key(), "rateLimits": []any{object{"type": "TOKENS", "limit": 1, "interval": "DAY"}}}
		}),
		"addRecipients": input(func() object { return object{"subjectId": key(), "emails": []any{"x@x.test"}} }),
		"setRecipientDomains": input(func() object {
			return object{"organizationId": r.OrganizationID(), "domains": []any{unique() + ".test", "x.test"}}
		}),
		"resendAlert":      input(func() object { return object{"id": alert()} }),
		"removeRecipients": input(func() object { return object{"subjectId": key(), "emails": []any{"x@x.test"}} }),

		"reserveUsage":       input(func() object { return object{"key": key()} }),
		"recordUsage":        input(func() object { return object{"key": key(), "inputTokens": 1} }),
		"reserveUsages":      input(func() object { return object{"requests": []any{object{"key": key()}}} }),
		"recordUsages":       input(func() object { return object{"events": []any{object{"key": key(), "inputTokens": 1}}} }),
		"releaseReservation": input(func() object { return object{"reservationId": held()} }),
		"extendReservation":  input(func() object { return object{"reservationId": held(), "ttlSeconds": 9} }),
		"leaseUsage":         input(func() object { return object{"key": key()} }),
		"returnLease":        input(func() object { return object{"leaseId": leased(r.API)} }),
	}
}

// A gateway's token reaches nothing but decisions, what it reserved and recorded, and who it is, whatever path a document
// takes through the schema.
func TestWhatGatewaysReach(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	reached := map[string]bool{}
	var visit func(*ast.Definition)
	visit = func(definition *ast.Definition) {
		if reached[definition.Name] || len(definition.Fields) == 0 || definition.BuiltIn {
			return
		}
		reached[definition.Name] = true
		for _, field := range definition.Fields {
			auth := field.Directives.ForName("auth")
			if auth == nil && (definition == schema.Query || definition == schema.Mutation) {
				continue // introspection
			}
			if auth == nil || names(auth, "roles", "GATEWAY") {
				visit(schema.Types[field.Type.Name()])
			}
		}
	}
	visit(schema.Query)
	visit(schema.Mutation)
	var got []string
	for name := range reached {
		got = append(got, name)
	}
	slices.Sort(got)
	want := []string{"ExtendReservationPayload", "Lease", "LeaseGrant", "LeaseUsagePayload", "LimitStatus", "Member", "Membership", "MembershipOrganization", "Mutation", "Organization",
		"PolicyGroupReference", "PolicyGroupValue", "Query", "RecordUsageAnswer", "RecordUsagePayload", "RecordUsagesPayload", "ReleaseReservationPayload", "ReportOutagePayload",
		"Reservation", "ReserveUsageAnswer", "ReserveUsagePayload", "ReserveUsagesPayload", "ReturnLeasePayload", "UsageDecision", "UsageDenial", "UsageError", "UsageEvent", "Viewer"}
	if !slices.Equal(got, want) {
		t.Errorf("gateways reach %v, want %v", got, want)
	}
}
