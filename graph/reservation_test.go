package graph_test

import (
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const (
	listReservations = `query($filter: ReservationFilter, $first: Int, $after: String) {
		reservations(filter: $filter, first: $first, after: $after) {
			totalCount pageInfo { hasNextPage endCursor }
			edges { cursor node { id status apiKeyId requestId requests tokens cost admittedAt expiresAt } } } }`
	releaseReservations = `mutation($input: ReleaseReservationsInput!) {
		releaseReservations(input: $input) { apiKey { id status } released { reservations tokens cost remaining } } }`
	setHoldBounds = `mutation($input: SetHoldBoundsInput!) {
		setHoldBounds(input: $input) { organization { id keyHoldPercent keyHoldSeconds } } }`
)

func post(a *graphtest.API, token, query string, variables object) *graphtest.Answer {
	a.T.Helper()
	return a.Post(token, object{"query": query, "variables": variables})
}

// newKey returns the external id of a new key of the organization itself.
func newKey(a *graphtest.API) string {
	a.T.Helper()
	key, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, nil)
	return id.APIKey.Format(key.ID)
}

// What keys hold is listed newest first, in pages, of one key, of a workspace's keys or of all, and only while it is held. Another
// organization's is not there, and neither is its key.
func TestReservationsAreListed(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	own := newKey(a)
	reserve := func(key, requestID string, tokens int) string {
		return a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": key, "requestId": requestID, "estimate": object{"tokens": tokens, "cost": "0.5"}}}).
			Text("reserveUsage", "reservation", "id")
	}
	first, second, third := reserve(a.KeyID(), "a", 1), reserve(own, "b", 2), reserve(a.KeyID(), "c", 3)
	settled, released := reserve(a.KeyID(), "d", 4), reserve(a.KeyID(), "e", 5)
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": settled}})
	a.Run(a.Gateway, "ReleaseReservation", object{"input": object{"reservationId": released}})

	for name, c := range map[string]struct {
		filter any
		want   []string
	}{
		"all":               {nil, []string{third, second, first}},
		"empty":             {object{"apiKeyId": "", "ownerId": ""}, []string{third, second, first}},
		"a key's":           {object{"apiKeyId": a.KeyID()}, []string{third, first}},
		"a workspace's":     {object{"ownerId": a.WorkspaceID()}, []string{third, first}},
		"an organization's": {object{"ownerId": a.OrganizationID()}, []string{third, second, first}},
	} {
		answer := post(a, a.Viewer, listReservations, object{"filter": c.filter})
		answer.Equal(len(c.want), "reservations", "totalCount")
		for i, want := range c.want {
			if got := answer.Text("reservations", "edges", i, "node", "id"); got != want {
				t.Errorf("%s: reservation %d is %s, want %s", name, i, got, want)
			}
		}
	}
	page := post(a, a.Viewer, listReservations, object{"first": 2})
	page.Equal(true, "reservations", "pageInfo", "hasNextPage")
	rest := post(a, a.Viewer, listReservations, object{"first": 2, "after": page.Text("reservations", "pageInfo", "endCursor")})
	rest.Equal(first, "reservations", "edges", 0, "node", "id")
	rest.Equal("HELD", "reservations", "edges", 0, "node", "status")
	rest.Equal(a.KeyID(), "reservations", "edges", 0, "node", "apiKeyId")
	rest.Equal("a", "reservations", "edges", 0, "node", "requestId")
	rest.Equal("0.5", "reservations", "edges", 0, "node", "cost")
	rest.Equal(false, "reservations", "pageInfo", "hasNextPage")

	post(a, graphtest.RootToken, listReservations, object{"filter": object{"ownerId": a.OrganizationID()}}).Equal(3, "reservations", "totalCount")
	refusedQuery(a, graphtest.RootToken, listReservations, object{}, "BAD_USER_INPUT")
	refusedQuery(a, a.Viewer, listReservations, object{"filter": object{"apiKeyId": a.KeyID(), "ownerId": a.WorkspaceID()}}, "BAD_USER_INPUT")
	other := dbtest.NewTenant(t, a.Pool)
	stranger := other.AccessToken(other.Organization.ID, db.TokenRoleADMIN)
	post(a, stranger, listReservations, object{}).Equal(0, "reservations", "totalCount")
	for _, filter := range []object{{"apiKeyId": a.KeyID()}, {"ownerId": a.WorkspaceID()}, {"ownerId": a.OrganizationID()}} {
		refusedQuery(a, stranger, listReservations, object{"filter": filter}, "NOT_FOUND")
	}

	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "enabled": false}})
	post(a, a.Viewer, listReservations, object{"filter": object{"apiKeyId": a.KeyID()}}).Equal(0, "reservations", "totalCount")
	post(a, a.Viewer, listReservations, object{}).Equal(second, "reservations", "edges", 0, "node", "id")
}

func refusedQuery(a *graphtest.API, token, query string, variables object, code string) {
	a.T.Helper()
	answer := post(a, token, query, variables)
	if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != code {
		a.T.Errorf("%v: %+v, want %s", variables, answer.Errors, code)
	}
}

// Disabling, revoking, an expiry and a member's removal with their keys give back what the keys hold in the mutation itself, for whoever
// may do it; switching a key on again brings nothing back.
func TestMutationsGiveHoldsBack(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.OrganizationID(), "type": "TOKENS", "amount": 100}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	reserved := func() string {
		return post(a, a.Viewer, `query($id: ID!) { node(id: $id) { ... on BudgetLimit { reserved } } }`, object{"id": budget}).Text("node", "reserved")
	}
	member := a.Tenant.Member(a.Tenant.Organization.ID, "ada@acme.test", db.MemberRoleMEMBER)
	for name, end := range map[string]func(key string){
		"disabled": func(key string) {
			a.Run(a.Tenant.BoundToken(member, db.TokenRoleOWNER), "UpdateApiKey", object{"input": object{"id": key, "enabled": false}})
		},
		"revoked": func(key string) { a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": key}}) },
		"expired": func(key string) {
			a.Run(graphtest.RootToken, "UpdateApiKey", object{"input": object{"id": key, "expiresAt": "2026-01-01T00:00:00Z"}})
		},
		"released": func(key string) { post(a, a.Admin, releaseReservations, object{"input": object{"apiKeyId": key}}) },
	} {
		made, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, &member.ID)
		key := id.APIKey.Format(made.ID)
		held := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": key, "estimate": object{"tokens": 100}}}).Text("reserveUsage", "reservation", "id")
		end(key)
		if got := reserved(); got != "0" {
			t.Errorf("%s: %s reserved", name, got)
		}
		a.Refused(a.Gateway, "ExtendReservation", object{"input": object{"reservationId": held, "ttlSeconds": 60}}, "RESERVATION_CLOSED", "")
		if name != "revoked" {
			a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": key, "enabled": true, "expiresAt": nil}})
		}
		if got := reserved(); got != "0" {
			t.Errorf("%s: %s reserved after it was switched on", name, got)
		}
		a.Run(a.Gateway, "ReleaseReservation", object{"input": object{"reservationId": held}}).Equal("EXPIRED", "releaseReservation", "reservation", "status")
	}
	made, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, &member.ID)
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": id.APIKey.Format(made.ID), "estimate": object{"tokens": 100}}})
	a.Run(a.Admin, "RemoveMember", object{"input": object{"id": id.Member.Format(member.ID), "keys": "DISABLE"}})
	if got := reserved(); got != "0" {
		t.Errorf("%s reserved after the member was removed", got)
	}
}

// releaseReservations answers how many reservations it has ended and what was given back, and writes that to the audit log; the key goes on
// working. What it used is booked all the same. Without anything to release nothing is written.
func TestReleaseReservations(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for range 3 {
		a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 7, "cost": "0.25"}}})
	}
	held := post(a, a.Viewer, listReservations, object{}).Text("reservations", "edges", 0, "node", "id")
	answer := post(a, a.Admin, releaseReservations, object{"input": object{"apiKeyId": a.KeyID()}})
	answer.Equal("ACTIVE", "releaseReservations", "apiKey", "status")
	for field, want := range map[string]any{"reservations": 3, "tokens": 21, "cost": "0.75", "remaining": 0} {
		answer.Equal(want, "releaseReservations", "released", field)
	}
	post(a, a.Admin, releaseReservations, object{"input": object{"apiKeyId": a.KeyID()}}).Equal(0, "releaseReservations", "released", "reservations")
	entries := post(a, a.Viewer, `{ auditLog(filter: {action: "releaseReservations"}) { edges { node { actor targetId before after requestId } } } }`, nil)
	entries.Equal(a.KeyID(), "auditLog", "edges", 0, "node", "targetId")
	entries.Equal("21", "auditLog", "edges", 0, "node", "after", "releasedTokens")
	entries.Equal("0.75", "auditLog", "edges", 0, "node", "after", "releasedCost")
	entries.Equal(3, "auditLog", "edges", 0, "node", "after", "releasedReservations")
	if more := entries.Get("auditLog", "edges"); len(more.([]any)) != 1 {
		t.Errorf("entries %v", more)
	}
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": held, "inputTokens": 9}}).Equal(9, "recordUsage", "usageEvent", "tokens")
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}}).Equal(true, "reserveUsage", "decision", "allowed")
	refusedQuery(a, a.Admin, releaseReservations, object{"input": object{"apiKeyId": id.APIKey.Format(a.Tenant.Organization.ID)}}, "NOT_FOUND")
}

// setHoldBounds bounds what each key may hold, of how much and for how long; what is not given is not bounded any more. A denial names the
// budget of which the key may hold a share, and answers 429.
func TestHoldBounds(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.WorkspaceID(), "type": "COST", "amount": "10"}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	bounds := func(fields object) *graphtest.Answer {
		fields["organizationId"] = a.OrganizationID()
		return post(a, a.Admin, setHoldBounds, object{"input": fields})
	}
	bounds(object{"keyPercent": 25, "keySeconds": 300}).Equal(25, "setHoldBounds", "organization", "keyHoldPercent")
	decision := func(cost string) *graphtest.Answer {
		return a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"cost": cost}}})
	}
	denied := decision("2.6")
	denied.Equal(429, "reserveUsage", "decision", "httpStatus")
	denied.Equal("HOLDS_EXCEEDED", "reserveUsage", "decision", "denials", 0, "reason")
	denied.Equal(budget, "reserveUsage", "decision", "denials", 0, "limitId")
	denied.Equal(nil, "reserveUsage", "decision", "retryAfterSeconds")
	a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"cost": "2.6"}}}).Equal(429, "checkUsage", "httpStatus")
	decision("2.5").Equal(true, "reserveUsage", "decision", "allowed")
	cleared := bounds(object{})
	cleared.Equal(nil, "setHoldBounds", "organization", "keyHoldPercent")
	cleared.Equal(nil, "setHoldBounds", "organization", "keyHoldSeconds")
	decision("2.6").Equal(true, "reserveUsage", "decision", "allowed")
	for _, wrong := range []object{{"keyPercent": 0}, {"keyPercent": 101}, {"keySeconds": 0}, {"keySeconds": 86401}} {
		if answer := bounds(wrong); len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("%v: %+v", wrong, answer.Errors)
		}
	}
	other := dbtest.NewTenant(t, a.Pool)
	refusedQuery(a, other.AccessToken(other.Organization.ID, db.TokenRoleADMIN), setHoldBounds,
		object{"input": object{"organizationId": a.OrganizationID(), "keySeconds": 1}}, "NOT_FOUND")
}
