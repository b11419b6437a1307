package graph_test

import (
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const keyWithCreator = `query($id: ID!) { apiKey(id: $id) { status disabledByAdministrator createdBy { id email name role removedAt } } }`

// creations are a member with a key of theirs, and one that was revoked.
func creations(a *graphtest.API, email string) (member, key, revoked string) {
	a.T.Helper()
	person := a.Tenant.Member(a.Tenant.Organization.ID, email, db.MemberRoleMEMBER)
	made, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, &person.ID)
	old, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, &person.ID)
	revoked = id.APIKey.Format(old.ID)
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": revoked}})
	return id.Member.Format(person.ID), id.APIKey.Format(made.ID), revoked
}

func creatorOf(a *graphtest.API, key string) *graphtest.Answer {
	a.T.Helper()
	return a.Post(a.Admin, object{"query": keyWithCreator, "variables": object{"id": key}})
}

// The keys of a member who is removed stay, are switched off, or become another member's, as whoever removes them says. Revoked ones
// stay as they are. Who created a key that stays can still be read, and node finds them.
func TestRemovedMembersKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	heir := a.Tenant.Member(a.Tenant.Organization.ID, "heir@acme.test", db.MemberRoleMEMBER)
	for _, c := range []struct {
		email, status, creator string
		input                  object
		byAdministrator        bool
	}{
		{"a@acme.test", "ACTIVE", "a@acme.test", object{}, false},
		{"b@acme.test", "ACTIVE", "b@acme.test", object{"keys": nil, "transferTo": nil}, false},
		{"c@acme.test", "ACTIVE", "c@acme.test", object{"keys": "KEEP"}, false},
		{"d@acme.test", "DISABLED", "d@acme.test", object{"keys": "DISABLE"}, true},
		{"e@acme.test", "ACTIVE", "heir@acme.test", object{"keys": "TRANSFER", "transferTo": id.Member.Format(heir.ID)}, false},
	} {
		member, key, revoked := creations(a, c.email)
		c.input["id"] = member
		a.Run(a.Admin, "RemoveMember", object{"input": c.input}).Equal(c.email, "removeMember", "member", "email")
		found := creatorOf(a, key)
		found.Equal(c.status, "apiKey", "status")
		found.Equal(c.byAdministrator, "apiKey", "disabledByAdministrator")
		found.Equal(c.creator, "apiKey", "createdBy", "email")
		if gone := found.Get("apiKey", "createdBy", "removedAt") != nil; gone != (c.creator == c.email) {
			t.Errorf("%s: removed: %t", c.email, gone)
		}
		old := creatorOf(a, revoked)
		old.Equal("REVOKED", "apiKey", "status")
		old.Equal(false, "apiKey", "disabledByAdministrator")
		old.Equal(c.email, "apiKey", "createdBy", "email")
		node := a.Post(a.Viewer, object{"query": `query($id: ID!) { node(id: $id) { ... on Member { email role removedAt } } }`, "variables": object{"id": member}})
		node.Equal(c.email, "node", "email")
		node.Text("node", "removedAt")
		a.Refused(a.Admin, "UpdateMember", object{"input": object{"id": member, "name": "x"}}, "NOT_FOUND", "id")
		a.Refused(a.Admin, "RemoveMember", object{"input": object{"id": member}}, "NOT_FOUND", "id")
	}
	list := a.Post(a.Admin, object{"query": `{ viewer { organization { members { totalCount edges { node { removedAt } } } } } }`})
	list.Equal(2, "viewer", "organization", "members", "totalCount")
	list.Equal(nil, "viewer", "organization", "members", "edges", 0, "node", "removedAt")

	// who got the key manages it, and hears of its alerts
	token := a.Tenant.BoundToken(heir, db.TokenRoleOWNER)
	a.Run(token, "ApiKeys", nil).Equal(1, "apiKeys", "totalCount")
	mine := a.Run(token, "ApiKeys", nil).Text("apiKeys", "edges", 0, "node", "id")
	a.Run(token, "UpdateApiKey", object{"input": object{"id": mine, "enabled": false}}).
		Equal("heir@acme.test", "updateApiKey", "apiKey", "recipients", 0, "email")
}

// A page of keys of many removed creators costs the same statements as one of members; another organization's admin does not read
// them.
func TestFormerMembersAreTheTenants(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	member, _, _ := creations(a, "x@acme.test")
	a.Run(a.Admin, "RemoveMember", object{"input": object{"id": member}})
	other := dbtest.NewTenant(t, a.Pool)
	stranger := other.AccessToken(other.Organization.ID, db.TokenRoleADMIN)
	a.Refused(stranger, "Limits", object{"subjectId": member}, "NOT_FOUND", "id")
	a.Run(graphtest.RootToken, "Limits", object{"subjectId": member}).Equal(member, "node", "id")
}

// What is asked for keys must make sense, and the heir be a member of the organization; else nobody is removed and no key is changed.
func TestRefusedRemovals(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	member, _, _ := creations(a, "x@acme.test")
	gone, _, _ := creations(a, "gone@acme.test")
	a.Run(a.Admin, "RemoveMember", object{"input": object{"id": gone}})
	other := dbtest.NewTenant(t, a.Pool)
	before := fingerprintOf(t, a)
	for _, c := range []struct {
		input       object
		code, field string
	}{
		{object{"keys": "TRANSFER"}, "BAD_USER_INPUT", "transferTo"},
		{object{"keys": "KEEP", "transferTo": a.OwnerID()}, "BAD_USER_INPUT", "transferTo"},
		{object{"keys": "DISABLE", "transferTo": a.OwnerID()}, "BAD_USER_INPUT", "transferTo"},
		{object{"transferTo": a.OwnerID()}, "BAD_USER_INPUT", "transferTo"},
		{object{"keys": "TRANSFER", "transferTo": member}, "BAD_USER_INPUT", "transferTo"},
		{object{"keys": "TRANSFER", "transferTo": ""}, "BAD_USER_INPUT", "transferTo"},
		{object{"keys": "TRANSFER", "transferTo": a.KeyID()}, "BAD_USER_INPUT", "transferTo"},
		{object{"keys": "TRANSFER", "transferTo": id.Member.Format(other.Owner.ID)}, "NOT_FOUND", "transferTo"},
		{object{"keys": "TRANSFER", "transferTo": gone}, "NOT_FOUND", "transferTo"},
		{object{"keys": "TRANSFER", "transferTo": "mem_00000000000000000000000000000000"}, "NOT_FOUND", "transferTo"},
	} {
		c.input["id"] = member
		for _, who := range []string{a.Admin, graphtest.RootToken} {
			a.Refused(who, "RemoveMember", object{"input": c.input}, c.code, c.field)
		}
	}
	a.Refused(a.Admin, "RemoveMember", object{"input": object{"id": id.Member.Format(other.Owner.ID), "keys": "DISABLE"}}, "NOT_FOUND", "id")
	if fingerprintOf(t, a) != before {
		t.Error("a refused removal changed something")
	}
}
