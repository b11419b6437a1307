package graph_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// Only an OWNER, or the operator, makes, changes or removes an OWNER, or makes a token that can be one.
func TestOnlyOwnersMakeOwners(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	owner, admin := r.tokens["OWNER"], r.tokens["ADMIN"]
	add := func(email, role string) object {
		return object{"input": object{"organizationId": r.OrganizationID(), "email": email, "role": role}}
	}
	update := func(member string, change object) object {
		change["id"] = member
		return object{"input": change}
	}
	ordinary := id.Member.Format(r.member.ID)
	second := r.Run(owner, "AddMember", add("second@acme.test", "OWNER")).Text("addMember", "member", "id")
	token := object{"input": object{"organizationId": r.OrganizationID(), "name": "x", "role": "OWNER", "memberId": ordinary}}
	before := fingerprintOf(t, r.API)
	for _, who := range []string{admin, r.Admin, r.Tenant.BoundToken(r.Tenant.Owner, db.TokenRoleADMIN)} {
		before = fingerprintOf(t, r.API)
		r.Refused(who, "AddMember", add("third@acme.test", "OWNER"), "FORBIDDEN", "")
		r.Refused(who, "UpdateMember", update(ordinary, object{"role": "OWNER"}), "FORBIDDEN", "")
		r.Refused(who, "UpdateMember", update(second, object{"role": "MEMBER"}), "FORBIDDEN", "")
		r.Refused(who, "UpdateMember", update(second, object{"name": "x"}), "FORBIDDEN", "")
		r.Refused(who, "RemoveMember", object{"input": object{"id": second}}, "FORBIDDEN", "")
		r.Refused(who, "CreateAccessToken", token, "FORBIDDEN", "")
	}
	if fingerprintOf(t, r.API) != before {
		t.Error("something was changed")
	}
	for _, who := range []string{owner, graphtest.RootToken} {
		r.Run(who, "UpdateMember", update(ordinary, object{"role": "OWNER"}))
		r.Run(who, "UpdateMember", update(ordinary, object{"role": "MEMBER"}))
		r.Run(who, "CreateAccessToken", token)
	}
	r.Run(owner, "RemoveMember", object{"input": object{"id": second}})
	r.Run(admin, "UpdateMember", update(ordinary, object{"role": "ADMIN"})).Equal("ADMIN", "updateMember", "member", "role")
	r.Refused(owner, "CreateAccessToken", object{"input": object{"organizationId": r.OrganizationID(), "name": "x", "role": "OWNER"}},
		"BAD_USER_INPUT", "memberId")
}

// An owner who is demoted while they make another owner makes none: what they are by then decides, not what they were when
// they asked.
func TestOwnerDemotedMeanwhileMakesNoOwner(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	r.Tenant.Member(r.Tenant.Organization.ID, "second@acme.test", db.MemberRoleOWNER)
	ctx := t.Context()
	tx, err := r.Pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "select lock_organizations(array[$1::uuid])", r.Tenant.Organization.ID); err != nil {
		t.Fatal(err)
	}
	answers := make(chan *graphtest.Answer, 1)
	go func() {
		answers <- r.Do(r.tokens["OWNER"], "UpdateMember", object{"input": object{"id": id.Member.Format(r.member.ID), "role": "OWNER"}})
	}()
	dbtest.AwaitLocked(t, r.Pool, 1, "")
	if _, err := tx.Exec(ctx, "update members set role = 'ADMIN' where id = $1", r.Tenant.Owner.ID); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	(<-answers).Must("FORBIDDEN", "")
}

// The last OWNER is neither demoted nor removed, whoever asks, also behind the server's back; an organization that is
// deleted needs none.
func TestLastOwnerStays(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	for _, who := range []string{r.tokens["OWNER"], graphtest.RootToken} {
		r.Refused(who, "UpdateMember", object{"input": object{"id": r.OwnerID(), "role": "ADMIN"}}, "CONFLICT", "id")
		r.Refused(who, "RemoveMember", object{"input": object{"id": r.OwnerID()}}, "CONFLICT", "id")
		r.Run(who, "UpdateMember", object{"input": object{"id": r.OwnerID(), "name": "Still here", "role": "OWNER"}})
	}
	for _, statement := range []string{"delete from members", "update members set role = 'MEMBER'"} {
		if _, err := r.Pool.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s: no error", statement)
		}
	}
	empty := r.Tenant.Factory.Organization(db.PlanFREE)
	member := r.Tenant.Member(empty.ID, "first@empty.test", db.MemberRoleADMIN)
	r.Run(graphtest.RootToken, "RemoveMember", object{"input": object{"id": id.Member.Format(member.ID)}}) // there never was an owner
	r.Tenant.Member(empty.ID, "owner@empty.test", db.MemberRoleOWNER)
	tx, err := r.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"delete from members where organization_id = $1", "delete from organizations where id = $1"} {
		if _, err := tx.Exec(t.Context(), statement, empty.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Error(err)
	}
}

// Of owners who are all removed and demoted at once, through two servers, exactly one stays.
func TestOwnersWhoLeaveAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	second := *a
	second.URL = kit.Start(t, a.Pool)
	var left, refused atomic.Int64
	var callers sync.WaitGroup
	owners := []string{a.OwnerID()}
	for i := range 15 {
		owners = append(owners, id.Member.Format(a.Tenant.Member(a.Tenant.Organization.ID, fmt.Sprintf("owner%d@acme.test", i), db.MemberRoleOWNER).ID))
	}
	for i, owner := range owners {
		server := []*graphtest.API{a, &second}[i%2]
		callers.Go(func() {
			operation, input := "RemoveMember", object{"id": owner}
			if i%4 > 1 {
				operation, input = "UpdateMember", object{"id": owner, "role": "MEMBER"}
			}
			switch result := server.Do(graphtest.RootToken, operation, object{"input": input}); {
			case len(result.Errors) == 0:
				left.Add(1)
			case result.Errors[0].Extensions.Code == "CONFLICT":
				refused.Add(1)
			default:
				t.Errorf("%s: %+v", operation, result.Errors)
			}
		})
	}
	callers.Wait()
	var remaining int
	if err := a.Pool.QueryRow(t.Context(), "select count(*) from members where role = 'OWNER'").Scan(&remaining); err != nil {
		t.Fatal(err)
	}
	if left.Load() != 15 || refused.Load() != 1 || remaining != 1 {
		t.Errorf("%d left, %d were refused, %d remain; want 15, 1 and 1", left.Load(), refused.Load(), remaining)
	}
}

// Two transactions behind the server's back that each take one of two owners away wait for each other, and the second fails.
func TestOwnersWhoLeaveAtOnceInSQL(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	second := a.Tenant.Member(a.Tenant.Organization.ID, "second@acme.test", db.MemberRoleOWNER)
	ctx := t.Context()
	leave := func(member *db.Member) (commit func() error, err error) {
		tx, err := a.Pool.Begin(ctx)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(ctx)) })
		if _, err := tx.Exec(ctx, "delete from members where id = $1", member.ID); err != nil {
			return nil, err
		}
		_, err = tx.Exec(ctx, "set constraints all immediate")
		return func() error { return tx.Commit(ctx) }, err
	}
	commit, err := leave(a.Tenant.Owner)
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 1)
	go func() {
		_, err := leave(second)
		refused <- err
	}()
	dbtest.AwaitLocked(t, a.Pool, 1, "")
	if err := commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-refused; err == nil {
		t.Error("the last owner left")
	}
}
