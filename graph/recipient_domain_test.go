package graph_test

import (
	"fmt"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const setDomains = `mutation($input: SetRecipientDomainsInput!) { setRecipientDomains(input: $input) {
	organization { recipientDomains } outside { subjectId email } outsideCount } }`

// allowRecipients sets an organization's recipient domains.
func allowRecipients(a *graphtest.API, token string, domains ...any) *graphtest.Answer {
	a.T.Helper()
	return a.Post(token, object{"query": setDomains, "variables": object{"input": object{"organizationId": a.OrganizationID(), "domains": append([]any{}, domains...)}}})
}

func addRecipients(a *graphtest.API, token, subject string, emails ...any) *graphtest.Answer {
	a.T.Helper()
	return a.Do(token, "AddRecipients", object{"input": object{"subjectId": subject, "emails": emails}})
}

// An organization allows recipients of its domains alone: others are refused by name, whoever adds them, to whatever subject, also with
// a new key, and nothing of the call is done. Those that were there before stay, and are listed. Members go on hearing of alerts.
func TestRecipientDomains(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	r := newRoleTokens(t)
	addRecipients(r.API, r.Admin, r.WorkspaceID(), "old@elsewhere.test", "fine@acme.test")
	addRecipients(r.API, r.Admin, r.OrganizationID(), "older@elsewhere.test")
	allowRecipients(r.API, r.tokens["MEMBER"], "acme.test").Must("FORBIDDEN", "")
	for _, wrong := range []string{"", "x@acme.test", "*", "*.test", "a b", "acme.test/"} {
		allowRecipients(r.API, r.Admin, "acme.test", wrong).Must("BAD_USER_INPUT", "domains.1")
	}
	set := allowRecipients(r.API, r.tokens["ADMIN"], "ACME.test", "bücher.example", "acme.test")
	set.Equal([]any{"acme.test", "bücher.example"}, "setRecipientDomains", "organization", "recipientDomains")
	set.Equal([]any{object{"email": "old@elsewhere.test", "subjectId": r.WorkspaceID()}, object{"email": "older@elsewhere.test", "subjectId": r.OrganizationID()}},
		"setRecipientDomains", "outside")
	set.Equal(2, "setRecipientDomains", "outsideCount")

	mine, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	own := id.APIKey.Format(mine.ID)
	before := fingerprintOf(t, r.API)
	for _, outside := range []string{"x@elsewhere.test", "x@sub.acme.test", "x@notacme.test", "x@acme.test.elsewhere.test", "x@xn--bcher-kva.example", "old@elsewhere.test"} {
		for _, subject := range []string{r.OrganizationID(), r.WorkspaceID(), own} {
			for _, token := range []string{r.Admin, graphtest.RootToken, r.tokens["OWNER"]} {
				addRecipients(r.API, token, subject, "ok@acme.test", outside).Must("BAD_USER_INPUT", "emails.1")
			}
		}
		addRecipients(r.API, r.tokens["MEMBER"], own, outside).Must("BAD_USER_INPUT", "emails.0")
		r.Refused(r.tokens["MEMBER"], "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "x", "recipients": []any{outside}}},
			"BAD_USER_INPUT", "recipients.0")
	}
	several := addRecipients(r.API, r.Admin, own, "a@x.test", "ok@acme.test", "b@x.test")
	if len(several.Errors) != 2 || several.Errors[1].Extensions.Field != "emails.2" {
		t.Errorf("%+v", several.Errors)
	}
	if fingerprintOf(t, r.API) != before {
		t.Error("a refused call changed something")
	}
	for _, fine := range []string{"x@acme.test", "Y@ACME.Test", "z@BÜCHER.example"} {
		if answer := addRecipients(r.API, r.tokens["MEMBER"], own, fine); len(answer.Errors) > 0 {
			t.Errorf("%s: %+v", fine, answer.Errors)
		}
	}
	allowRecipients(r.API, r.Admin).Equal([]any{}, "setRecipientDomains", "outside")
	if answer := addRecipients(r.API, r.Admin, own, "x@elsewhere.test"); len(answer.Errors) > 0 {
		t.Errorf("%+v", answer.Errors)
	}
	other := *r.API
	other.Tenant = dbtest.NewTenant(t, r.Pool)
	allowRecipients(&other, r.Admin, "x.test").Must("NOT_FOUND", "organizationId")
}

// A MEMBER does not lift the suppression of an address, which holds for the whole organization, with addRecipients or a new key, alone or
// with other addresses, in whatever case, also where it is a recipient already: they are told so, by name, and nothing is done. An
// OWNER, an ADMIN and the operator lift it.
func TestMemberLiftsNoSuppression(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	mine, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	own := id.APIKey.Format(mine.ID)
	addRecipients(r.API, r.Admin, own, "there@acme.test")
	suppress := func() {
		for address, reason := range map[string]string{"complained@acme.test": "COMPLAINED", "bounced@acme.test": "BOUNCED", "there@acme.test": "COMPLAINED"} {
			if _, err := r.Pool.Exec(t.Context(), `insert into suppressed_addresses (organization_id, address, reason) values ($1, $2, $3) on conflict do nothing`,
				r.Tenant.Organization.ID, address, reason); err != nil {
				t.Fatal(err)
			}
		}
	}
	suppress()
	for _, address := range []string{"complained@acme.test", "COMPLAINED@Acme.Test", "bounced@acme.test", "there@acme.test"} {
		for _, member := range []string{r.tokens["MEMBER"], r.Tenant.BoundToken(r.member, db.TokenRoleADMIN)} {
			before := fingerprintOf(t, r.API)
			refused := addRecipients(r.API, member, own, "new@acme.test", address)
			refused.Must("FORBIDDEN", "emails.1")
			want := fmt.Sprintf("emails.1: mail to %s bounced or was reported as unwanted; only an OWNER or ADMIN has it written to again", address)
			if refused.Errors[0].Message != want {
				t.Errorf("%q", refused.Errors[0].Message)
			}
			r.Refused(member, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "x", "recipients": []any{address}}},
				"FORBIDDEN", "recipients.0")
			if fingerprintOf(t, r.API) != before {
				t.Errorf("%s: something was changed", address)
			}
		}
	}
	for _, token := range []string{r.tokens["OWNER"], r.tokens["ADMIN"], r.Admin, graphtest.RootToken} {
		suppress()
		lifted := addRecipients(r.API, token, own, "complained@acme.test", "bounced@acme.test", "there@acme.test")
		for _, recipient := range lifted.Get("addRecipients", "recipients").([]any) {
			if recipient.(object)["suppressedAt"] != nil {
				t.Errorf("%v", recipient)
			}
		}
		var left int
		if err := r.Pool.QueryRow(t.Context(), `select count(*) from suppressed_addresses`).Scan(&left); err != nil || left > 0 {
			t.Errorf("%d addresses are suppressed, %v", left, err)
		}
	}
	if answer := addRecipients(r.API, r.tokens["MEMBER"], own, "complained@acme.test"); len(answer.Errors) > 0 {
		t.Errorf("%+v", answer.Errors)
	}
}
