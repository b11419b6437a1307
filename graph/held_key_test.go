package graph_test

import (
	"maps"
	"testing"
	"time"

	"bursar/api"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// heldKey is a MEMBER's key, those who are more than a MEMBER, and the ways in which the MEMBER comes.
type heldKey struct {
	*roleTokens
	key            string
	administrators map[string]string // tokens
	members        map[string]string // tokens
}

func newHeldKey(t *testing.T) *heldKey {
	t.Helper()
	provider := ssotest.New(t)
	r := roleTokensOf(kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)}))
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	return &heldKey{
		roleTokens: r, key: id.APIKey.Format(key.ID),
		administrators: map[string]string{
			"the operator": graphtest.RootToken, "an OWNER": r.tokens["OWNER"], "an ADMIN": r.tokens["ADMIN"], "an ADMIN's token": r.Admin,
			"an ADMIN who signed in": provider.SignIn(ssotest.Portal, r.admin.Email, true),
		},
		members: map[string]string{
			"a MEMBER": r.tokens["MEMBER"], "an ADMIN's token of a MEMBER": r.Tenant.BoundToken(r.member, db.TokenRoleADMIN),
			"a MEMBER who signed in": provider.SignIn(ssotest.Portal, r.member.Email, true),
		},
	}
}

// change changes the key.
func (h *heldKey) change(token string, change object) *graphtest.Answer {
	h.T.Helper()
	input := object{"id": h.key}
	maps.Copy(input, change)
	return h.Do(token, "UpdateApiKey", object{"input": input})
}

// allowed says that somebody may make a change.
func (h *heldKey) allowed(who, token string, change object) {
	h.T.Helper()
	if answer := h.change(token, change); len(answer.Errors) > 0 {
		h.T.Errorf("%s may not set %v: %+v", who, change, answer.Errors)
	}
}

// forbidden says that somebody may not make a change, and that nothing of it is made.
func (h *heldKey) forbidden(who, token, field string, change object) {
	h.T.Helper()
	before := fingerprintOf(h.T, h.API)
	change["name"] = "changed"
	answer := h.change(token, change)
	if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "FORBIDDEN" || answer.Errors[0].Extensions.Field != field {
		h.T.Errorf("%s set %v: %+v, want FORBIDDEN about %s", who, change, answer.Errors, field)
	}
	if fingerprintOf(h.T, h.API) != before {
		h.T.Errorf("%s has changed something with %v", who, change)
	}
}

// A key that somebody switched off who is more than a MEMBER stays off for its creator, whichever way they come, also when they
// had switched it off themselves before; switched on again by one of those, it is theirs to switch.
func TestMemberCannotSwitchOnWhatAnAdministratorSwitchedOff(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	h := newHeldKey(t)
	off, on := object{"enabled": false}, object{"enabled": true}
	for administrator, token := range h.administrators {
		for member, own := range h.members {
			h.allowed(member, own, off)
			h.allowed(member, own, on)
			h.allowed(member, own, off)
			h.allowed(administrator, token, off)
			h.allowed(administrator, token, object{"name": "noted"}) // says nothing about it
			h.forbidden(member, own, "enabled", object{"enabled": true})
			h.allowed(member, own, object{"enabled": false, "description": "why is it off?"})
			h.forbidden(member, own, "enabled", object{"enabled": true})
			h.Run(own, "CheckUsage", object{"input": object{"key": h.key}}).Equal("KEY_DISABLED", "checkUsage", "denials", 0, "reason")
			h.allowed(administrator, token, on)
			h.allowed(member, own, off)
			h.allowed(member, own, on)
		}
	}
}

// An end that somebody set who is more than a MEMBER is the latest that its creator may give a key: they shorten it, back to that
// and not beyond; where those set none, or take it away, it is theirs.
func TestMemberCannotExtendWhatAnAdministratorLetsExpire(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	h := newHeldKey(t)
	end := time.Now().Add(48 * time.Hour)
	at := func(d time.Duration) object { return object{"expiresAt": end.Add(d).UTC().Format(time.RFC3339Nano)} }
	never := func() object { return object{"expiresAt": nil} }
	for administrator, token := range h.administrators {
		for member, own := range h.members {
			h.allowed(member, own, at(0))
			h.allowed(member, own, at(time.Hour))
			h.allowed(member, own, never())
			h.allowed(administrator, token, at(0))
			h.allowed(administrator, token, object{"enabled": true}) // says nothing about it
			h.allowed(member, own, at(0))
			for range 2 {
				h.forbidden(member, own, "expiresAt", at(time.Microsecond))
				h.forbidden(member, own, "expiresAt", never())
				h.allowed(member, own, at(-time.Hour))
				h.allowed(member, own, at(0))
			}
			h.allowed(administrator, token, at(-time.Hour))
			h.forbidden(member, own, "expiresAt", at(0))
			h.allowed(administrator, token, never())
			h.allowed(member, own, at(time.Hour))
			h.allowed(member, own, never())
		}
	}
	h.allowed("the operator", graphtest.RootToken, at(-72*time.Hour))
	h.forbidden("a MEMBER", h.tokens["MEMBER"], "expiresAt", at(0))
	h.Run(h.tokens["MEMBER"], "CheckUsage", object{"input": object{"key": h.key}}).Equal("KEY_EXPIRED", "checkUsage", "denials", 0, "reason")
}

// The end of a key that an administrator created for a MEMBER is the administrator's, the end of one that they created
// themselves is theirs. A member who is an ADMIN now may do what an ADMIN may.
func TestEndOfANewKey(t *testing.T) {
	t.Parallel()
	h := newHeldKey(t)
	end, later := time.Now().Add(time.Hour).Format(time.RFC3339), time.Now().Add(2*time.Hour).Format(time.RFC3339)
	input := object{"ownerId": h.WorkspaceID(), "name": "new", "expiresAt": end, "createdById": id.Member.Format(h.member.ID)}
	for _, own := range h.members {
		h.key = h.Run(own, "CreateApiKey", object{"input": input}).Text("createApiKey", "apiKey", "id")
		h.allowed("a MEMBER", own, object{"expiresAt": later})
	}
	for _, token := range h.administrators {
		h.key = h.Run(token, "CreateApiKey", object{"input": input}).Text("createApiKey", "apiKey", "id")
		h.forbidden("a MEMBER", h.tokens["MEMBER"], "expiresAt", object{"expiresAt": later})
	}
	h.allowed("an ADMIN", h.Admin, object{"enabled": false})
	h.Run(graphtest.RootToken, "UpdateMember", object{"input": object{"id": id.Member.Format(h.member.ID), "role": "ADMIN"}})
	h.allowed("a new ADMIN", h.tokens["MEMBER"], object{"expiresAt": later, "enabled": true})
}
