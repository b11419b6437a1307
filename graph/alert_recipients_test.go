package graph_test

import (
	"slices"
	"strings"
	"testing"

	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/id"
)

const (
	namedOf = `query($id: ID!) { node(id: $id) { ... on BudgetLimit { version alertRecipients { kind threshold thresholdPercent emails includeSubjectRecipients } }
		... on ApiKey { budgetLimits { alertRecipients { kind threshold thresholdPercent emails includeSubjectRecipients } } } } }`
	preview = `query($input: PreviewAlertsInput!) { previewAlerts(input: $input) { alerts {
		kind purpose threshold thresholdPercent raisedNow subject text recipientCount recipients { email source reach formerMember } } } }`
)

func named(kind string, threshold, percent any, subject bool, emails ...any) object {
	return object{"kind": kind, "threshold": threshold, "thresholdPercent": percent, "emails": append([]any{}, emails...), "includeSubjectRecipients": subject}
}

// Whom a budget names for its alerts is set wherever budgets are: alone, with a new key, in the forms of keys, workspaces and organizations, and of policies. What is not given stays, an empty list
// takes it away, and what is saved as it is changes no version.
func TestRecipientsOfAlertsInEveryForm(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	lead := named("THRESHOLD", nil, 50, false, "lead@acme.test")
	all := []any{lead, named("THRESHOLD", "2", nil, false, "finance@acme.test", "lead@acme.test"), named("EXHAUSTED", nil, nil, true)}
	budget := object{"type": "COST", "amount": "10", "alertThresholds": []any{"2"}, "alertThresholdPercents": []any{50}, "alertRecipients": all}
	has := func(id string, want []any, path ...any) {
		t.Helper()
		a.Post(a.Viewer, object{"query": namedOf, "variables": object{"id": id}}).Equal(want, append([]any{"node"}, path...)...)
	}
	alone := a.Run(a.Admin, "CreateBudgetLimit", object{"input": extended(budget, object{"subjectId": a.KeyID()})}).Text("createBudgetLimit", "budgetLimit", "id")
	has(alone, all, "alertRecipients")
	key := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "x", "budgetLimits": []any{budget}}}).Text("createApiKey", "apiKey", "id")
	has(key, all, "budgetLimits", 0, "alertRecipients")

	version := func() any {
		return a.Post(a.Viewer, object{"query": namedOf, "variables": object{"id": alone}}).Get("node", "version")
	}
	before := version()
	form := func(input object) object {
		return object{"input": object{"subjectId": a.KeyID(), "budgetLimits": []any{extended(object{"id": alone}, input)}}}
	}
	a.Run(a.Admin, "SetLimits", form(object{"alertRecipients": all}))
	a.Run(a.Admin, "SetLimits", form(object{}))
	if after := version(); after != before {
		t.Errorf("the version is %v, was %v", after, before)
	}
	a.Run(a.Admin, "SetLimits", form(object{"alertThresholds": []any{}}))
	has(alone, []any{lead, all[2]}, "alertRecipients")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": alone, "alertRecipients": []any{lead}}})
	has(alone, []any{lead}, "alertRecipients")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": alone, "alertRecipients": []any{}}})
	has(alone, []any{}, "alertRecipients")
	for _, subject := range []string{a.WorkspaceID(), a.OrganizationID()} {
		saved := a.Post(a.Admin, object{"query": `mutation($input: SetLimitsInput!) { setLimits(input: $input) { subject { budgetLimits { id } } } }`,
			"variables": object{"input": object{"subjectId": subject, "budgetLimits": []any{budget}}}})
		has(saved.Text("setLimits", "subject", "budgetLimits", 0, "id"), all, "alertRecipients")
	}
	policy := a.Post(a.Admin, object{"query": `mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { policy { budgetLimits { alertThresholdPercents alertRecipients { kind threshold thresholdPercent emails includeSubjectRecipients } } } } }`,
		"variables": object{"input": object{"ownerId": a.OrganizationID(), "name": "p", "mode": "ENFORCE", "conditions": []any{}, "groupBy": []any{}, "budgetLimits": []any{budget}}}})
	policy.Equal(all, "createPolicy", "policy", "budgetLimits", 0, "alertRecipients")
	policy.Equal([]any{50}, "createPolicy", "policy", "budgetLimits", 0, "alertThresholdPercents")
}

// All that is wrong with whom a budget names is told at once, each with its path, and changes nothing.
func TestWrongRecipientsOfAlerts(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	before := fingerprintOf(t, a)
	wrong := a.Post(a.Admin, object{"query": `mutation($input: CreateBudgetLimitInput!) { createBudgetLimit(input: $input) { budgetLimit { id } } }`,
		"variables": object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100, "alertThresholds": []any{10, 20}, "alertThresholdPercents": []any{50, 60}, "alertRecipients": []any{
			object{"threshold": 10, "emails": []any{}}, object{"threshold": 11, "emails": []any{"a@acme.test"}}, object{"thresholdPercent": 51, "emails": []any{"a@acme.test"}},
			object{"emails": []any{"a@acme.test"}}, object{"threshold": 20, "thresholdPercent": 50, "emails": []any{"a@acme.test"}},
			object{"kind": "RAISED", "emails": []any{"a@acme.test"}}, object{"kind": "EXHAUSTED", "threshold": 10, "emails": []any{"a@acme.test"}},
			object{"thresholdPercent": 60, "emails": []any{"no address", "a@acme.test", "A@acme.test", "nul\u0000@acme.test"}},
			object{"kind": "REFUSED", "includeSubjectRecipients": true}, object{"kind": "REFUSED", "includeSubjectRecipients": true},
			object{"threshold": "-1", "emails": []any{"a@acme.test"}},
		}}}})
	var fields []string
	for _, refused := range wrong.Errors {
		fields = append(fields, strings.TrimPrefix(refused.Extensions.Field, "alertRecipients."))
	}
	want := []string{"0.emails", "1.threshold", "2.thresholdPercent", "3.threshold", "4.threshold", "5.kind", "6.kind", "7.emails.0", "7.emails.3", "7.emails.2", "9", "10.threshold"}
	slices.Sort(fields)
	slices.Sort(want)
	if !slices.Equal(fields, want) {
		t.Errorf("refused are %q, want %q", fields, want)
	}
	many := make([]any, 43)
	for i := range many {
		many[i] = object{"kind": "EXHAUSTED", "includeSubjectRecipients": true}
	}
	a.Refused(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100, "alertRecipients": many}}, "BAD_USER_INPUT", "alertRecipients")
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100, "alertRecipients": nil}})
	if fingerprintOf(t, a) == before {
		t.Error("nothing was created")
	}
}

// Whom a budget names is subject to what holds for added recipients: the organization's domains, and addresses that bounced, which are written to again unless a MEMBER names them. One
// that is named already may stay.
func TestNamedAreRecipients(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	suppress := func() {
		if _, err := r.Pool.Exec(t.Context(), `insert into suppressed_addresses (organization_id, address, reason) values ($1, 'bounced@acme.test', 'BOUNCED') on conflict do nothing`,
			r.Tenant.Organization.ID); err != nil {
			t.Fatal(err)
		}
	}
	suppressed := func() (is bool) {
		if err := r.Pool.QueryRow(t.Context(), `select exists (select from suppressed_addresses)`).Scan(&is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	budget := func(period string, emails ...any) object {
		return object{"type": "TOKENS", "amount": 100, "periodicReset": period, "alertRecipients": []any{object{"kind": "EXHAUSTED", "emails": emails}}}
	}
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	mine := object{"subjectId": id.APIKey.Format(key.ID)}
	allowRecipients(r.API, r.Admin, "acme.test")
	suppress()
	r.Refused(r.Admin, "CreateBudgetLimit", object{"input": extended(budget("DAILY", "a@acme.test", "b@other.test"), mine)}, "BAD_USER_INPUT", "alertRecipients.0.emails.1")
	r.Refused(r.Admin, "CreateApiKey", object{"input": object{"ownerId": r.OrganizationID(), "name": "x", "budgetLimits": []any{budget("DAILY", "b@other.test")}}},
		"BAD_USER_INPUT", "budgetLimits.0.alertRecipients.0.emails.0")
	r.Refused(r.tokens["MEMBER"], "CreateBudgetLimit", object{"input": extended(budget("DAILY", "bounced@acme.test"), mine)}, "FORBIDDEN", "alertRecipients.0.emails.0")
	r.Run(r.tokens["MEMBER"], "CreateBudgetLimit", object{"input": extended(budget("DAILY", "lead@acme.test"), mine)})
	if !suppressed() {
		t.Error("a MEMBER has an address written to again")
	}
	created := r.Run(r.Admin, "CreateBudgetLimit", object{"input": extended(budget("WEEKLY", "Bounced@acme.test"), mine)}).Text("createBudgetLimit", "budgetLimit", "id")
	if suppressed() {
		t.Error("who is named is not written to again")
	}
	suppress()
	allowRecipients(r.API, r.Admin, "beta.test")
	r.Run(r.Admin, "UpdateBudgetLimit", object{"input": object{"id": created, "alertRecipients": []any{object{"kind": "EXHAUSTED", "emails": []any{"bounced@acme.test"}, "includeSubjectRecipients": true}}}})
	if !suppressed() {
		t.Error("who was named before is written to again")
	}
	r.Refused(r.Admin, "SetLimits", object{"input": extended(mine, object{"budgetLimits": []any{object{"id": created, "alertRecipients": []any{object{"kind": "REFUSED", "emails": []any{"new@acme.test"}}}}}})},
		"BAD_USER_INPUT", "budgetLimits.0.alertRecipients.0.emails.0")
}

// reached is what a preview says of an alert, as "KIND threshold: address reach, …".
func reached(answer *graphtest.Answer) []string {
	var lines []string
	for _, item := range answer.Get("previewAlerts", "alerts").([]any) {
		alert, is := item.(object)
		if !is {
			continue
		}
		line := alert["kind"].(string)
		if alert["purpose"] == "RESET" {
			line = "RESET"
		}
		if threshold, is := alert["threshold"].(string); is {
			line += " " + threshold
		}
		if alert["raisedNow"] == true {
			line += " now"
		}
		line += ":"
		for _, r := range alert["recipients"].([]any) {
			one := r.(object)
			line += " " + strings.Split(one["email"].(string), "@")[0] + " " + one["source"].(string)
			if one["reach"] != "MAILED" {
				line += " " + one["reach"].(string)
			}
			if one["formerMember"] == true {
				line += " FORMER"
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// A preview says of each mail who gets it and who does not: owners, the creator, added and named addresses, with removed and invited members and suppressed addresses told apart; and
// what is raised at once. It changes nothing, and what it says becomes true.
func TestPreviewOfAlerts(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	former := a.Tenant.Member(a.Tenant.Organization.ID, "former@acme.test", db.MemberRoleADMIN)
	invited := a.Tenant.Member(a.Tenant.Organization.ID, "invited@acme.test", db.MemberRoleADMIN)
	for _, statement := range []string{
		`insert into suppressed_addresses (organization_id, address, reason) select organization_id, 'bounced@acme.test', 'BOUNCED' from members limit 1`,
		`delete from members where id = '` + former.ID.String() + `'`, `update members set status = 'INVITED' where id = '` + invited.ID.String() + `'`,
	} {
		if _, err := a.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	a.Run(a.Admin, "SetLimits", object{"input": object{"subjectId": a.KeyID(), "recipients": []any{"team@acme.test"}}})
	if _, err := a.Pool.Exec(t.Context(), `insert into recipients (organization_id, api_key_id, email) values ($1, $2, 'bounced@acme.test')`,
		a.Tenant.Organization.ID, a.Tenant.Key.ID); err != nil {
		t.Fatal(err)
	}
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 1000, "periodicReset": "WEEKLY"}}).Text("createBudgetLimit", "budgetLimit", "id")
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 550}})

	change := object{"id": budget, "alertThresholds": []any{100}, "alertThresholdPercents": []any{50, 90}, "alertRecipients": []any{
		object{"thresholdPercent": 50, "emails": []any{"former@acme.test", "Team@acme.test"}},
		object{"thresholdPercent": 90, "emails": []any{"invited@acme.test"}, "includeSubjectRecipients": true},
		object{"kind": "EXHAUSTED", "emails": []any{"new@acme.test"}}}}
	before := fingerprintOf(t, a)
	shown := a.Post(a.Admin, object{"query": preview, "variables": object{"input": object{"subjectId": a.KeyID(), "budgetLimit": change}}})
	owner := strings.Split(a.Tenant.Owner.Email, "@")[0] + " OWNER"
	defaults := owner + " invited ADMIN INVITED bounced ADDED SUPPRESSED team ADDED"
	want := []string{"THRESHOLD 100 now: " + defaults, "THRESHOLD 500 now: Team NAMED former NAMED FORMER", "THRESHOLD 900: " + owner + " bounced ADDED SUPPRESSED team ADDED invited NAMED",
		"REFUSED: " + defaults, "EXHAUSTED: new NAMED", "RESET: new NAMED"}
	if got := reached(shown); !slices.Equal(got, want) {
		t.Errorf("the preview says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	shown.Equal(50, "previewAlerts", "alerts", 1, "thresholdPercent")
	if subject := shown.Text("previewAlerts", "alerts", 2, "subject"); !strings.Contains(subject, " 90 % of its weekly budget of 1,000 tokens") {
		t.Errorf("the subject is %q", subject)
	}
	if fingerprintOf(t, a) != before {
		t.Error("a preview has changed something")
	}

	a.Run(a.Admin, "SetLimits", object{"input": object{"subjectId": a.KeyID(), "budgetLimits": []any{change}}})
	rows, err := a.Pool.Query(t.Context(), `select a.threshold_units || ' ' || split_part(d.address, '@', 1) from alerts a join alert_deliveries d on d.organization_id = a.organization_id and d.alert_id = a.id
		order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		told = append(told, one)
	}
	// each the highest alone: the team hears of 500
	if expected := []string{"100 bounced", "100 " + strings.ToLower(strings.Fields(owner)[0]), "500 former", "500 team"}; rows.Err() != nil || !slices.Equal(told, expected) {
		t.Errorf("told are %q, want %q, %v", told, expected, rows.Err())
	}
}

// A preview is also of a new key, for who is to have created it, and of recipients that are not saved either; of a key that sends no mail it says so, of a budget in SHADOW nothing is refused, and of
// one that is not enabled nothing is told. Input is checked as for saving; a MEMBER asks about keys of their own.
func TestPreviewOfWhatThereIsNot(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	ask := func(token string, input object) *graphtest.Answer {
		return r.Post(token, object{"query": preview, "variables": object{"input": input}})
	}
	expect := func(answer *graphtest.Answer, want ...string) {
		t.Helper()
		if got := reached(answer); !slices.Equal(got, want) {
			t.Errorf("the preview says %q, want %q", got, want)
		}
	}
	budget := object{"type": "COST", "amount": "10"}
	owner := strings.Split(r.Tenant.Owner.Email, "@")[0] + " OWNER"
	me := strings.Split(r.member.Email, "@")[0] + " CREATOR"
	fresh := ask(r.tokens["MEMBER"], object{"ownerId": r.WorkspaceID(), "name": "mine", "budgetLimit": budget, "recipients": []any{"Team@acme.test"}})
	others := strings.TrimSuffix(strings.TrimPrefix(reached(fresh)[0], "REFUSED: "), " "+me+" Team ADDED")
	if !strings.HasPrefix(others, owner) {
		t.Errorf("owners and admins are %q", others)
	}
	expect(fresh, "REFUSED: "+others+" "+me+" Team ADDED", "EXHAUSTED: "+others+" "+me+" Team ADDED")
	if subject := fresh.Text("previewAlerts", "alerts", 1, "subject"); !strings.Contains(subject, `key "mine"`) {
		t.Errorf("the subject is %q", subject)
	}
	whole := ask(r.Admin, object{"subjectId": r.WorkspaceID(), "budgetLimit": budget}).Text("previewAlerts", "alerts", 0, "text")
	if strings.Count(whole, r.Tenant.Workspace.Name) != 1 || !strings.Contains(fresh.Text("previewAlerts", "alerts", 0, "text"), r.Tenant.Workspace.Name) {
		t.Errorf("the mail of the workspace is\n%s", whole)
	}
	expect(ask(r.Admin, object{"subjectId": r.WorkspaceID(), "budgetLimit": extended(budget, object{"enabled": false})}))
	expect(ask(r.Admin, object{"subjectId": r.WorkspaceID(), "budgetLimit": extended(budget, object{"mode": "SHADOW"})}), "EXHAUSTED: "+others)
	silent := reached(ask(r.Admin, object{"subjectId": r.KeyID(), "emailNotifications": false, "budgetLimit": budget}))
	if strings.Count(silent[0], "NOTIFICATIONS_OFF") == 0 {
		t.Errorf("of a silent key it says %q", silent)
	}
	for _, test := range []struct {
		token string
		input object
		code  string
		field string
	}{
		{r.Admin, object{"budgetLimit": budget}, "BAD_USER_INPUT", "subjectId"},
		{r.Admin, object{"subjectId": r.KeyID(), "ownerId": r.WorkspaceID(), "budgetLimit": budget}, "BAD_USER_INPUT", "subjectId"},
		{r.Admin, object{"subjectId": r.KeyID(), "name": "x", "budgetLimit": budget}, "BAD_USER_INPUT", "ownerId"},
		{r.Admin, object{"subjectId": r.KeyID(), "budgetLimit": object{"id": id.BudgetLimit.Format(r.Tenant.Key.ID)}}, "NOT_FOUND", "budgetLimit.id"},
		{r.Admin, object{"subjectId": r.KeyID(), "budgetLimit": extended(budget, object{"amount": "0.5"})}, "BAD_USER_INPUT", "budgetLimit.amount"},
		{r.Admin, object{"subjectId": r.KeyID(), "budgetLimit": extended(budget, object{"periodicReset": "DAILY", "timeZone": "Mars/Base"})}, "BAD_USER_INPUT", "budgetLimit.timeZone"},
		{r.Admin, object{"subjectId": r.KeyID(), "budgetLimit": budget, "recipients": []any{"no address"}}, "BAD_USER_INPUT", "recipients.0"},
		{r.Admin, object{"subjectId": "key_x", "budgetLimit": budget}, "BAD_USER_INPUT", "subjectId"},
		{r.tokens["MEMBER"], object{"subjectId": r.WorkspaceID(), "budgetLimit": budget}, "FORBIDDEN", ""},
		{r.tokens["MEMBER"], object{"ownerId": r.WorkspaceID(), "createdById": r.OwnerID(), "budgetLimit": budget}, "FORBIDDEN", ""},
	} {
		answer := ask(test.token, test.input)
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != test.code || answer.Errors[0].Extensions.Field != test.field {
			t.Errorf("%v: %+v, want %s of %s", test.input, answer.Errors, test.code, test.field)
		}
	}
}
