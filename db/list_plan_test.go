package db_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// lists are the statements that fill what TestListsUseTheirIndexes pages through: $1 is an organization whose rows are old, and
// all others' rows are newer; $2 is one of its workspaces, with few keys, $3 how many keys it has.
var lists = []string{
	`insert into organizations (id, name, slug, plan) select id(n), $1::text || $2::text, 'o-' || n, 'PRO' from generate_series(1, 100 + 0 * $3::integer) n`,
	`insert into workspaces (organization_id, id, name, slug) select case when n <= $3::integer / 5 then $1 else id(1 + n % 100) end, id(n),
		$2::text, 'w' || n from generate_series(1, $3::integer / 2) n`,
	`insert into api_keys (organization_id, id, workspace_id, name, prefix)
		select case when n <= $3::integer then $1 else id(1 + n % 100) end, id(n), case when n <= $3::integer and n % 100 = 0 then $2::uuid end, 'key', 'bsr'
		from generate_series(1, 2 * $3::integer) n`,
	`insert into limits (organization_id, id, api_key_id, kind, type, period, max_units)
		select organization_id, id, id, 'BUDGET', 'TOKENS', 'MONTHLY', 1 from api_keys where $1::uuid <> $2::uuid and $3::integer > 0`,
	`insert into counters (organization_id, id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
			period_start, period_end)
		select organization_id, id, id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
			coalesce(period_start(period, clock_timestamp()), clock_timestamp()), period_end(period, clock_timestamp())
		from limits where api_key_id is not null and $1::uuid <> $2::uuid and $3::integer > 0`,
	`insert into alerts (organization_id, id, budget_limit_id, api_key_id, kind, type, period, threshold_units, max_units, used_units, generation, period_number, period_start, raised_at)
		select case when n <= $3::integer then $1 else id(1 + n % 100) end, id(n), id(9000000 + n), id(1 + n % 1000), 'THRESHOLD', 'COST', 'NONE', 1, 1, 1, 1, 1, now(), now()
		from generate_series(1, 2 * $3::integer) n where $2::uuid is not null`,
	// one in 500 has failed; each of 1,000 addresses has those of one organization, and one has a tenth of all
	`insert into alert_deliveries (organization_id, alert_id, purpose, address, email, status, queued_at, next_attempt_at)
		select a.organization_id, a.id, 'ALERT', e.address, e.address, case when e.n % 500 = 0 then 'FAILED' else 'DELIVERED' end::delivery_status,
			'2026-01-01T00:00:00Z'::timestamptz + e.n * interval '1 second', now()
		from (select a.*, ('x' || right(a.id::text, 8))::bit(32)::integer as n from alerts a) a
		cross join lateral (select a.n, case when a.n % 10 = 0 then 'all' else a.n % 1000 || a.organization_id::text end as address) e
		where $1::uuid <> $2::uuid and $3::integer > 0`,
	`insert into audit_log (organization_id, id, action, actor, target_type, target_id, at)
		select case when n <= $3::integer then $1 else id(1 + n % 100) end, id(n), 'x', 'x', 'key',
			id(1 + n % 1000 + case when n <= $3::integer then 0 else 1000 end), now() -- a thing is one organization's
		from generate_series(1, 2 * $3::integer) n where $2::uuid is not null`,
	`insert into denial_counts (organization_id, id, hour, api_key_id, reason, denials, requests)
		select case when n <= $3::integer then $1 else id(1 + n % 100) end, id(n), now(), id(1 + n % 1000), 'KEY_DISABLED', 1, 1
		from generate_series(1, 2 * $3::integer) n where $2::uuid is not null`,
}

// A page of a list is found by an index, wherever it lies and however many rows the organization or others have: it looks
// at its own rows and those that hang on them. A page of the few keys that a filter finds, all of them the oldest, and their number, are found
// without a look at all keys of the organization or their counters: the newest 500 are looked at in order, and the rest is found by indexes. So is a
// page by name, wherever it lies.
func TestListsUseTheirIndexes(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "plans every list on tables with many rows")
	keys := explainedKeys(t, 14_000, 14_000)
	url := server.NewURL(t)
	g := newGatewayIn(t, server.Pool(t, url))
	for _, table := range []string{"api_keys", "alerts", "alert_deliveries", "audit_log", "denial_counts"} {
		g.exec(`alter table ` + table + ` set (autovacuum_enabled = off)`)
	}
	g.loadBeforeIndexes(t, slices.Concat(lists, filteredLists), keys)
	g.exec(`update api_keys set created_by_id = $1 where id = any ($2)`, g.Owner.ID, []uuid.UUID{loadedID(10), loadedID(20), loadedID(30)})
	g.alertExhausted()
	g.exec(`analyze`)
	e := explain(t, url)
	g.findsPages(t, e, keys)
	g.findsFilteredPages(t, e, keys)
}

// findsPages fails the test unless each list finds its pages by an index.
func (g *gateway) findsPages(t *testing.T, e *explained, keys int) {
	t.Helper()
	own, middle := g.Organization.ID, loadedID(keys/2)
	target, action, after := loadedID(500), "x", loadedID(keys/2+keys)
	queries := db.New()
	for name, page := range map[string]func() (int, error){
		"keys": func() (int, error) {
			return rowsIn(queries.ListAPIKeys(context.Background(), e.session, &db.ListAPIKeysParams{OrganizationID: &own, OrderedBy: "CREATED_AT", Descending: true, Number: 101}))
		},
		"keys from the middle": func() (int, error) {
			return rowsIn(queries.ListAPIKeys(context.Background(), e.session, &db.ListAPIKeysParams{
				OrganizationID: &own, OrderedBy: "CREATED_AT", Descending: true, BelowID: &middle, Number: 101}))
		},
		"keys of a workspace": func() (int, error) {
			return rowsIn(queries.ListAPIKeys(context.Background(), e.session, &db.ListAPIKeysParams{
				OrganizationID: &own, WorkspaceID: &g.Workspace.ID, OrderedBy: "CREATED_AT", Descending: true, BelowID: &middle, Number: 51}))
		},
		"keys of the organization itself": func() (int, error) {
			return rowsIn(queries.ListAPIKeys(context.Background(), e.session, &db.ListAPIKeysParams{
				OrganizationID: &own, Unassigned: true, OrderedBy: "CREATED_AT", Descending: true, Number: 101}))
		},
		"everybody's keys": func() (int, error) {
			return rowsIn(queries.ListAPIKeys(context.Background(), e.session, &db.ListAPIKeysParams{
				OrderedBy: "CREATED_AT", Descending: true, BelowID: &after, Number: 101}))
		},
		"alerts": func() (int, error) {
			return rowsIn(queries.ListAlerts(context.Background(), e.session, &db.ListAlertsParams{OrganizationID: own, After: &middle, Number: 101}))
		},
		"everybody's alerts": func() (int, error) {
			return rowsIn(queries.ListEveryAlert(context.Background(), e.session, &db.ListEveryAlertParams{After: &after, Number: 101}))
		},
		"deliveries": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{OrganizationID: &own, Descending: true, Number: 21}))
		},
		"deliveries from the middle": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, below(middleOf(keys/2), &db.ListAlertDeliveriesParams{OrganizationID: &own, Number: 101})))
		},
		"deliveries that failed": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{
				OrganizationID: &own, Statuses: []string{"FAILED", "BOUNCED", "COMPLAINED"}, Number: 11}))
		},
		"deliveries to an address": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{
				OrganizationID: &own, Email: new("ALL"), Descending: true, Number: 101}))
		},
		"deliveries to an address that failed": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, below(middleOf(keys/2), &db.ListAlertDeliveriesParams{
				OrganizationID: &own, Email: new("all"), Statuses: []string{"FAILED"}, Number: 11})))
		},
		"deliveries about a member's own keys": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{
				OrganizationID: &own, CreatedByID: &g.Owner.ID, Descending: true, Number: 101}))
		},
		"deliveries of a time": func() (int, error) {
			from, to := middleOf(keys/2), middleOf(keys/2+300)
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{
				OrganizationID: &own, FromTime: &from, ToTime: &to, Descending: true, Number: 101}))
		},
		"everybody's deliveries": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, below(middleOf(keys+keys/2), &db.ListAlertDeliveriesParams{Number: 101})))
		},
		"everybody's deliveries that failed": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{Statuses: []string{"FAILED"}, Descending: true, Number: 11}))
		},
		"everybody's deliveries to an address": func() (int, error) {
			return rowsIn(queries.ListAlertDeliveries(context.Background(), e.session, &db.ListAlertDeliveriesParams{
				Email: new("1" + own.String()), Descending: true, Number: 101}))
		},
		"denials": func() (int, error) {
			return rowsIn(queries.ListDenialCounts(context.Background(), e.session, &db.ListDenialCountsParams{OrganizationID: own, After: &middle, Number: 101}))
		},
		"denials, backward": func() (int, error) {
			return rowsIn(queries.ListDenialCounts(context.Background(), e.session, &db.ListDenialCountsParams{OrganizationID: own, Backward: true, Number: 101}))
		},
		"denials of a key": func() (int, error) {
			return rowsIn(queries.ListDenialCounts(context.Background(), e.session, &db.ListDenialCountsParams{OrganizationID: own, APIKeyID: &target, Number: 101}))
		},
		"audit log": func() (int, error) {
			return rowsIn(queries.ListAuditLog(context.Background(), e.session, &db.ListAuditLogParams{
				OrganizationID: own, Action: &action, FromID: &uuid.Nil, After: &middle, Number: 101}))
		},
		"audit log of a target": func() (int, error) {
			return rowsIn(queries.ListAuditLog(context.Background(), e.session, &db.ListAuditLogParams{OrganizationID: own, TargetID: &target, Number: 101}))
		},
		"everybody's audit log": func() (int, error) {
			return rowsIn(queries.ListEveryAuditEntry(context.Background(), e.session, &db.ListEveryAuditEntryParams{After: &after, Number: 101}))
		},
		"everybody's audit log of a target": func() (int, error) {
			return rowsIn(queries.ListEveryAuditEntry(context.Background(), e.session, &db.ListEveryAuditEntryParams{TargetID: &target, Number: 101}))
		},
		"workspaces of many": func() (int, error) {
			return rowsIn(queries.ListWorkspaces(context.Background(), e.session, &db.ListWorkspacesParams{
				OrganizationIDs: []uuid.UUID{own, loadedID(1), loadedID(2)}, Number: 2}))
		},
	} {
		e.page(t, name, page)
	}
}

// middleOf returns when the delivery of the alert with a number was queued.
func middleOf(n int) time.Time {
	return time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
}

// below has a list of deliveries begin before an instant, newest first.
func below(at time.Time, p *db.ListAlertDeliveriesParams) *db.ListAlertDeliveriesParams {
	p.Descending = true
	p.BelowTime, p.BelowAlertID, p.BelowPurpose, p.BelowAddress = &at, &uuid.Nil, new(db.DeliveryPurposeALERT), new("")
	return p
}

// rowsIn returns how many rows a query answered.
func rowsIn[V any](rows []V, err error) (int, error) { return len(rows), err }

// page fails the test unless a query finds a page by indexes, whose rows and whose keys' status it looks at and nothing else:
// also when it was run so often that PostgreSQL would settle on a plan for any arguments.
func (e *explained) page(t *testing.T, name string, query func() (int, error)) {
	t.Helper()
	for range 7 {
		found, err := query()
		if must(t, found, err) == 0 {
			t.Fatalf("%s: no rows", name)
		}
		looked := 0.0
		for _, s := range e.taken(t) {
			looked += s.Plan.scanned(func(what string) { e.complain(t, name, what, s) })
		}
		if looked > float64(4*found+200) {
			t.Errorf("%s: looked at %.0f rows for %d", name, looked, found)
		}
	}
}
