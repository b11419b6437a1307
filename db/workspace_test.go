package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
)

// move gives the tenant's key to a workspace; nil to the organization.
func (g *gateway) move(workspace *uuid.UUID) {
	g.T.Helper()
	_, err := db.New().UpdateAPIKey(context.Background(), g.Pool, &db.UpdateAPIKeyParams{
		ID: g.Key.ID, OrganizationID: g.Organization.ID, SetOwner: true, WorkspaceID: workspace})
	must(g.T, 0, err)
}

// deleteWorkspace deletes a workspace of the tenant and returns how many keys keep it.
func (g *gateway) deleteWorkspace(workspace uuid.UUID) int64 {
	g.T.Helper()
	keys, err := db.New().DeleteWorkspace(context.Background(), g.Pool,
		&db.DeleteWorkspaceParams{OrganizationID: g.Organization.ID, ID: workspace})
	return must(g.T, keys, err)
}

// A key that is moved, also several times within an hour, has its usage where it was used: what was reserved before is settled in
// the workspace and under the limits that admitted it, everything else counts in the new one. Reports by key and by workspace, by
// hour and by day, say what the ledger says, rolled up before, between or after; verification is clean.
func TestMovedKeyCountsWhereItWasUsed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	second := g.Factory.Workspace(g.Organization.ID)
	before := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	organization := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	after := query[uuid.UUID](g, `select id from create_limit($1, $2, null, 'BUDGET', 'TOKENS', 'MONTHLY', 1000, '{}', $3)`,
		g.Organization.ID, second.ID, g.now)
	g.book(reportTokens(100).from("openai", "small"))
	held := g.admit(estimateTokens(50))
	g.rollUp()

	g.move(&second.ID)
	g.book(reportTokens(7).from("openai", "small"))
	open := g.admit(estimateTokens(20))
	g.book(reportTokens(60).settling(held).from("openai", "small"))
	g.counts(before, 160, 0)
	g.counts(after, 7, 20)
	g.verified()
	g.rollUp()
	g.verified()

	g.move(nil)
	g.book(reportTokens(3).from("openai", "small"))
	g.book(reportTokens(20).settling(open).from("openai", "small"))
	g.move(&g.Workspace.ID)
	g.book(reportTokens(1).from("openai", "small"))
	g.counts(before, 161, 0)
	g.counts(after, 27, 0)
	g.counts(organization, 191, 0)
	for range 2 {
		for _, interval := range []db.UsageInterval{"HOUR", "DAY", "WEEK", "MONTH"} {
			g.sameAsLedger(interval)
			g.sameAsLedger(interval, "API_KEY")
			g.sameAsLedger(interval, "WORKSPACE")
			g.sameAsLedger(interval, "API_KEY", "WORKSPACE", "PROVIDER", "MODEL")
		}
		g.verified()
		g.rollUp()
	}
	equal(t, "hours of the key", query[int](g, `select count(*) from usage_hours`), 3)
	g.exec(`select rebuild_rollups($1)`, g.Organization.ID)
	equal(t, "hours of the key", query[int](g, `select count(*) from usage_hours`), 3)
	g.verified()
}

// Reservations in flight while their key is moved are settled, released and expired in the counters that admitted them.
func TestMovedKeyGivesBackWhatItHolds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	workspace := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	key := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	settled, released, expired := g.admit(estimateTokens(30)), g.admit(estimateTokens(30)), g.admit(estimateTokens(30).lasting(time.Minute))
	g.deny(estimateTokens(20), db.DenialReasonBUDGETEXHAUSTED, db.DenialReasonBUDGETEXHAUSTED)
	g.move(nil)
	g.deny(estimateTokens(20), db.DenialReasonBUDGETEXHAUSTED) // of the key alone
	g.counts(workspace, 0, 90)
	g.book(reportTokens(10).settling(settled))
	g.release(released)
	later := g.after(time.Minute)
	later.sweep()
	equal(t, "expired", later.status(expired), db.ReservationStatusEXPIRED)
	later.counts(workspace, 10, 0)
	later.counts(key, 10, 0)
	g.verified()
}

// A workspace with a key that is not revoked is not deleted, whatever else the key is; without one it is deleted with its limits and
// recipients. Its row, its usage and its revoked keys stay; its slug is free; nothing can be put into it any more.
func TestWorkspaceIsDeleted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	organization := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	must(t, 0, db.New().AddRecipients(ctx, g.Pool, &db.AddRecipientsParams{
		OrganizationID: g.Organization.ID, WorkspaceID: &g.Workspace.ID, Emails: []string{"team@acme.test"}}))
	held := g.admit(estimateTokens(40))
	for _, assignment := range []string{"enabled = false", "expires_at = '2026-01-01Z'"} {
		g.setKey(assignment)
		equal(t, "keys", g.deleteWorkspace(g.Workspace.ID), 1)
	}
	equal(t, "limits", query[int](g, `select count(*) from limits`), 2)
	g.setKey("revoked_at = clock_timestamp()")
	equal(t, "keys", g.deleteWorkspace(g.Workspace.ID), 0)
	equal(t, "limits", query[int](g, `select count(*) from limits`), 1)
	equal(t, "recipients", query[int](g, `select count(*) from recipients`), 0)
	equal(t, "key's workspace", query[uuid.UUID](g, `select workspace_id from api_keys`), g.Workspace.ID)
	equal(t, "workspaces", query[int](g, `select count(*) from workspaces where deleted_at is not null`), 1)
	_, err := db.New().DeleteWorkspace(ctx, g.Pool, &db.DeleteWorkspaceParams{OrganizationID: g.Organization.ID, ID: g.Workspace.ID})
	if !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("deleted twice: %v", err)
	}

	event := g.book(reportTokens(30).settling(held)) // late, in full, where it was admitted
	equal(t, "workspace of the usage", *event.WorkspaceID, g.Workspace.ID)
	g.counts(organization, 30, 0)
	g.rollUp()
	g.sameAsLedger("DAY", "WORKSPACE")
	g.verified()

	again, err := db.New().CreateWorkspace(ctx, g.Pool, &db.CreateWorkspaceParams{OrganizationID: g.Organization.ID, Name: "x", Slug: g.Workspace.Slug})
	must(t, 0, err)
	_, err = db.New().CreateWorkspace(ctx, g.Pool, &db.CreateWorkspaceParams{OrganizationID: g.Organization.ID, Name: "x", Slug: again.Slug})
	equal(t, "second of the slug", violated(err), "workspaces_slug_key")
	for want, statement := range map[string]string{
		"api_keys_workspace_id_fkey":   `insert into api_keys (organization_id, workspace_id, name, prefix) values ($1, $2, 'x', 'x')`,
		"limits_workspace_id_fkey":     `insert into limits (organization_id, workspace_id, kind, type, period, max_units) values ($1, $2, 'BUDGET', 'TOKENS', 'NONE', 5)`,
		"recipients_workspace_id_fkey": `insert into recipients (organization_id, workspace_id, email) values ($1, $2, 'x@acme.test')`,
	} {
		_, err := g.Pool.Exec(ctx, statement, g.Organization.ID, g.Workspace.ID)
		equal(t, statement, violated(err), want)
	}
	direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
	_, err = g.Pool.Exec(ctx, `update api_keys set workspace_id = $2 where id = $1`, direct.ID, g.Workspace.ID)
	equal(t, "moved into it", violated(err), "api_keys_workspace_id_fkey")
}

// A key that is created in a workspace, or moved into it, while that is deleted is either in it, and keeps it, or is refused.
func TestKeyOrDeletionWins(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	for name, statement := range map[string]string{
		"created": `insert into api_keys (organization_id, workspace_id, name, prefix) values ($1, $2, 'x', 'x')`,
		"moved":   `update api_keys set workspace_id = $2 where organization_id = $1 and workspace_id is null`,
	} {
		workspace := g.Factory.Workspace(g.Organization.ID)
		g.Factory.Key(g.Organization.ID, nil, nil)
		tx, err := g.Pool.Begin(ctx)
		must(t, 0, err)
		_, err = tx.Exec(ctx, statement, g.Organization.ID, workspace.ID)
		must(t, 0, err)
		deleted := make(chan int64, 1)
		go func() { deleted <- g.deleteWorkspace(workspace.ID) }()
		dbtest.AwaitLocked(t, g.Pool, 1, "delete_workspace")
		must(t, 0, tx.Commit(ctx))
		if keys := <-deleted; keys == 0 {
			t.Errorf("%s: a workspace with a key was deleted", name)
		}

		workspace = g.Factory.Workspace(g.Organization.ID)
		g.Factory.Key(g.Organization.ID, nil, nil)
		tx, err = g.Pool.Begin(ctx)
		must(t, 0, err)
		_, err = tx.Exec(ctx, `select delete_workspace($1, $2)`, g.Organization.ID, workspace.ID)
		must(t, 0, err)
		refused := make(chan error, 1)
		go func() {
			_, err := g.Pool.Exec(ctx, statement, g.Organization.ID, workspace.ID)
			refused <- err
		}()
		dbtest.AwaitLocked(t, g.Pool, 1, strings.Fields(statement)[0])
		must(t, 0, tx.Commit(ctx))
		equal(t, name, violated(<-refused), "api_keys_workspace_id_fkey")
	}
}

// A workspace's version goes up with each change of name or slug, and with nothing else.
func TestWorkspaceVersion(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	version := func() int { return query[int](g, `select version from workspaces`) }
	equal(t, "new", version(), 1)
	equal(t, "updated", query[*time.Time](g, `select updated_at from workspaces`) == nil, true)
	for i, change := range []string{"name = 'M'", "slug = 'm'", "name = 'N', slug = 'n'"} {
		g.exec(`update workspaces set ` + change)
		equal(t, change, version(), i+2)
	}
	equal(t, "updated", query[*time.Time](g, `select updated_at from workspaces`) != nil, true)
	g.exec(`update workspaces set name = name, slug = slug`)
	equal(t, "unchanged", version(), 4)
}
