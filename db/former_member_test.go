package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Who created a key stays readable when they are removed, also by plain SQL or by a server of the last release: the person as they
// were, and since when they are gone. The key belongs to nobody then, and the audit log has one entry about it.
func TestFormerMemberStaysReadable(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	member := g.Member(g.Organization.ID, "Ada@acme.test", db.MemberRoleMEMBER)
	g.exec(`update members set name = 'Ada', role = 'ADMIN' where id = $1`, member.ID)
	key, _ := g.Factory.Key(g.Organization.ID, nil, &member.ID)
	entries := query[int](g, `select count(*) from audit_log`)
	g.exec(`delete from members where id = $1`, member.ID)
	equal(t, "entries of the member and the key", query[int](g, `select count(*) from audit_log`)-entries, 2)
	equal(t, "entry of the key", query[string](g, `select before ->> 'createdById' || ' ' || coalesce(after ->> 'createdById', 'null') || ' ' || (after ->> 'formerCreatorId')
		from audit_log where target_id = $1 order by id desc limit 1`, key.ID), member.ExternalID()+" null "+member.ExternalID())

	keys, err := db.New().FindAPIKeys(ctx, g.Pool, &db.FindAPIKeysParams{IDs: []uuid.UUID{key.ID}})
	must(t, 0, err)
	if keys[0].CreatedByID != nil || *keys[0].Creator() != member.ID {
		t.Errorf("created by %v, creator %v", keys[0].CreatedByID, keys[0].Creator())
	}
	people, err := db.New().FindPeople(ctx, g.Pool, &db.FindPeopleParams{IDs: []uuid.UUID{member.ID, g.Owner.ID}, OrganizationID: &g.Organization.ID})
	equal(t, "people", len(must(t, people, err)), 2)
	for _, person := range people {
		if person.ID == member.ID {
			equal(t, "email", person.Email, "Ada@acme.test")
			equal(t, "name", text(person.Name), "Ada")
			equal(t, "role", person.Role, db.MemberRoleADMIN)
			equalTime(t, "added", person.CreatedAt, member.CreatedAt)
		}
	}
	removals, err := db.New().ListRemovals(ctx, g.Pool, &db.ListRemovalsParams{IDs: []uuid.UUID{member.ID, g.Owner.ID}})
	equal(t, "removals", len(must(t, removals, err)), 1)
	if age := time.Since(removals[0].RemovedAt); age < -time.Minute || age > time.Minute {
		t.Errorf("removed at %s", removals[0].RemovedAt)
	}
	equal(t, "recipients", query[int](g, `select count(*) from recipients_of(array[$1::uuid], array[$2::uuid]) where source = 'CREATOR'`, g.Organization.ID, key.ID), 0)
	other := g.neighbour()
	people, err = db.New().FindPeople(ctx, g.Pool, &db.FindPeopleParams{IDs: []uuid.UUID{member.ID}, OrganizationID: &other.Organization.ID})
	equal(t, "people of another organization", len(must(t, people, err)), 0)
}

// What is left of members goes with their organization.
func TestFormerMembersGoWithTheirOrganization(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	empty := g.Factory.Organization(db.PlanFREE)
	g.Member(empty.ID, "owner@empty.test", db.MemberRoleOWNER)
	tx, err := g.Pool.Begin(t.Context())
	must(t, 0, err)
	for _, statement := range []string{`delete from members where organization_id = $1`, `delete from organizations where id = $1`} {
		_, err := tx.Exec(t.Context(), statement, empty.ID)
		must(t, 0, err)
	}
	must(t, 0, tx.Commit(t.Context()))
	equal(t, "left", query[int](g, `select count(*) from former_members`), 0)
}
