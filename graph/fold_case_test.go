package graph_test

import (
	"slices"
	"testing"

	"bursar/api"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// Case is ignored beyond ASCII, in a database of any locale: JÖRG@ and jörg@ are one recipient, ÉLISE@ and élise@ one member, who signs in
// with either, and a search for ÄRGER finds Ärger. Each address is mailed once, and one that is added again in another case is not
// suppressed any more.
func TestCaseIsFoldedInEveryLocale(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, and is about PostgreSQL's letters")
	for _, locale := range []string{"C", "C.UTF-8"} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			provider := ssotest.New(t)
			a := kit.ServeWith(t, kit.NewIn(t, locale), api.Config{Issuer: graphtest.Issuer(provider)})
			member := func(email string) object {
				return object{"input": object{"organizationId": a.OrganizationID(), "email": email, "role": "ADMIN"}}
			}
			a.Run(a.Tenant.BoundToken(a.Tenant.Owner, db.TokenRoleOWNER), "AddMember", member("ÉLISE@acme.test"))
			a.Refused(graphtest.RootToken, "AddMember", member("élise@acme.test"), "CONFLICT", "email")
			a.Post(provider.SignIn(ssotest.Portal, "éLISE@acme.test", true), object{
				"query":     `mutation($input: AcceptMembershipInput!) { acceptMembership(input: $input) { membership { role } } }`,
				"variables": object{"input": object{"organizationId": a.OrganizationID()}}}).Equal("ADMIN", "acceptMembership", "membership", "role")
			for _, presented := range []string{"élise@acme.test", "ÉLISE@ACME.test", "Élise@acme.test"} {
				a.Run(provider.SignIn(ssotest.Portal, presented, true), "Viewer", nil).Equal("ADMIN", "viewer", "role")
			}

			add := func(emails ...any) *graphtest.Answer {
				return a.Run(a.Admin, "AddRecipients", object{"input": object{"subjectId": a.KeyID(), "emails": emails}})
			}
			add("JÖRG@acme.test", "jörg@acme.test", "élise@acme.test")
			if _, err := a.Pool.Exec(t.Context(), `insert into suppressed_addresses (organization_id, address, reason) values ($1, 'jörg@acme.test', 'BOUNCED')`,
				a.Tenant.Organization.ID); err != nil {
				t.Fatal(err)
			}
			const recipients = `query($id: ID!) { node(id: $id) { ... on ApiKey { recipients { email suppressedReason } } } }`
			all := []any{
				object{"email": "JÖRG@acme.test", "suppressedReason": "BOUNCED"}, object{"email": a.Tenant.Owner.Email, "suppressedReason": nil},
				object{"email": "ÉLISE@acme.test", "suppressedReason": nil},
			}
			a.Post(a.Admin, object{"query": recipients, "variables": object{"id": a.KeyID()}}).Equal(all, "node", "recipients")
			add("jÖrg@acme.test")
			all[0] = object{"email": "JÖRG@acme.test", "suppressedReason": nil}
			a.Post(a.Admin, object{"query": recipients, "variables": object{"id": a.KeyID()}}).Equal(all, "node", "recipients")

			a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10}})
			a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 10}})
			var addresses []string
			if err := a.Pool.QueryRow(t.Context(), `select array_agg(address order by address collate "C") from alert_deliveries`).Scan(&addresses); err != nil {
				t.Fatal(err)
			}
			if want := []string{"jörg@acme.test", a.Tenant.Owner.Email, "élise@acme.test"}; !slices.Equal(addresses, want) {
				t.Errorf("mail goes to %q, want %q", addresses, want)
			}
			a.Run(a.Admin, "RemoveRecipients", object{"input": object{"subjectId": a.KeyID(), "emails": []any{"Jörg@ACME.test"}}})
			a.Post(a.Admin, object{"query": recipients, "variables": object{"id": a.KeyID()}}).Equal(all[1:], "node", "recipients")

			a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": "Ärger", "description": "ΣΊΣΥΦΟΣ und Straße"}})
			for search, want := range map[string]int{"ÄRGER": 1, "ärg": 1, "σίσυφος": 1, "STRAßE": 1, "arger": 0, "strasse": 0} {
				for _, token := range []string{a.Admin, graphtest.RootToken} {
					a.Run(token, "ApiKeys", object{"filter": object{"search": search}}).Equal(want, "apiKeys", "totalCount")
				}
			}
		})
	}
}
