package graph_test

import (
	"testing"

	"bursar/auth"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// A token that is bound to a member does what both may: its role shows the lesser where it acts as the member, and a
// VIEWER's or GATEWAY's token of a MEMBER sees no more than the member.
func TestBoundTokenIsNeverMoreThanItsMember(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	members := map[db.MemberRole]*db.Member{
		db.MemberRoleOWNER: r.Tenant.Owner, db.MemberRoleMEMBER: r.member,
		db.MemberRoleADMIN: r.admin,
	}
	add := object{"input": object{"organizationId": r.OrganizationID(), "email": "never@acme.test", "role": "OWNER"}}
	read, reserve := object{"id": r.KeyID()}, object{"input": object{"key": r.KeyID()}}
	for _, c := range []struct {
		token                         db.TokenRole
		member                        db.MemberRole
		shown                         string
		administers, reads, gatewayes bool
	}{
		{"OWNER", "OWNER", "OWNER", true, true, true},
		{"OWNER", "ADMIN", "ADMIN", true, true, true},
		{"OWNER", "MEMBER", "MEMBER", false, false, false},
		{"ADMIN", "OWNER", "ADMIN", true, true, true},
		{"ADMIN", "ADMIN", "ADMIN", true, true, true},
		{"ADMIN", "MEMBER", "MEMBER", false, false, false},
		{"VIEWER", "OWNER", "VIEWER", false, true, false},
		{"VIEWER", "ADMIN", "VIEWER", false, true, false},
		{"VIEWER", "MEMBER", "VIEWER", false, false, false},
		{"GATEWAY", "OWNER", "GATEWAY", false, false, true},
		{"GATEWAY", "ADMIN", "GATEWAY", false, false, true},
		{"GATEWAY", "MEMBER", "GATEWAY", false, false, false},
	} {
		token := r.Tenant.BoundToken(members[c.member], c.token)
		viewer := r.Run(token, "Viewer", nil)
		viewer.Equal(c.shown, "viewer", "role")
		viewer.Equal(members[c.member].Email, "viewer", "member", "email")
		add["input"].(object)["role"] = "MEMBER"
		add["input"].(object)["email"] = string(c.token) + string(c.member) + "@acme.test"
		for operation, wanted := range map[string]bool{"AddMember": c.administers, "ApiKey": c.reads, "ReserveUsage": c.gatewayes} {
			answer := r.Do(token, operation, map[string]object{"AddMember": add, "ApiKey": read, "ReserveUsage": reserve}[operation])
			if wanted != (len(answer.Errors) == 0) || !wanted && answer.Errors[0].Extensions.Code != "FORBIDDEN" {
				t.Errorf("%s of a token %s bound to a member %s: %+v", operation, c.token, c.member, answer.Errors)
			}
		}
	}
}

// A member who is demoted through one server is demoted on every other with the next request, also on one that has answered
// the same token before; promoted again, their token is as it was.
func TestDemotedEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.URL = kit.Start(t, a.Pool)
	admin := a.Tenant.Member(a.Tenant.Organization.ID, "admin@acme.test", db.MemberRoleADMIN)
	portal, gateway := a.Tenant.BoundToken(admin, db.TokenRoleADMIN), a.Tenant.BoundToken(admin, db.TokenRoleGATEWAY)
	reserve := object{"input": object{"key": a.KeyID()}}
	for range 2 {
		for _, server := range []*graphtest.API{a, &other} {
			server.Run(portal, "Viewer", nil).Equal("ADMIN", "viewer", "role")
			server.Run(portal, "ReserveUsage", reserve)
			server.Run(gateway, "ReserveUsage", reserve)
			server.Run(gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}})
		}
		a.Run(graphtest.RootToken, "UpdateMember", object{"input": object{"id": id.Member.Format(admin.ID), "role": "MEMBER"}})
		for _, server := range []*graphtest.API{&other, a} {
			server.Run(portal, "Viewer", nil).Equal("MEMBER", "viewer", "role")
			for _, token := range []string{portal, gateway} {
				server.Refused(token, "ReserveUsage", reserve, "FORBIDDEN", "")
				server.Refused(token, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}}, "FORBIDDEN", "")
			}
		}
		other.Run(graphtest.RootToken, "UpdateMember", object{"input": object{"id": id.Member.Format(admin.ID), "role": "ADMIN"}})
	}
}

// A token dies with its member, whoever removes the member and however, and also when it is made at that very moment: it
// never becomes a token that is bound to nobody.
func TestTokenDiesWithItsMember(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.URL = kit.Start(t, a.Pool)
	ctx := t.Context()
	for i, remove := range []func(member *db.Member){
		func(member *db.Member) {
			a.Run(a.Admin, "RemoveMember", object{"input": object{"id": id.Member.Format(member.ID)}})
		},
		func(member *db.Member) {
			if _, err := a.Pool.Exec(ctx, "delete from members where id = $1", member.ID); err != nil {
				t.Error(err)
			}
		},
		func(member *db.Member) { // a token is made while the removal is under way
			tx, err := a.Pool.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			late := auth.NewSecret(auth.AccessTokenPrefix)
			if _, err := db.New().CreateAccessToken(ctx, tx, &db.CreateAccessTokenParams{OrganizationID: member.OrganizationID,
				MemberID: &member.ID, Name: "late", Role: db.TokenRoleADMIN, Prefix: late.Prefix, TokenHash: late.Hash}); err != nil {
				t.Fatal(err)
			}
			done := make(chan *graphtest.Answer, 1)
			go func() {
				done <- a.Do(a.Admin, "RemoveMember", object{"input": object{"id": id.Member.Format(member.ID)}})
			}()
			dbtest.AwaitLocked(t, a.Pool, 1, "")
			if err := tx.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			if removed := <-done; len(removed.Errors) > 0 {
				t.Errorf("%+v", removed.Errors)
			}
			a.Refused(late.Text, "Viewer", nil, "UNAUTHENTICATED", "")
		},
	} {
		member := a.Tenant.Member(a.Tenant.Organization.ID, string(rune('a'+i))+"@acme.test", db.MemberRoleADMIN)
		portal, gateway := a.Tenant.BoundToken(member, db.TokenRoleADMIN), a.Tenant.BoundToken(member, db.TokenRoleGATEWAY)
		for _, server := range []*graphtest.API{a, &other} {
			server.Run(portal, "Viewer", nil)
			server.Run(gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
		}
		remove(member)
		for _, server := range []*graphtest.API{&other, a} {
			server.Refused(portal, "Viewer", nil, "UNAUTHENTICATED", "")
			server.Refused(gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}}, "UNAUTHENTICATED", "")
		}
	}
	var alive int
	if err := a.Pool.QueryRow(ctx, "select count(*) from access_tokens where revoked_at is null").Scan(&alive); err != nil || alive != 3 {
		t.Errorf("%d tokens are alive, want the three that are bound to nobody (%v)", alive, err)
	}
}
