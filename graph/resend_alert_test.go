package graph_test

import (
	"testing"

	"bursar/db"
	"bursar/id"
)

// An alert can be mailed to people who were added after it, all of them or some, and again to those whose delivery failed; who has been
// sent it gets nothing twice, in whatever case the address is given. An address that is no recipient's is refused with nothing queued, a
// key that sends no mail queues none, and another organization's alert is not found. The audit log has each.
func TestResendAlert(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 10}})
	alert := a.Run(a.Viewer, "Alerts", nil).Text("alerts", "edges", 0, "node", "id")
	execute := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := a.Pool.Exec(t.Context(), statement, arguments...); err != nil {
			t.Fatal(err)
		}
	}
	execute(`update alert_deliveries set status = 'SENT', provider_id = 'p-1', mail_id = uuid_v7()`)
	const document = `mutation($input: ResendAlertInput!) { resendAlert(input: $input) { queued alert { id deliveries { email status } } } }`
	resend := func(input object) object {
		return object{"query": document, "variables": object{"input": input}}
	}
	queued := func(want int, input object) {
		t.Helper()
		a.Post(a.Admin, resend(input)).Equal(want, "resendAlert", "queued")
	}
	queued(0, object{"id": alert})

	a.Run(a.Admin, "AddRecipients", object{"input": object{"subjectId": a.KeyID(), "emails": []any{"early@acme.test", "late@acme.test"}}})
	a.Tenant.Member(a.Tenant.Organization.ID, "admin@acme.test", db.MemberRoleADMIN)
	a.Post(a.Admin, resend(object{"id": alert, "emails": []any{"early@acme.test", "stranger@acme.test"}})).Must("BAD_USER_INPUT", "emails")
	a.Post(a.Admin, resend(object{"id": alert, "emails": []any{}})).Must("BAD_USER_INPUT", "emails")
	a.Post(a.Admin, resend(object{"id": a.KeyID()})).Must("BAD_USER_INPUT", "id")
	queued(1, object{"id": alert, "emails": []any{"EARLY@acme.test", a.Tenant.Owner.Email}})
	answer := a.Post(a.Admin, resend(object{"id": alert}))
	answer.Equal(2, "resendAlert", "queued")
	answer.Equal(alert, "resendAlert", "alert", "id")
	answer.Equal([]any{
		object{"email": "admin@acme.test", "status": "QUEUED"}, object{"email": "early@acme.test", "status": "QUEUED"},
		object{"email": "late@acme.test", "status": "QUEUED"}, object{"email": a.Tenant.Owner.Email, "status": "SENT"},
	}, "resendAlert", "alert", "deliveries")
	queued(0, object{"id": alert})

	execute(`update alert_deliveries set status = 'FAILED', last_error = 'gave up', attempts = 9 where email = 'late@acme.test'`)
	execute(`update alert_deliveries set status = 'BOUNCED', provider_id = 'p-2' where email = 'early@acme.test'`)
	execute(`update alert_deliveries set status = 'COMPLAINED', provider_id = 'p-3' where email = 'admin@acme.test'`)
	queued(2, object{"id": alert})
	var fresh int
	if err := a.Pool.QueryRow(t.Context(), `select count(*) from alert_deliveries where status = 'QUEUED' and attempts = 0 and last_error is null
		and provider_id is null and mail_id is null and first_attempt_at is null`).Scan(&fresh); err != nil || fresh != 2 {
		t.Errorf("%d deliveries are as new, want 2: %v", fresh, err)
	}

	const log = `query($id: ID!) { auditLog(filter: {targetId: $id}, first: 10) { edges { node { action targetId after } } } }`
	entry := func(emails ...any) object {
		return object{"node": object{"action": "resendAlert", "targetId": alert, "after": object{"resentTo": emails}}}
	}
	entries := a.Post(a.Admin, object{"query": log, "variables": object{"id": alert}})
	entries.Equal([]any{
		entry("early@acme.test", "late@acme.test"),
		entry("admin@acme.test", "late@acme.test"),
		entry("early@acme.test"),
	}, "auditLog", "edges")

	execute(`update alert_deliveries set status = 'FAILED'`)
	execute(`update api_keys set email_notifications = false`)
	queued(0, object{"id": alert})
	a.Post(a.Admin, resend(object{"id": id.Alert.Format(a.Tenant.Key.ID)})).Must("NOT_FOUND", "id")
	a.Post(kit.Serve(t, a.Pool).Admin, resend(object{"id": alert})).Must("NOT_FOUND", "id")
}
