package graph_test

import (
	"testing"

	"bursar/db"
)

// Guarantee: what became of each mail can be read: the provider's id, the attempts and their times, why not; the news of a
// reset apart from the alert's own mail; and which recipients are not written to, until they are added again.
func TestDeliveriesAreVisible(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	key := a.Tenant.Key
	execute := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := a.Pool.Exec(t.Context(), statement, arguments...); err != nil {
			t.Fatal(err)
		}
	}
	execute(`select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 100, '{}', null)`, a.Tenant.Organization.ID, key.ID)
	execute(`update counters set used_units = 100`)
	execute(`select raise_alerts($1, array(select id from counters), array[null::integer], null, clock_timestamp())`, a.Tenant.Organization.ID)
	execute(`insert into alert_deliveries (organization_id, alert_id, purpose, address, email, queued_at, next_attempt_at)
		select organization_id, alert_id, 'RESET', address, email, queued_at, next_attempt_at from alert_deliveries`)
	execute(`update alert_deliveries set status = 'BOUNCED', provider_id = 'p-1', attempts = 2, first_attempt_at = '2026-01-01T00:00:00Z',
		sent_at = '2026-01-01T00:01:00Z', last_error = 'no such mailbox' where purpose = 'ALERT'`)
	execute(`insert into suppressed_addresses (organization_id, address, reason, suppressed_at) values ($1, $2, $3, '2026-01-02T00:00:00Z')`,
		a.Tenant.Organization.ID, a.Tenant.Owner.Email, db.SuppressionReasonBOUNCED)

	const query = `query($id: ID!) { alerts(filter: {subjectId: $id}) { edges { node {
		deliveries { email status attempts lastError providerId firstAttemptAt nextAttemptAt sentAt }
		resetDeliveries { status attempts providerId firstAttemptAt queuedAt nextAttemptAt } } } } }`
	variables := object{"id": key.ExternalID()}
	alerts := a.Post(a.Viewer, object{"query": query, "variables": variables})
	for field, want := range map[string]any{
		"email": a.Tenant.Owner.Email, "status": "BOUNCED", "attempts": 2, "lastError": "no such mailbox", "providerId": "p-1",
		"firstAttemptAt": "2026-01-01T00:00:00Z", "nextAttemptAt": nil, "sentAt": "2026-01-01T00:01:00Z",
	} {
		alerts.Equal(want, "alerts", "edges", 0, "node", "deliveries", 0, field)
	}
	for field, want := range map[string]any{"status": "QUEUED", "attempts": 0, "providerId": nil, "firstAttemptAt": nil} {
		alerts.Equal(want, "alerts", "edges", 0, "node", "resetDeliveries", 0, field)
	}
	if alerts.Text("alerts", "edges", 0, "node", "resetDeliveries", 0, "nextAttemptAt") == "" {
		t.Error("a queued delivery does not say when it is tried")
	}

	const recipients = `query($id: ID!) { node(id: $id) { ... on ApiKey { recipients { email suppressedAt suppressedReason } } } }`
	suppressed := a.Post(a.Viewer, object{"query": recipients, "variables": variables})
	suppressed.Equal("2026-01-02T00:00:00Z", "node", "recipients", 0, "suppressedAt")
	suppressed.Equal("BOUNCED", "node", "recipients", 0, "suppressedReason")
	lifted := a.Post(a.Admin, object{"query": `mutation($input: AddRecipientsInput!) { addRecipients(input: $input) { recipients { suppressedAt } } }`,
		"variables": object{"input": object{"subjectId": key.ExternalID(), "emails": []any{a.Tenant.Owner.Email}}}})
	lifted.Equal(nil, "addRecipients", "recipients", 0, "suppressedAt")
}
