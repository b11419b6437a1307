package graph_test

import (
	"testing"

	"bursar/api"
	"bursar/auth/sso/ssotest"
	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/graph/graphtest"
)

// decidedAnyway are the mutations that are answered although the organization is moved, and why.
func decidedAnyway() map[string]string {
	return map[string]string{
		"createOrganization": "makes another organization",
		"reserveUsages":      "answers each request alone: all of them with UNAVAILABLE",
		"recordUsages":       "answers each event alone: all of them with UNAVAILABLE",
	}
}

// Guarantee: while an organization is moved, every mutation and check of it is UNAVAILABLE, for its people, its gateways and the operator alike, and
// changes nothing. So is each call of a batch; and each is answered when the organization is here again. Whatever is new in the schema is among them, or is named in decidedAnyway.
func TestMutationsOfMovedOrganizationsAreUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "runs every mutation, and waits a second for each refusal of enforcement")
	graphtest.OneDatabase(t, "with several, calls wait until their time is over for the database that decides")
	provider := ssotest.New(t)
	r := roleTokensOf(kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)}))
	person := provider.SignIn(ssotest.Portal, r.Tenant.Owner.Email, true)
	var calls []matrixCall
	for _, typeName := range []string{"Mutation", "Query"} {
		for _, field := range graph.Schema().Types[typeName].Fields {
			directive := field.Directives.ForName("auth")
			if directive == nil || decidedAnyway()[field.Name] != "" || typeName == "Query" && field.Directives.ForName("enforcement") == nil {
				continue
			}
			for _, role := range []string{"OWNER", "GATEWAY", "ROOT"} {
				token := r.tokens[role]
				if isGiven(directive, "signedIn") && role == "OWNER" {
					token = person
				} else if isGiven(directive, "signedIn") {
					continue
				}
				if names(directive, "roles", role) {
					calls = append(calls, matrixCall{field.Name + " as " + role, token, "UNAVAILABLE", r.request(typeName, field, role, r.member)})
				}
			}
		}
	}
	if len(calls) < 100 {
		t.Fatalf("%d calls", len(calls))
	}
	r.reside("LEAVING")
	before := fingerprintOf(t, r.API)
	for _, c := range calls {
		answer := r.send(c)
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != c.code {
			t.Errorf("%s: %+v, want %s", c.name, answer.Errors, c.code)
		}
		if after := fingerprintOf(t, r.API); after != before {
			t.Errorf("%s has changed something", c.name)
			before = after
		}
	}
	for _, answer := range []*graphtest.Answer{
		r.Run(r.Gateway, "ReserveUsages", object{"input": object{"requests": []any{object{"key": r.KeyID()}, object{"key": r.KeyID()}}}}),
		r.Run(r.Gateway, "RecordUsages", object{"input": object{"events": []any{object{"key": r.KeyID(), "inputTokens": 1}, object{"key": r.KeyID()}}}}),
	} {
		for field := range answer.Data {
			answer.Equal("UNAVAILABLE", field, "answers", 0, "error", "code")
			answer.Equal("UNAVAILABLE", field, "answers", 1, "error", "code")
		}
	}
	if fingerprintOf(t, r.API) != before {
		t.Error("a batch has changed something")
	}
	r.reside("HERE")
	for _, c := range calls {
		if errors := r.send(c).Errors; len(errors) > 0 && errors[0].Extensions.Code == "UNAVAILABLE" {
			t.Errorf("%s afterwards: %+v", c.name, errors)
		}
	}
}

// reside sets the residence of all organizations, as the operator does: a person is a member of several.
func (r *roleTokens) reside(residence string) {
	r.T.Helper()
	if _, err := r.Pool.Exec(r.T.Context(), `select set_residence(id, $1) from organizations`, residence); err != nil {
		r.T.Fatal(err)
	}
}
