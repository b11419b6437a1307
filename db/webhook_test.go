package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
)

// webhook makes a webhook of the tenant's organization that is told of everything; of a workspace unless nil.
func (g *gateway) webhook(format db.WebhookFormat, workspaceID *uuid.UUID) uuid.UUID {
	g.T.Helper()
	made, err := db.New().CreateWebhook(g.T.Context(), g.Pool, &db.CreateWebhookParams{
		OrganizationID: g.Organization.ID, WorkspaceID: workspaceID, Name: "Pager", URL: "https://example.com/hook", Format: format,
		Events: []string{"THRESHOLD", "EXHAUSTED", "REFUSED", "RESET"}, Secret: make([]byte, 32)})
	return must(g.T, made, err)
}

// told returns what a webhook is to be told: the events in the order in which they were queued, a threshold with its units.
func (g *gateway) told(webhookID uuid.UUID) string {
	g.T.Helper()
	return query[string](g, `select coalesce(string_agg(d.event || coalesce(' ' || a.threshold_units, ''), ', ' order by d.event = 'RESET', a.raised_at, a.threshold_units), '')
		from webhook_deliveries d left join alerts a on a.organization_id = d.organization_id and a.id = d.alert_id where d.webhook_id = $1`, webhookID)
}

// Each alert is told once to each webhook, in the transaction that raises it: in Slack's form of several of one budget that are raised together
// the highest alone. The reset that ends an exhaustion is told once, too. What is replayed or raised by nobody tells nothing.
func TestWebhooksAreToldOfEachAlertOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	standard, slack := g.webhook(db.WebhookFormatSTANDARD, nil), g.webhook(db.WebhookFormatSLACK, nil)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 10, 50)
	g.book(reportTokens(60).named("first"))
	g.book(reportTokens(60).named("first"))
	equal(t, "both thresholds", g.told(standard), "THRESHOLD 10, THRESHOLD 50")
	equal(t, "the higher one", g.told(slack), "THRESHOLD 50")
	g.book(reportTokens(60))
	g.book(reportTokens(60))
	equal(t, "standard", g.told(standard), "THRESHOLD 10, THRESHOLD 50, EXHAUSTED")
	g.after(14 * 24 * time.Hour).closePeriods()
	g.closePeriods()
	equal(t, "the reset", g.told(standard), "THRESHOLD 10, THRESHOLD 50, EXHAUSTED, RESET")
	equal(t, "the reset", g.told(slack), "THRESHOLD 50, EXHAUSTED, RESET")
}

// A webhook of a workspace is told of the workspace's alerts and of those of its keys, and of no other; a webhook is told of the events that it
// names; one that is disabled is told nothing, and what was queued for it fails.
func TestWebhooksAreToldOfWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	elsewhere := g.Factory.Workspace(g.Organization.ID).ID
	own, others := g.webhook(db.WebhookFormatSTANDARD, &g.Workspace.ID), g.webhook(db.WebhookFormatSTANDARD, &elsewhere)
	exhausted, disabled := g.webhook(db.WebhookFormatSTANDARD, nil), g.webhook(db.WebhookFormatSTANDARD, nil)
	g.exec(`update webhooks set events = '{EXHAUSTED}' where id = $1`, exhausted)
	other := dbtest.NewTenant(t, g.Pool)
	foreign := (&gateway{Tenant: other}).webhook(db.WebhookFormatSTANDARD, nil)
	g.exec(`update api_keys set workspace_id = $2 where id = $1`, g.Key.ID, g.Workspace.ID)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 10)
	g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1000, 20)
	g.book(reportTokens(50))
	equal(t, "the key's", g.told(own), "THRESHOLD 10")
	equal(t, "another workspace's", g.told(others), "")
	equal(t, "another organization's", g.told(foreign), "")
	equal(t, "exhaustion alone", g.told(exhausted), "")
	equal(t, "both", g.told(disabled), "THRESHOLD 10, THRESHOLD 20")
	g.exec(`update webhooks set enabled = false where id = $1`, disabled)
	g.book(reportTokens(100))
	equal(t, "not while it is disabled", g.told(disabled), "THRESHOLD 10, THRESHOLD 20")
	equal(t, "exhaustion", g.told(exhausted), "EXHAUSTED")
	equal(t, "failed", query[int](g, `select count(*) from webhook_deliveries where webhook_id = $1 and status = 'FAILED'
		and last_error = 'not sent: the webhook was disabled before'`, disabled), 2)
	g.exec(`delete from webhooks where id = $1`, own)
	equal(t, "the record goes with it", query[int](g, `select count(*) from webhook_deliveries where webhook_id = $1`, own), 0)
}

// Each webhook has one delivery under way, the oldest, and each organization as many as a run says; nobody claims what another has claimed until its
// lease is over, and then its first holder's outcome changes nothing.
func TestWebhookClaimsAreExclusive(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := &gateway{Tenant: dbtest.NewTenant(t, g.Pool)}
	for range 3 {
		webhook := g.webhook(db.WebhookFormatSTANDARD, nil)
		g.exec(`insert into webhook_deliveries (organization_id, webhook_id, event) select $1, $2, 'TEST' from generate_series(1, 2)`, g.Organization.ID, webhook)
	}
	lone := other.webhook(db.WebhookFormatSTANDARD, nil)
	g.exec(`insert into webhook_deliveries (organization_id, webhook_id, event) values ($1, $2, 'TEST')`, other.Organization.ID, lone)
	claim := func(number int32, lease time.Duration) []*db.WebhookDelivery {
		rows, err := db.New().ClaimWebhookDeliveries(t.Context(), g.Pool, &db.ClaimWebhookDeliveriesParams{Number: number, PerOrganization: 2, Lease: lease})
		return must(t, rows, err)
	}
	first := claim(2, -time.Second) // its holder dies at once
	equal(t, "organizations take turns", first[0].OrganizationID != first[1].OrganizationID, true)
	again := claim(20, time.Minute)
	equal(t, "two of one organization and one of the other", len(again), 3)
	equal(t, "nothing is claimed twice", len(claim(20, time.Minute)), 0)
	for _, row := range first {
		must(t, 0, db.New().SettleWebhookDelivery(t.Context(), g.Pool, &db.SettleWebhookDeliveryParams{
			OrganizationID: row.OrganizationID, ID: row.ID, Attempts: row.Attempts, Status: db.WebhookDeliveryStatusDELIVERED}))
	}
	equal(t, "a late outcome", query[int](g, `select count(*) from webhook_deliveries where status = 'DELIVERED'`), 0)
	for _, row := range again {
		must(t, 0, db.New().SettleWebhookDelivery(t.Context(), g.Pool, &db.SettleWebhookDeliveryParams{
			OrganizationID: row.OrganizationID, ID: row.ID, Attempts: row.Attempts, Status: db.WebhookDeliveryStatusDELIVERED}))
	}
	equal(t, "outcomes", query[int](g, `select count(*) from webhook_deliveries where status = 'DELIVERED'`), 3)
}

// A rotation that is repeated, because its answer was lost, ends no secret that the receiver may have; one without an overlap ends all at once.
func TestRepeatedRotationEndsNoSecret(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	webhook := g.webhook(db.WebhookFormatSTANDARD, nil)
	g.exec(`insert into webhook_deliveries (organization_id, webhook_id, event) values ($1, $2, 'TEST')`, g.Organization.ID, webhook)
	signing := func() string {
		t.Helper()
		targets, err := db.New().ListWebhookTargets(t.Context(), g.Pool, []uuid.UUID{query[uuid.UUID](g, `select id from webhook_deliveries where webhook_id = $1`, webhook)})
		must(t, targets, err)
		text := string(targets[0].Secret[0:1])
		for _, previous := range targets[0].PreviousSecrets {
			text += string(previous[0:1])
		}
		return text
	}
	rotate := func(to, overlap string) {
		t.Helper()
		g.exec(`select rotate_webhook_secret($1, $2, convert_to(repeat($3, 32), 'UTF8'), $4::interval)`, g.Organization.ID, webhook, to, overlap)
	}
	rotate("a", "0")
	equal(t, "one", signing(), "a")
	rotate("b", "1 hour")
	rotate("c", "1 minute")
	equal(t, "all of them", signing(), "cba")
	for _, to := range []string{"d", "e", "f"} {
		rotate(to, "1 minute")
	}
	equal(t, "four before it", signing(), "fedcb")
	g.exec(`update webhooks set previous_secrets_end_at = clock_timestamp() where id = $1`, webhook)
	equal(t, "the overlap is over", signing(), "f")
	rotate("g", "1 minute")
	equal(t, "what has ended stays so", signing(), "gf")
	rotate("h", "0")
	equal(t, "at once", signing(), "h")
}

// The secrets of webhooks are nowhere but in their table: not in what a server may read, and not in the audit log, which keeps no path of a URL either.
func TestWebhookSecretsStay(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	webhook := g.webhook(db.WebhookFormatSTANDARD, nil)
	g.exec(`update webhooks set url = 'https://hooks.example.com/T000/B000/path' where id = $1`, webhook)
	equal(t, "rotated", query[uuid.UUID](g, `select rotate_webhook_secret($1, $2, decode(repeat('ab', 32), 'hex'), '1 hour')`, g.Organization.ID, webhook), webhook)
	equal(t, "entries", query[int](g, `select count(*) from audit_log where target_type = 'whk'`), 3)
	equal(t, "leaks", query[int](g, `select count(*) from audit_log where target_type = 'whk' and (concat(before, after) ~ 'abab|0000|T000' )`), 0)
	equal(t, "says so", query[int](g, `select count(*) from audit_log where after ? 'secretReplaced' or after ? 'urlReplaced'`), 2)
	confinedTx(t, server.ServerPool(t, g.Pool), db.ServerRole, new(g.Organization.ID.String()), func(tx pgx.Tx) {
		if _, err := tx.Exec(t.Context(), `select secret from webhooks`); err == nil {
			t.Error("a server may read the secrets")
		}
	})
}
