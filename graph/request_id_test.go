package graph_test

import (
	"strings"
	"sync"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// The documents of clients that send request ids.
const (
	rotateOnce = `mutation($input: RotateApiKeyInput!) {
		rotateApiKey(input: $input) { secret secretPrefix transitionEndsAt replayed message apiKey { id prefix status } } }`
	createKeyOnce = `mutation($input: CreateApiKeyInput!) {
		createApiKey(input: $input) { secret secretPrefix replayed message apiKey { id name prefix budgetLimits { amount } recipients { email } } } }`
	createTokenOnce = `mutation($input: CreateAccessTokenInput!) {
		createAccessToken(input: $input) { secret replayed message accessToken { id name role prefix } } }`
	createWorkspaceOnce = `mutation($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { replayed workspace { id name slug } } }`
)

// mutate runs a document with an input.
func mutate(a *graphtest.API, token, document string, input object) *graphtest.Answer {
	a.T.Helper()
	return a.Post(token, object{"query": document, "variables": object{"input": input}})
}

// works tells whether a secret names a key that is allowed.
func works(a *graphtest.API, secret string) bool {
	a.T.Helper()
	return a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": secret}}).Get("checkUsage", "allowed") == true
}

// A rotation that is repeated because its answer was lost does nothing twice: the secret that everybody uses goes on working, as
// does the one that was lost, and the answer says that it cannot be shown again, and what to do.
func TestRepeatedRotationEndsNothing(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	used := a.Tenant.Secret
	input := object{"id": a.KeyID(), "requestId": "rotation 1", "expectedPrefix": used.Prefix}
	lost := mutate(a, a.Admin, rotateOnce, input)
	lost.Equal(false, "rotateApiKey", "replayed")
	lost.Equal(nil, "rotateApiKey", "message")
	prefix := lost.Text("rotateApiKey", "secretPrefix")
	if secret := lost.Text("rotateApiKey", "secret"); !strings.HasPrefix(secret, prefix) || !works(a, secret) {
		t.Errorf("the prefix of %s is %s", secret, prefix)
	}
	for range 3 {
		before := fingerprintOf(t, a)
		again := mutate(a, a.Admin, rotateOnce, input)
		again.Equal(true, "rotateApiKey", "replayed")
		again.Equal(nil, "rotateApiKey", "secret")
		again.Equal(prefix, "rotateApiKey", "secretPrefix")
		again.Equal(a.KeyID(), "rotateApiKey", "apiKey", "id")
		again.Equal(lost.Text("rotateApiKey", "transitionEndsAt"), "rotateApiKey", "transitionEndsAt")
		if message := again.Text("rotateApiKey", "message"); !strings.Contains(message, "secretLost") || !strings.Contains(message, prefix) {
			t.Errorf("%q does not say what to do", message)
		}
		if fingerprintOf(t, a) != before {
			t.Error("a repeated call changed something")
		}
		if !works(a, used.Text) {
			t.Fatal("the secret in use was ended")
		}
	}

	// What the sentence says to do: the secret in use goes on working, the lost one ends. Its answer may be lost, too.
	replacement := object{"id": a.KeyID(), "requestId": "rotation 2", "expectedPrefix": prefix, "secretLost": true}
	second := mutate(a, a.Admin, rotateOnce, replacement)
	mutate(a, a.Admin, rotateOnce, replacement).Equal(true, "rotateApiKey", "replayed")
	replacement["requestId"], replacement["expectedPrefix"] = "rotation 3", second.Text("rotateApiKey", "secretPrefix")
	third := mutate(a, a.Admin, rotateOnce, replacement)
	for secret, want := range map[string]bool{
		used.Text: true, lost.Text("rotateApiKey", "secret"): false, second.Text("rotateApiKey", "secret"): false, third.Text("rotateApiKey", "secret"): true,
	} {
		if works(a, secret) != want {
			t.Errorf("works: %t, want %t", !want, want)
		}
	}

	// Later repeats of the first call say that the secret has been replaced since.
	again := mutate(a, a.Admin, rotateOnce, input)
	again.Equal(prefix, "rotateApiKey", "secretPrefix")
	again.Equal(third.Text("rotateApiKey", "secretPrefix"), "rotateApiKey", "apiKey", "prefix")
	if message := again.Text("rotateApiKey", "message"); !strings.Contains(message, "rotated since") {
		t.Errorf("%q does not say that there is another secret", message)
	}
}

// A rotation that is based on another secret than the current one is refused and ends nothing: the way of clients without request
// ids to repeat one.
func TestExpectedPrefix(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	used := a.Tenant.Secret
	input := object{"id": a.KeyID(), "expectedPrefix": used.Prefix}
	fresh := mutate(a, a.Admin, rotateOnce, input).Text("rotateApiKey", "secret")
	before := fingerprintOf(t, a)
	mutate(a, a.Admin, rotateOnce, input).Must("CONFLICT", "expectedPrefix")
	input["requestId"] = "r"
	mutate(a, a.Admin, rotateOnce, input).Must("CONFLICT", "expectedPrefix")
	if fingerprintOf(t, a) != before {
		t.Error("a refused rotation changed something")
	}
	if !works(a, used.Text) || !works(a, fresh) {
		t.Error("a refused rotation ended a secret")
	}
	input["expectedPrefix"] = fresh[:10]
	mutate(a, a.Admin, rotateOnce, input).Equal(false, "rotateApiKey", "replayed") // the id of a refused call is free

	for field, wrong := range map[string]object{
		"expectedPrefix":    {"secretLost": true},
		"requestId":         {"requestId": strings.Repeat("x", 256)},
		"transitionSeconds": {"transitionSeconds": 604801, "requestId": "x"},
	} {
		wrong["id"] = a.KeyID()
		mutate(a, a.Admin, rotateOnce, wrong).Must("BAD_USER_INPUT", field)
	}
	for _, prefix := range []string{"", " ", "\x00", fresh, strings.Repeat("x", 201)} {
		mutate(a, a.Admin, rotateOnce, object{"id": a.KeyID(), "expectedPrefix": prefix}).Must("BAD_USER_INPUT", "expectedPrefix")
	}
	for _, requestID := range []string{"", " ", "\x00", fresh} {
		mutate(a, a.Admin, rotateOnce, object{"id": a.KeyID(), "requestId": requestID}).Must("BAD_USER_INPUT", "requestId")
	}
}

// Of many rotations that start from the same secret at once one takes effect, the others are refused or replayed; two secrets work.
func TestConcurrentRotations(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	second := *a
	second.URL = kit.Start(t, a.Pool)
	for _, requestID := range []any{nil, "rotation"} {
		prefix := a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}).Text("apiKey", "prefix")
		var callers sync.WaitGroup
		secrets := make(chan any, 20)
		for i := range cap(secrets) {
			callers.Go(func() {
				answer := mutate([]*graphtest.API{a, &second}[i%2], a.Admin, rotateOnce,
					object{"id": a.KeyID(), "expectedPrefix": prefix, "requestId": requestID, "transitionSeconds": 600})
				switch {
				case len(answer.Errors) > 0 && (requestID != nil || answer.Errors[0].Extensions.Code != "CONFLICT"):
					t.Errorf("%+v", answer.Errors)
				case len(answer.Errors) == 0:
					secrets <- answer.Get("rotateApiKey", "secret")
				}
			})
		}
		callers.Wait()
		close(secrets)
		var shown []string
		for secret := range secrets {
			if text, ok := secret.(string); ok {
				shown = append(shown, text)
			}
		}
		if len(shown) != 1 || !works(a, shown[0]) {
			t.Errorf("with requestId %v %d secrets were shown", requestID, len(shown))
		}
	}
}

// What creates something does so once for a request id: repeated with the same contents it answers what was made then, without its
// secret; with other contents, or as another mutation, it is IDEMPOTENCY_MISMATCH. Other organizations have request ids of their own.
func TestRepeatedCreationCreatesOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.Tenant = dbtest.NewTenant(t, a.Pool)
	other.Admin = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleADMIN)
	for _, c := range []struct {
		document, field, object string
		input                   func(a *graphtest.API) object
		hasSecret               bool
	}{
		{createKeyOnce, "createApiKey", "apiKey", func(a *graphtest.API) object {
			return object{"ownerId": a.WorkspaceID(), "name": "x", "recipients": []any{"x@acme.test"}, "expiresAt": "2100-01-01T00:00:00Z",
				"budgetLimits": []any{object{"type": "COST", "amount": "5"}}}
		}, true},
		{createTokenOnce, "createAccessToken", "accessToken", func(a *graphtest.API) object {
			return object{"organizationId": a.OrganizationID(), "name": "x", "role": "VIEWER"}
		}, true},
		{createWorkspaceOnce, "createWorkspace", "workspace", func(a *graphtest.API) object {
			return object{"organizationId": a.OrganizationID(), "name": "!"} // whose slug is random
		}, false},
	} {
		input := c.input(a)
		input["requestId"] = c.field
		first := mutate(a, a.Admin, c.document, input)
		first.Equal(false, c.field, "replayed")
		before := fingerprintOf(t, a)
		for _, token := range []string{a.Admin, graphtest.RootToken} {
			again := mutate(a, token, c.document, input)
			again.Equal(true, c.field, "replayed")
			again.Equal(first.Get(c.field, c.object), c.field, c.object)
			if c.hasSecret {
				again.Equal(nil, c.field, "secret")
				if message := again.Text(c.field, "message"); !strings.Contains(message, "cannot be shown again") {
					t.Errorf("%s: %q", c.field, message)
				}
			}
		}
		input["name"] = "y"
		mutate(a, a.Admin, c.document, input).Must("IDEMPOTENCY_MISMATCH", "")
		mutate(a, a.Admin, rotateOnce, object{"id": a.KeyID(), "requestId": c.field}).Must("IDEMPOTENCY_MISMATCH", "")
		if fingerprintOf(t, a) != before {
			t.Errorf("%s: a repeated call changed something", c.field)
		}
		foreign := c.input(&other)
		foreign["requestId"] = c.field
		mutate(&other, other.Admin, c.document, foreign).Equal(false, c.field, "replayed")
		foreign["name"] = "y"
		mutate(&other, graphtest.RootToken, c.document, foreign).Must("IDEMPOTENCY_MISMATCH", "")
	}
}

// A key whose creation was answered to nobody is given a secret by the way that its repeated creation names; a MEMBER is not answered
// what another made.
func TestLostCreation(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	input := object{"ownerId": r.WorkspaceID(), "name": "x", "requestId": "r"}
	lost := mutate(r.API, r.tokens["MEMBER"], createKeyOnce, input)
	again := mutate(r.API, r.tokens["MEMBER"], createKeyOnce, input)
	again.Equal(lost.Text("createApiKey", "secretPrefix"), "createApiKey", "secretPrefix")
	found := mutate(r.API, r.tokens["MEMBER"], rotateOnce, object{"id": again.Text("createApiKey", "apiKey", "id"), "requestId": "s", "secretLost": true,
		"expectedPrefix": again.Text("createApiKey", "secretPrefix")})
	if works(r.API, lost.Text("createApiKey", "secret")) || !works(r.API, found.Text("rotateApiKey", "secret")) {
		t.Error("the lost secret works, or the new one does not")
	}
	second := r.Tenant.Member(r.Tenant.Organization.ID, "second@acme.test", db.MemberRoleMEMBER)
	stranger := r.Tenant.BoundToken(second, db.TokenRoleOWNER)
	mutate(r.API, stranger, createKeyOnce, input).Must("IDEMPOTENCY_MISMATCH", "")
	input["createdById"] = id.Member.Format(r.member.ID)
	mutate(r.API, stranger, createKeyOnce, input).Must("FORBIDDEN", "")
	mutate(r.API, stranger, rotateOnce, object{"id": again.Text("createApiKey", "apiKey", "id"), "requestId": "s"}).Must("FORBIDDEN", "")
}
