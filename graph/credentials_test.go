package graph_test

import (
	"maps"
	"slices"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const (
	credentialFields = `accessTokens { id createdBy { id removedAt } } accessTokenCount apiKeys { id } apiKeyCount`
	credentials      = `query($id: ID!) { memberCredentials(id: $id) { ` + credentialFields + ` } }`
	removal          = `mutation($input: RemoveMemberInput!) { removeMember(input: $input) { member { email } remaining { ` + credentialFields + ` } } }`
)

// held are the ids of an answer's tokens and keys.
func held(answer *graphtest.Answer, path ...any) (ids []string) {
	for _, list := range []string{"accessTokens", "apiKeys"} {
		for _, one := range answer.Get(append(slices.Clone(path), list)...).([]any) {
			ids = append(ids, one.(object)["id"].(string))
		}
	}
	slices.Sort(ids)
	return ids
}

// same fails the test unless both have the same ids.
func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// token creates an access token, and returns it and its id.
func token(a *graphtest.API, by, role string, member any) (secret, tokenID string) {
	a.T.Helper()
	made := a.Run(by, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "role": role, "memberId": member}})
	return made.Text("createAccessToken", "secret"), made.Text("createAccessToken", "accessToken", "id")
}

func apiKey(a *graphtest.API, by string, more object) string {
	a.T.Helper()
	input := object{"ownerId": a.WorkspaceID(), "name": "x"}
	maps.Copy(input, more)
	return a.Run(by, "CreateApiKey", object{"input": input}).Text("createApiKey", "apiKey", "id")
}

// What a member made or was shown that works without them is listed before their removal and after it: tokens that are not bound to
// them, also those that such a token made, also where that one is revoked; keys that they created, made for others, or rotated. What
// others made, what is bound to them, what does not work, and what another member's token made is not.
func TestCredentialsOfAMember(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	leaver := a.Tenant.Member(a.Tenant.Organization.ID, "leaver@acme.test", db.MemberRoleADMIN)
	stayer := a.Tenant.Member(a.Tenant.Organization.ID, "stayer@acme.test", db.MemberRoleADMIN)
	leaverID, stayerID := id.Member.Format(leaver.ID), id.Member.Format(stayer.ID)
	session := a.Tenant.BoundToken(leaver, db.TokenRoleOWNER)

	first, firstID := token(a, session, "ADMIN", nil)
	second, secondID := token(a, first, "ADMIN", nil)
	a.Run(a.Admin, "RevokeAccessToken", object{"input": object{"id": firstID}})
	_, third := token(a, second, "GATEWAY", nil)
	stayers, stayersID := token(a, session, "ADMIN", stayerID)
	token(a, session, "ADMIN", leaverID) // bound to them: revoked with them
	token(a, stayers, "VIEWER", nil)     // the stayer's
	token(a, a.Admin, "VIEWER", nil)     // nobody's
	token(a, graphtest.RootToken, "VIEWER", nil)
	a.Run(session, "RevokeAccessToken", object{"input": object{"id": func() string { _, gone := token(a, session, "VIEWER", nil); return gone }()}})

	own, forStayer, bySecond := apiKey(a, session, nil), apiKey(a, session, object{"createdById": stayerID}), apiKey(a, second, nil)
	rotated := a.KeyID()
	a.Run(session, "RotateApiKey", object{"input": object{"id": rotated}})
	again := apiKey(a, a.Admin, nil)
	a.Run(session, "RotateApiKey", object{"input": object{"id": again}})
	a.Run(a.Admin, "RotateApiKey", object{"input": object{"id": again, "transitionSeconds": 0}}) // their secret is over
	apiKey(a, stayers, nil)
	apiKey(a, a.Admin, nil)
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": apiKey(a, session, nil)}})
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": apiKey(a, session, nil), "enabled": false}})

	want := []string{secondID, third, stayersID, own, forStayer, bySecond, rotated}
	list := a.Post(a.Admin, object{"query": credentials, "variables": object{"id": leaverID}})
	same(t, "before", held(list, "memberCredentials"), want...)
	list.Equal(3, "memberCredentials", "accessTokenCount")
	list.Equal(4, "memberCredentials", "apiKeyCount")
	removed := a.Post(a.Admin, object{"query": removal, "variables": object{"input": object{"id": leaverID}}})
	same(t, "removed", held(removed, "removeMember", "remaining"), want...)
	after := a.Post(a.Admin, object{"query": credentials, "variables": object{"id": leaverID}})
	same(t, "after", held(after, "memberCredentials"), want...)

	for _, tokens := range after.Get("memberCredentials", "accessTokens").([]any) {
		creator, _ := tokens.(object)["createdBy"].(object)
		if made := tokens.(object)["id"] == stayersID; made != (creator != nil && creator["id"] == leaverID && creator["removedAt"] != nil) {
			t.Errorf("%v", tokens) // of the tokens that go on, they created that one themselves
		}
	}
	a.Run(second, "Viewer", nil) // it works
	a.Refused(session, "Viewer", nil, "UNAUTHENTICATED", "")
}

// removeMember revokes with tokens: REVOKE the tokens that the member made, however many stand between, and with keys: REVOKE or DISABLE
// the keys that they created; what is left is in the answer. Without them all of it stays, as before. Others' things are not touched.
func TestRemovalTakesCredentialsAway(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	others, othersID := token(a, a.Admin, "ADMIN", nil)
	for _, c := range []struct {
		email, keyStatus string
		input            object
		tokenWorks       bool
	}{
		{"a@acme.test", "ACTIVE", object{}, true},
		{"b@acme.test", "ACTIVE", object{"tokens": "KEEP", "keys": "KEEP"}, true},
		{"c@acme.test", "ACTIVE", object{"tokens": nil, "keys": nil}, true},
		{"d@acme.test", "ACTIVE", object{"tokens": "REVOKE"}, false},
		{"e@acme.test", "DISABLED", object{"tokens": "REVOKE", "keys": "DISABLE"}, false},
		{"f@acme.test", "REVOKED", object{"tokens": "REVOKE", "keys": "REVOKE"}, false},
		{"g@acme.test", "ACTIVE", object{"tokens": "REVOKE", "keys": "TRANSFER", "transferTo": a.OwnerID()}, false},
	} {
		member := a.Tenant.Member(a.Tenant.Organization.ID, c.email, db.MemberRoleADMIN)
		session := a.Tenant.BoundToken(member, db.TokenRoleOWNER)
		first, firstID := token(a, session, "ADMIN", nil)
		second, secondID := token(a, first, "GATEWAY", nil)
		key := apiKey(a, session, nil)
		c.input["id"] = id.Member.Format(member.ID)
		removed := a.Post(a.Admin, object{"query": removal, "variables": object{"input": c.input}})
		want := []string{}
		if c.tokenWorks {
			want = append(want, firstID, secondID)
		}
		if c.keyStatus == "ACTIVE" {
			want = append(want, key)
		}
		same(t, c.email, held(removed, "removeMember", "remaining"), want...)
		a.Run(a.Admin, "ApiKey", object{"id": key}).Equal(c.keyStatus, "apiKey", "status")
		for _, made := range []string{first, second} {
			if answer := a.Do(made, "Viewer", nil); (len(answer.Errors) == 0) != c.tokenWorks {
				t.Errorf("%s: %+v", c.email, answer.Errors)
			}
		}
		check := a.Do(second, "CheckUsage", object{"input": object{"key": a.KeyID()}})
		if (len(check.Errors) == 0) != c.tokenWorks {
			t.Errorf("%s: a gateway's call: %+v", c.email, check.Errors)
		}
		a.Refused(session, "Viewer", nil, "UNAUTHENTICATED", "")
		a.Run(others, "Viewer", nil)
	}
	a.Run(a.Admin, "Limits", object{"subjectId": othersID})
}

// Another organization's member is NOT_FOUND, and the operator sees everybody's. A token that was made before Bursar kept makers, or by
// the operator, has none.
func TestCredentialsAreTheTenants(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := dbtest.NewTenant(t, a.Pool)
	foreign := id.Member.Format(other.Owner.ID)
	ask := func(token, member string) *graphtest.Answer {
		return a.Post(token, object{"query": credentials, "variables": object{"id": member}})
	}
	for _, member := range []string{foreign, "mem_00000000000000000000000000000000"} {
		ask(a.Admin, member).Must("NOT_FOUND", "id")
	}
	ask(a.Admin, a.KeyID()).Must("BAD_USER_INPUT", "id")
	same(t, "root", held(ask(graphtest.RootToken, foreign), "memberCredentials"), id.APIKey.Format(other.Key.ID))
	_, made := token(a, graphtest.RootToken, "VIEWER", nil)
	node := a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { ... on AccessToken { createdBy { id } } } }`, "variables": object{"id": made}})
	node.Equal(nil, "node", "createdBy")
}
