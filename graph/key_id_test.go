package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"bursar/auth"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// newGateway creates a GATEWAY token through the API, with more in the input, and returns its secret.
func newGateway(a *graphtest.API, more object) string {
	a.T.Helper()
	input := object{"organizationId": a.OrganizationID(), "name": "gateway", "role": "GATEWAY"}
	maps.Copy(input, more)
	return a.Run(a.Admin, "CreateAccessToken", object{"input": input}).Text("createAccessToken", "secret")
}

// namesNoKey fails the test unless an input names no API key: 401 from checkUsage and reserveUsage, NOT_FOUND from recordUsage, and
// nothing changed. It returns what the first denial and the error say.
func namesNoKey(a *graphtest.API, token string, input object) (denial, refusal string) {
	a.T.Helper()
	before := fingerprintOf(a.T, a)
	check := a.Run(token, "CheckUsage", object{"input": input})
	for path, answer := range map[string]*graphtest.Answer{"": check, "decision": a.Run(token, "ReserveUsage", object{"input": input})} {
		at := func(last ...any) []any {
			if path == "" {
				return append([]any{"checkUsage"}, last...)
			}
			return append([]any{"reserveUsage", path}, last...)
		}
		answer.Equal(false, at("allowed")...)
		answer.Equal(401, at("httpStatus")...)
		answer.Equal(nil, at("apiKeyId")...)
		answer.Equal("KEY_NOT_FOUND", at("denials", 0, "reason")...)
	}
	record := a.Do(token, "RecordUsage", object{"input": input})
	if len(record.Errors) != 1 || record.Errors[0].Extensions.Code != "NOT_FOUND" {
		a.T.Fatalf("%v: %+v", input, record.Errors)
	}
	if fingerprintOf(a.T, a) != before {
		a.T.Fatalf("%v changed something", input)
	}
	return check.Text("checkUsage", "denials", 0, "message"), record.Errors[0].Message
}

// An API key's id does not work as its secret: as `secret` it is never read as an id, whoever sends it, and as `key` a new GATEWAY
// token takes no id, whether there is such a key or not, also after its secret was rotated away. The answer says what to do.
func TestKeyIDIsNoSecret(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	gateway := newGateway(a, nil)
	unknown := "key_" + strings.Repeat("0", 32)
	works := func(token string, input object) {
		t.Helper()
		a.Run(token, "CheckUsage", object{"input": input}).Equal(true, "checkUsage", "allowed")
		a.Run(token, "ReserveUsage", object{"input": input}).Equal(a.KeyID(), "reserveUsage", "decision", "apiKeyId")
		a.Run(token, "RecordUsage", object{"input": input}).Equal(false, "recordUsage", "replayed")
	}
	for _, token := range []string{gateway, a.Gateway, a.Admin, graphtest.RootToken} {
		works(token, object{"secret": a.Tenant.Secret.Text})
		works(token, object{"key": a.Tenant.Secret.Text})
		namesNoKey(a, token, object{"secret": a.KeyID()})
		namesNoKey(a, token, object{"secret": unknown})
	}
	told := func() {
		t.Helper()
		denial, refusal := namesNoKey(a, gateway, object{"key": a.KeyID()})
		for _, text := range []string{denial, refusal} {
			if !strings.Contains(text, "secret") || !strings.Contains(text, "acceptsKeyIds") {
				t.Errorf("%q does not say what to do", text)
			}
		}
		if otherDenial, otherRefusal := namesNoKey(a, gateway, object{"key": unknown}); otherDenial != denial || otherRefusal != refusal {
			t.Errorf("%q and %q tell whether there is such a key: %q and %q", denial, refusal, otherDenial, otherRefusal)
		}
		if denial, _ := namesNoKey(a, gateway, object{"key": "bsr_unknown"}); strings.Contains(denial, "acceptsKeyIds") {
			t.Errorf("%q is about an id", denial)
		}
	}
	told()
	rotated := a.Run(a.Admin, "RotateApiKey", object{"input": object{"id": a.KeyID(), "transitionSeconds": 0}}).Text("rotateApiKey", "secret")
	told()
	namesNoKey(a, gateway, object{"secret": a.Tenant.Secret.Text})
	works(gateway, object{"secret": rotated})
}

// Exactly one of `key` and `secret` names the key, and with reservationId exactly one of the three; anything else is BAD_USER_INPUT about a
// field, beside what else is wrong, and changes nothing. An empty text, which some clients send for what is not set, gives way to the other.
func TestKeyOrSecret(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	secret := a.Tenant.Secret.Text
	reservation := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"secret": secret}}).Text("reserveUsage", "reservation", "id")
	before := fingerprintOf(t, a)
	for _, operation := range []string{"CheckUsage", "ReserveUsage"} {
		for _, input := range []object{{}, {"key": nil, "secret": nil}, {"key": secret, "secret": secret}, {"key": a.KeyID(), "secret": secret}, {"key": "x", "secret": "x"}} {
			a.Refused(a.Gateway, operation, object{"input": input}, "BAD_USER_INPUT", "secret")
		}
	}
	for _, input := range []object{
		{}, {"key": nil, "secret": nil, "reservationId": nil}, {"secret": ""}, {"key": "", "secret": "", "reservationId": ""},
		{"reservationId": reservation, "secret": secret}, {"reservationId": reservation, "key": secret},
		{"reservationId": reservation, "key": secret, "secret": secret},
	} {
		a.Refused(a.Gateway, "RecordUsage", object{"input": input}, "BAD_USER_INPUT", "reservationId")
	}
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"key": secret, "secret": secret}}, "BAD_USER_INPUT", "secret")
	both := a.Do(a.Gateway, "ReserveUsage", object{"input": object{"key": secret, "secret": secret, "ttlSeconds": 0}})
	if len(both.Errors) != 2 || both.Errors[0].Extensions.Field != "secret" || both.Errors[1].Extensions.Field != "ttlSeconds" {
		t.Errorf("errors: %+v", both.Errors)
	}
	if fingerprintOf(t, a) != before {
		t.Error("something was changed")
	}
	for _, input := range []object{{"key": "", "secret": secret}, {"key": secret, "secret": ""}, {"key": nil, "secret": secret}} {
		a.Run(a.Gateway, "CheckUsage", object{"input": input}).Equal(true, "checkUsage", "allowed")
		input["reservationId"] = ""
		a.Run(a.Gateway, "RecordUsage", object{"input": input})
	}
	for _, input := range []object{{"key": ""}, {"secret": ""}, {"key": "", "secret": ""}} {
		a.Run(a.Gateway, "CheckUsage", object{"input": input}).Equal("KEY_NOT_FOUND", "checkUsage", "denials", 0, "reason")
	}
}

// A retry may present the secret where the first attempt named the key by its id, and the other way round: it is the same request.
func TestRetryWithSecretInsteadOfID(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i, inputs := range [][2]object{
		{{"key": a.KeyID()}, {"secret": a.Tenant.Secret.Text}},
		{{"secret": a.Tenant.Secret.Text}, {"key": a.KeyID()}},
	} {
		for replayed, input := range inputs {
			input["requestId"] = fmt.Sprint("request ", i)
			a.Run(a.Gateway, "ReserveUsage", object{"input": input}).Equal(replayed == 1, "reserveUsage", "replayed")
			a.Run(a.Gateway, "RecordUsage", object{"input": input}).Equal(replayed == 1, "recordUsage", "replayed")
		}
	}
}

// Whether a token takes ids is said when it is created: GATEWAY tokens do not unless asked for, others do unless asked not to. Tokens
// that were made before, and by servers of the last release, do. It is as true of tokens that are bound to a member as of others.
func TestAcceptsKeyIDs(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const create = `mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret accessToken { id acceptsKeyIds } } }`
	for _, c := range []struct {
		role  string
		given any
		want  bool
	}{
		{"GATEWAY", nil, false}, {"GATEWAY", false, false}, {"GATEWAY", true, true},
		{"ADMIN", nil, true}, {"ADMIN", false, false}, {"VIEWER", nil, true}, {"VIEWER", false, false}, {"OWNER", nil, true}, {"OWNER", false, false},
	} {
		for _, member := range []any{nil, a.OwnerID()} {
			if c.role == "OWNER" && member == nil {
				continue // belongs to a member
			}
			made := mutate(a, graphtest.RootToken, create, object{"organizationId": a.OrganizationID(), "name": "x", "role": c.role,
				"memberId": member, "acceptsKeyIds": c.given})
			made.Equal(c.want, "createAccessToken", "accessToken", "acceptsKeyIds")
			read := object{"query": `query($id: ID!) { node(id: $id) { ... on AccessToken { acceptsKeyIds } } }`,
				"variables": object{"id": made.Text("createAccessToken", "accessToken", "id")}}
			a.Post(a.Admin, read).Equal(c.want, "node", "acceptsKeyIds")
			for range 2 { // looked up, and cached
				a.Run(made.Text("createAccessToken", "secret"), "CheckUsage", object{"input": object{"key": a.KeyID()}}).
					Equal(c.want, "checkUsage", "allowed")
			}
		}
	}

	old := auth.NewSecret(auth.AccessTokenPrefix)
	if _, err := a.Pool.Exec(t.Context(), `insert into access_tokens (organization_id, name, role, prefix, token_hash) values ($1, 'old', $2, $3, $4)`,
		a.Tenant.Organization.ID, db.TokenRoleGATEWAY, old.Prefix, old.Hash); err != nil {
		t.Fatal(err)
	}
	a.Run(old.Text, "ReserveUsage", object{"input": object{"key": a.KeyID()}}).Equal(true, "reserveUsage", "decision", "allowed")
}
