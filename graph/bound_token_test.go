package graph_test

import (
	"testing"

	"bursar/auth"
	"bursar/db"
	"bursar/id"
)

// A token that is bound to a member does what both may: its role shows the lesser where it acts as the member, and a
// VIEWER's or GATEWAY's token of a MEMBER sees no more than the member.
func TestBoundTokenIsNeverMoreThanItsMember(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	members := map[db.MemberRole]*db.Member{
		db.MemberRoleOWNER: r.tenant.Owner, db.MemberRoleMEMBER: r.member,
		db.MemberRoleADMIN: r.admin,
	}
	add := object{"input": object{"organizationId": r.organizationID(), "email": "never@acme.test", "role": "OWNER"}}
	read, reserve := object{"id": r.keyID()}, object{"input": object{"key": r.keyID()}}
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
		token := r.tenant.BoundToken(members[c.member], c.token)
		viewer := r.run(token, "Viewer", nil)
		viewer.equal(c.shown, "viewer", "role")
		viewer.equal(members[c.member].Email, "viewer", "member", "email")
		add["input"].(object)["role"] = "MEMBER"
		add["input"].(object)["email"] = string(c.token) + string(c.member) + "@acme.test"
		for operation, wanted := range map[string]bool{"AddMember": c.administers, "ApiKey": c.reads, "ReserveUsage": c.gatewayes} {
			answer := r.do(token, operation, map[string]object{"AddMember": add, "ApiKey": read, "ReserveUsage": reserve}[operation])
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
	other.url = start(t, a.pool)
	admin := a.tenant.Member(a.tenant.Organization.ID, "admin@acme.test", db.MemberRoleADMIN)
	portal, gateway := a.tenant.BoundToken(admin, db.TokenRoleADMIN), a.tenant.BoundToken(admin, db.TokenRoleGATEWAY)
	reserve := object{"input": object{"key": a.keyID()}}
	for range 2 {
		for _, server := range []*api{a, &other} {
			server.run(portal, "Viewer", nil).equal("ADMIN", "viewer", "role")
			server.run(portal, "ReserveUsage", reserve)
			server.run(gateway, "ReserveUsage", reserve)
			server.run(gateway, "RecordUsage", object{"input": object{"key": a.keyID(), "inputTokens": 1}})
		}
		a.run(rootToken, "UpdateMember", object{"input": object{"id": id.Member.Format(admin.ID), "role": "MEMBER"}})
		for _, server := range []*api{&other, a} {
			server.run(portal, "Viewer", nil).equal("MEMBER", "viewer", "role")
			for _, token := range []string{portal, gateway} {
				server.refused(token, "ReserveUsage", reserve, "FORBIDDEN", "")
				server.refused(token, "RecordUsage", object{"input": object{"key": a.keyID(), "inputTokens": 1}}, "FORBIDDEN", "")
			}
		}
		other.run(rootToken, "UpdateMember", object{"input": object{"id": id.Member.Format(admin.ID), "role": "ADMIN"}})
	}
}

// A token dies with its member, whoever removes the member and however, and also when it is made at that very moment: it
// never becomes a token that is bound to nobody.
func TestTokenDiesWithItsMember(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.url = start(t, a.pool)
	ctx := t.Context()
	for i, remove := range []func(member *db.Member){
		func(member *db.Member) {
			a.run(a.admin, "RemoveMember", object{"input": object{"id": id.Member.Format(member.ID)}})
		},
		func(member *db.Member) {
			if _, err := a.pool.Exec(ctx, "delete from members where id = $1", member.ID); err != nil {
				t.Error(err)
			}
		},
		func(member *db.Member) { // a token is made while the removal is under way
			tx, err := a.pool.Begin(ctx)
			if err != nil {
				t.Fatal(err)
			}
			late := auth.NewSecret(auth.AccessTokenPrefix)
			if _, err := db.New().CreateAccessToken(ctx, tx, &db.CreateAccessTokenParams{OrganizationID: member.OrganizationID,
				MemberID: &member.ID, Name: "late", Role: db.TokenRoleADMIN, Prefix: late.Prefix, TokenHash: late.Hash}); err != nil {
				t.Fatal(err)
			}
			done := make(chan *answer, 1)
			go func() {
				done <- a.do(a.admin, "RemoveMember", object{"input": object{"id": id.Member.Format(member.ID)}})
			}()
			a.untilWaiting(1)
			if err := tx.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			if removed := <-done; len(removed.Errors) > 0 {
				t.Errorf("%+v", removed.Errors)
			}
			a.refused(late.Text, "Viewer", nil, "UNAUTHENTICATED", "")
		},
	} {
		member := a.tenant.Member(a.tenant.Organization.ID, string(rune('a'+i))+"@acme.test", db.MemberRoleADMIN)
		portal, gateway := a.tenant.BoundToken(member, db.TokenRoleADMIN), a.tenant.BoundToken(member, db.TokenRoleGATEWAY)
		for _, server := range []*api{a, &other} {
			server.run(portal, "Viewer", nil)
			server.run(gateway, "ReserveUsage", object{"input": object{"key": a.keyID()}})
		}
		remove(member)
		for _, server := range []*api{&other, a} {
			server.refused(portal, "Viewer", nil, "UNAUTHENTICATED", "")
			server.refused(gateway, "ReserveUsage", object{"input": object{"key": a.keyID()}}, "UNAUTHENTICATED", "")
		}
	}
	var alive int
	if err := a.pool.QueryRow(ctx, "select count(*) from access_tokens where revoked_at is null").Scan(&alive); err != nil || alive != 3 {
		t.Errorf("%d tokens are alive, want the three that are bound to nobody (%v)", alive, err)
	}
}
