package api_test

import (
	"net/url"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// correctedUsage has usage without a price, of 40 days ago and of now, that is priced again at 2 dollars each.
func correctedUsage(a *graphtest.API) {
	a.T.Helper()
	exec := func(statement string, arguments ...any) {
		if _, err := a.Pool.Exec(a.T.Context(), statement, arguments...); err != nil {
			a.T.Fatalf("%s: %v", statement, err)
		}
	}
	exec(`select create_usage_partitions(1, now() - interval '40 days')`)
	exec(`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at, unpriced)
		select k.organization_id, uuid_v7(t.at), nextval('usage_events_position_seq'), k.id, k.workspace_id, 1, 1000000, 0, 0, 0, 'acme', 'late', 1, '{}', '{}',
			t.at, t.at, true
		from api_keys k, (values (now() - interval '40 days'), (now())) t (at) where k.id = $1 order by t.at`, a.Tenant.Key.ID)
	a.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": "acme", "model": "late", "effectiveFrom": time.Now().AddDate(0, 0, -60),
		"rates": []any{object{"unit": "INPUT_TOKENS", "perMillion": "2"}}}})
	_, repricing, _ := id.Parse(a.Run(a.Admin, "RepriceUsage", object{"input": object{"organizationId": a.OrganizationID(),
		"from": time.Now().AddDate(0, 0, -60), "to": time.Now().Add(time.Hour)}}).Text("repriceUsage", "repricing", "id"))
	exec(`select reprice_usage($1, $2, 1000)`, a.Tenant.Organization.ID, repricing)
}

// A correction is a row of its own of events.csv, which names the event; FOCUS calls it a correction where it corrects an earlier month. In
// usage.csv it belongs to the bucket of what it corrects, rolled up or not.
func TestExportsOfCorrections(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	correctedUsage(a)
	events := exported(a, a.Viewer, "events.csv", nil).rows(t)
	focused := exported(a, a.Viewer, "events.csv", url.Values{"format": {"focus"}}).rows(t)
	if len(events) != 4 || len(focused) != 4 {
		t.Fatalf("%d and %d rows, want 2 events and 2 corrections", len(events), len(focused))
	}
	for i, row := range events[:2] {
		correction, month := events[2+i], focused[2+i]["BillingPeriodStart"]
		if row["corrects"] != "" || row["cost"] != "0" || correction["corrects"] != row["id"] || correction["cost"] != "2" || correction["tokens"] != "0" {
			t.Errorf("%v is corrected by %v", row, correction)
		}
		class := ""
		if focused[i]["BillingPeriodStart"] < month {
			class = "Correction"
		}
		if focused[i]["ChargeClass"] != "" || focused[2+i]["ChargeClass"] != class || focused[2+i]["x_CorrectsUsageEventId"] != row["id"] ||
			focused[2+i]["BilledCost"] != "2" {
			t.Errorf("the row of FOCUS %v is corrected by %v", focused[i], focused[2+i])
		}
	}
	if focused[2]["ChargeClass"] != "Correction" {
		t.Error("a correction of 40 days ago is none of an earlier month")
	}
	for _, rolledUp := range []bool{false, true} {
		if rolledUp {
			if _, err := a.Pool.Exec(t.Context(), `select roll_up_usage($1, 1000)`, a.Tenant.Organization.ID); err != nil {
				t.Fatal(err)
			}
		}
		for _, interval := range []string{"HOUR", "DAY", "MONTH"} {
			rows := exported(a, a.Viewer, "usage.csv", always(url.Values{"interval": {interval}})).rows(t)
			if len(rows) != 2 || rows[0]["cost"] != "2" || rows[1]["cost"] != "2" || rows[0]["unpricedRequests"] != "0" {
				t.Errorf("by %s, rolled up %t: %v", interval, rolledUp, rows)
			}
		}
	}
}
