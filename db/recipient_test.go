package db_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// addressed returns the addresses to which a budget's mails go, sorted.
func (g *gateway) addressed(budget uuid.UUID) []string {
	g.T.Helper()
	return query[[]string](g, `select coalesce(array_agg(d.address order by d.address), '{}') from alert_deliveries d
		join alerts a on a.id = d.alert_id where a.budget_limit_id = $1`, budget)
}

// addRecipients adds addresses to one of the tenant's subjects.
func (g *gateway) addRecipients(on db.SubjectType, emails ...string) {
	g.T.Helper()
	p := &db.AddRecipientsParams{OrganizationID: g.Organization.ID, Emails: emails}
	switch on {
	case onKey:
		p.APIKeyID = &g.Key.ID
	case onWorkspace:
		p.WorkspaceID = &g.Workspace.ID
	}
	must(g.T, 0, db.New().AddRecipients(context.Background(), g.Pool, p))
}

// Recipients are the owners and admins, the key's creator and those added, each address once, whatever its case; a
// workspace's and an organization's have no creator. Members who are neither, and other subjects' recipients, hear nothing.
func TestRecipients(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for on, want := range map[db.SubjectType][]string{
		onKey:          {"added@acme.test", "admin@acme.test", "creator@acme.test", "key@acme.test"},
		onWorkspace:    {"added@acme.test", "admin@acme.test", "workspace@acme.test"},
		onOrganization: {"added@acme.test", "admin@acme.test", "organization@acme.test"},
	} {
		t.Run(string(on), func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			want := append([]string{g.Owner.Email}, want...)
			g.Member(g.Organization.ID, "ADMIN@acme.test", db.MemberRoleADMIN)
			g.Member(g.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
			creator := g.Member(g.Organization.ID, "Creator@Acme.test", db.MemberRoleMEMBER)
			g.setKey("created_by_id = $2", creator.ID)
			g.addRecipients(onKey, "key@acme.test", "CREATOR@acme.test")
			g.addRecipients(onWorkspace, "workspace@acme.test")
			g.addRecipients(onOrganization, "organization@acme.test")
			g.addRecipients(on, "Added@acme.test", "ADDED@ACME.TEST", "Admin@Acme.test")
			g.addRecipients(on, "added@acme.test")
			g.neighbour().addRecipients(on, "foreign@acme.test")
			budget := g.budget(on, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100, 50)
			g.book(reportTokens(60))
			slices.Sort(want)
			if got := g.addressed(budget); !slices.Equal(got, want) {
				t.Errorf("recipients %v, want %v", got, want)
			}
		})
	}
}

// Recipients are found when the alert is raised: who comes later gets nothing of it, who has left gets nothing of the next.
func TestRecipientsAreFoundWhenRaised(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	budget := g.tokenBudget(100, 10, 20)
	g.addRecipients(onKey, "early@acme.test")
	g.book(reportTokens(10))
	g.addRecipients(onKey, "late@acme.test")
	must(t, 0, db.New().RemoveRecipients(ctx, g.Pool, &db.RemoveRecipientsParams{
		OrganizationID: g.Organization.ID, SubjectID: g.Key.ID, Emails: []string{"EARLY@acme.test"}}))
	g.Member(g.Organization.ID, "late@acme.test", db.MemberRoleOWNER) // for the owner who leaves must not be the last
	_, err := db.New().RemoveMember(ctx, g.Pool, &db.RemoveMemberParams{ID: g.Owner.ID, OrganizationID: &g.Organization.ID})
	must(t, 0, err)
	g.book(reportTokens(10))
	want := []string{"early@acme.test", "late@acme.test", g.Owner.Email}
	slices.Sort(want)
	if got := g.addressed(budget); !slices.Equal(got, want) {
		t.Errorf("recipients %v, want %v", got, want)
	}
}

// emailNotifications: false on a key sends no mail of its budgets; the alert is recorded all the same, and mails of its
// workspace's and organization's budgets go out.
func TestWithoutNotificationsAlertsAreRecorded(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.setKey("email_notifications = false")
	key := g.tokenBudget(100, 50)
	workspace := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100, 50)
	g.book(reportTokens(60))
	g.raised(key, 50)
	g.mailed(key)
	g.raised(workspace, 50)
	g.mailed(workspace, 50)
	g.setKey("email_notifications = true")
	g.book(reportTokens(60))
	g.mailed(key, 0)
}

// is_recipient says of every address what recipients_of lists: of owners, admins, members, creators and added addresses, in whatever case.
func TestIsRecipientAgreesWithTheList(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.Member(g.Organization.ID, "ADMIN@acme.test", db.MemberRoleADMIN)
	g.Member(g.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
	g.setKey("created_by_id = $2", g.Member(g.Organization.ID, "Élise@Acme.test", db.MemberRoleMEMBER).ID)
	for _, on := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
		g.addRecipients(on, string(on)+"@acme.test")
	}
	g.neighbour().addRecipients(onKey, "foreign@acme.test")
	if differing := rowsOf[struct {
		Subject uuid.UUID
		Address string
	}](g, `
		select s.id as subject, a.address
		from (select id from api_keys union all select id from workspaces union all select id from organizations) s
		cross join (select fold_case(email) as address from members union select address from recipients) a
		where is_recipient($1, s.id, a.address) <> exists (
			select from recipients_of(array[$1::uuid], array[s.id]) r where fold_case(r.email) = a.address)`, g.Organization.ID); len(differing) > 0 {
		t.Errorf("they differ about %+v", differing)
	}
	equal(t, "recipients", query[int64](g, `select count(*) from recipients_of(array[$1::uuid], array[$2::uuid])`, g.Organization.ID, g.Key.ID), 4)
}
