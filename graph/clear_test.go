package graph_test

import (
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// described makes a key with everything that can be taken away.
func described(a *graphtest.API) string {
	a.T.Helper()
	return a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "x", "description": "about",
		"expiresAt": "2100-01-01T00:00:00Z", "metadata": object{"team": "a"}}}).Text("createApiKey", "apiKey", "id")
}

// A null takes a description or an expiry away, as ever, from clients that do not know clear. From those that give it, also as an
// empty list, a null changes nothing, and what clear names is taken away.
func TestNullAndClear(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	const about, end = "about", "2100-01-01T00:00:00Z"
	for _, c := range []struct {
		change              object
		description, expiry any
	}{
		{object{"name": "y"}, about, end},
		{object{"description": nil}, nil, end},
		{object{"expiresAt": nil}, about, nil},
		{object{"description": nil, "expiresAt": nil, "clear": nil}, nil, nil},
		{object{"description": nil, "expiresAt": nil, "clear": []any{}}, about, end},
		{object{"description": nil, "expiresAt": nil, "clear": []any{"DESCRIPTION"}}, nil, end},
		{object{"description": nil, "clear": []any{"EXPIRES_AT"}}, about, nil},
		{object{"clear": []any{"EXPIRES_AT", "DESCRIPTION", "EXPIRES_AT"}}, nil, nil},
		{object{"clear": "DESCRIPTION"}, nil, end}, // a single value is a list, in GraphQL
		{object{"description": "else", "clear": []any{"EXPIRES_AT"}}, "else", nil},
		{object{"description": "else", "expiresAt": "2099-01-01T00:00:00Z", "clear": []any{}}, "else", "2099-01-01T00:00:00Z"},
		{object{"name": nil, "metadata": nil, "emailNotifications": nil, "enabled": nil, "ownerId": nil}, about, end},
	} {
		key := described(a)
		c.change["id"] = key
		changed := a.Run(a.Admin, "UpdateApiKey", object{"input": c.change})
		changed.Equal(c.description, "updateApiKey", "apiKey", "description")
		changed.Equal(c.expiry, "updateApiKey", "apiKey", "expiresAt")
		changed.Equal(object{"team": "a"}, "updateApiKey", "apiKey", "metadata")
		changed.Equal(true, "updateApiKey", "apiKey", "emailNotifications")
	}
}

// What is both given and taken away, and what is no field, is refused and changes nothing; a MEMBER cannot take away an expiry that an
// administrator has set, this way either.
func TestRefusedClear(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	key := described(r.API)
	mine := r.Run(r.Admin, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "x", "expiresAt": "2100-01-01T00:00:00Z",
		"createdById": "mem_" + strings.ReplaceAll(r.member.ID.String(), "-", "")}}).Text("createApiKey", "apiKey", "id")
	before := fingerprintOf(t, r.API)
	for field, change := range map[string]object{
		"clear.0": {"description": "y", "clear": []any{"DESCRIPTION"}},
		"clear.1": {"expiresAt": "2099-01-01T00:00:00Z", "clear": []any{"DESCRIPTION", "EXPIRES_AT"}},
	} {
		change["id"] = key
		r.Refused(r.Admin, "UpdateApiKey", object{"input": change}, "BAD_USER_INPUT", field)
	}
	for _, wrong := range []any{[]any{"NAME"}, []any{nil}, "x", 1} {
		answer := r.Do(r.Admin, "UpdateApiKey", object{"input": object{"id": key, "clear": wrong}})
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" || !strings.HasPrefix(answer.Errors[0].Extensions.Field, "clear") {
			t.Errorf("%v: %+v", wrong, answer.Errors)
		}
	}
	r.Refused(r.tokens["MEMBER"], "UpdateApiKey", object{"input": object{"id": mine, "clear": []any{"EXPIRES_AT"}}}, "FORBIDDEN", "expiresAt")
	if fingerprintOf(t, r.API) != before {
		t.Error("a refused change changed something")
	}
}
