package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// deliveryFilters are filters of deliveries, and what they mean in SQL.
var deliveryFilters = []struct {
	name, condition string
	set             func(g *gateway, p *db.ListAlertDeliveriesParams)
}{
	{"all", `true`, func(*gateway, *db.ListAlertDeliveriesParams) {}},
	{"two statuses", `d.status in ('FAILED', 'QUEUED')`, func(_ *gateway, p *db.ListAlertDeliveriesParams) {
		p.Statuses = []string{"QUEUED", "FAILED", "FAILED"}
	}},
	{"no status", `false`, func(_ *gateway, p *db.ListAlertDeliveriesParams) { p.Statuses = []string{} }},
	{"an address", `d.address = 'é3@acme.test'`, func(_ *gateway, p *db.ListAlertDeliveriesParams) { p.Email = new("É3@Acme.test") }},
	{"an address that failed", `d.address = 'é3@acme.test' and d.status = 'FAILED'`, func(_ *gateway, p *db.ListAlertDeliveriesParams) {
		p.Email, p.Statuses = new("é3@acme.test"), []string{"FAILED"}
	}},
	{"a time", `d.queued_at >= '2026-01-01T00:00:05Z' and d.queued_at < '2026-01-01T00:00:20Z'`, func(_ *gateway, p *db.ListAlertDeliveriesParams) {
		p.FromTime, p.ToTime = new(time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC)), new(time.Date(2026, 1, 1, 0, 0, 20, 0, time.UTC))
	}},
	{"a member's keys", `a.api_key_id in (select k.id from api_keys k where k.created_by_id is not null)`, func(g *gateway, p *db.ListAlertDeliveriesParams) {
		p.CreatedByID = &g.Owner.ID
	}},
}

// Pages of deliveries join to exactly those that the filter finds, in the order in which they were queued and in either direction, also where many
// were queued at the same instant, and the count is their number: for a tenant and for the operator. No page has another organization's.
func TestPagesOfDeliveriesJoin(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := dbtest.NewTenant(t, g.Pool)
	own, _ := g.Factory.Key(g.Organization.ID, nil, &g.Owner.ID)
	for _, of := range []struct{ organization, key uuid.UUID }{{g.Organization.ID, g.Key.ID}, {g.Organization.ID, own.ID}, {other.Organization.ID, other.Key.ID}} {
		g.exec(`insert into alerts (organization_id, budget_limit_id, api_key_id, kind, type, period, max_units, used_units, generation, period_number, period_start, raised_at)
			select $1, uuid_v7(), $2, 'EXHAUSTED', 'COST', 'NONE', 1, 1, 1, 1, now(), now() from generate_series(1, 20)`, of.organization, of.key)
	}
	g.exec(`insert into alert_deliveries (organization_id, alert_id, purpose, address, email, status, queued_at, next_attempt_at)
		select a.organization_id, a.id, p, 'é' || n || '@acme.test', 'É' || n || '@acme.test', (enum_range(null::delivery_status))[1 + abs(hashtext(a.id::text || n) % 6)],
			'2026-01-01T00:00:00Z'::timestamptz + (abs(hashtext(n || a.id::text) % 32)) * interval '1 second', now()
		from alerts a, unnest(enum_range(null::delivery_purpose)) p, generate_series(1, 4) n`)
	for _, filter := range deliveryFilters {
		for _, organization := range []*uuid.UUID{&g.Organization.ID, nil} {
			if organization == nil && filter.name == "a member's keys" {
				continue // members are of one organization
			}
			want := query[[]string](g, fmt.Sprintf(`select coalesce(array_agg(d.alert_id || ' ' || d.purpose || ' ' || d.address
				order by d.queued_at, d.alert_id, d.purpose, d.address), '{}')
				from alert_deliveries d join alerts a on a.id = d.alert_id where ($1::uuid is null or d.organization_id = $1) and (%s)`, filter.condition), organization)
			if len(want) == 0 && filter.name != "no status" {
				t.Fatalf("%s: nothing", filter.name)
			}
			for _, descending := range []bool{false, true} {
				params := db.ListAlertDeliveriesParams{OrganizationID: organization, Descending: descending, Number: 7}
				filter.set(g, &params)
				got := g.joinDeliveries(t, params)
				if descending {
					slices.Reverse(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, descending %t, operator %t: %d deliveries, want %d, or in another order", filter.name, descending, organization == nil, len(got), len(want))
				}
			}
			params := db.ListAlertDeliveriesParams{}
			filter.set(g, &params)
			number, err := db.New().CountAlertDeliveries(context.Background(), g.Pool, &db.CountAlertDeliveriesParams{OrganizationID: organization,
				CreatedByID: params.CreatedByID, Statuses: params.Statuses, Email: params.Email, FromTime: params.FromTime, ToTime: params.ToTime})
			equal(t, "number of "+filter.name, must(t, number, err), int64(len(want)))
		}
	}
	tenants := db.NewTenantDB(server.ServerPool(t, g.Pool))
	for _, organization := range []*uuid.UUID{&g.Organization.ID, nil} {
		rows, err := db.New().ListAlertDeliveries(context.Background(), tenants.For(&other.Organization.ID), &db.ListAlertDeliveriesParams{OrganizationID: organization, Number: 9})
		equal(t, "another organization's deliveries", len(must(t, rows, err)), 0)
	}
}

// joinDeliveries returns the deliveries of all pages of a list.
func (g *gateway) joinDeliveries(t *testing.T, params db.ListAlertDeliveriesParams) (found []string) {
	t.Helper()
	for {
		rows, err := db.New().ListAlertDeliveries(context.Background(), g.Pool, &params)
		for _, row := range must(t, rows, err) {
			found = append(found, fmt.Sprint(row.AlertID, " ", row.Purpose, " ", row.Address))
		}
		if len(rows) < int(params.Number) {
			return found
		}
		last := rows[len(rows)-1]
		if params.Descending {
			params.BelowTime, params.BelowAlertID, params.BelowPurpose, params.BelowAddress = &last.QueuedAt, &last.AlertID, &last.Purpose, &last.Address
		} else {
			params.AboveTime, params.AboveAlertID, params.AbovePurpose, params.AboveAddress = &last.QueuedAt, &last.AlertID, &last.Purpose, &last.Address
		}
	}
}
