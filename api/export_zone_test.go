package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// usage.csv in days, weeks and months of a time zone has the buckets of the report in that zone, with the same sums, rolled up or not and page by page; a zone whose days begin at no whole
// hour of UTC is refused, as are names that there are not.
func TestExportInATimeZone(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	exec := func(statement string, arguments ...any) {
		if _, err := a.Pool.Exec(t.Context(), statement, arguments...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	// every 5 hours of 20 days, over the end of daylight saving in New York
	exec(`select create_usage_partitions(1, '2026-10-20')`)
	exec(`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select k.organization_id, uuid_v7(t.at), nextval('usage_events_position_seq'), k.id, k.workspace_id, 1, 1 + t.n, 0, 0, 0, 'acme', 'm', 1, '{}', '{}', t.at, t.at
		from api_keys k, (select timestamptz '2026-10-22T01:30Z' + n * interval '5 hours' as at, n from generate_series(0, 95) n) t where k.id = $1 order by t.at`, a.Tenant.Key.ID)
	const report = `query($filter: UsageFilter!, $interval: UsageInterval!, $zone: String, $week: Weekday) {
		usage(filter: $filter, interval: $interval, timeZone: $zone, weekStartsOn: $week) { series { buckets { start end tokens requests } } } }`
	from, to := "2026-10-22T00:00:00Z", "2026-11-12T00:00:00Z"
	for _, rolledUp := range []bool{false, true} {
		if rolledUp {
			exec(`select roll_up_usage($1, 1000)`, a.Tenant.Organization.ID)
		}
		for _, test := range []struct{ interval, zone, week string }{
			{"DAY", "America/New_York", ""}, {"WEEK", "America/New_York", "MONDAY"}, {"MONTH", "Pacific/Auckland", ""}, {"WEEK", "", "WEDNESDAY"}, {"HOUR", "Asia/Kolkata", ""},
		} {
			variables := object{"filter": object{"subjectId": a.OrganizationID(), "from": from, "to": to}, "interval": test.interval}
			query := url.Values{"from": {from}, "to": {to}, "interval": {test.interval}}
			for name, value := range map[string][2]string{"timeZone": {"zone", test.zone}, "weekStartsOn": {"week", test.week}} {
				if value[1] != "" {
					variables[value[0]] = value[1]
					query.Set(name, value[1])
				}
			}
			rows := exported(a, a.Viewer, "usage.csv", query).rows(t)
			i := 0
			for _, bucket := range a.Post(a.Viewer, object{"query": report, "variables": variables}).Get("usage", "series", 0, "buckets").([]any) {
				one := bucket.(object)
				if one["requests"] == float64(0) {
					continue
				}
				if i == len(rows) {
					t.Fatalf("%v, rolled up %t: %d rows", test, rolledUp, len(rows))
				}
				start, startErr := time.Parse(time.RFC3339, rows[i]["start"])
				end, endErr := time.Parse(time.RFC3339, rows[i]["end"])
				if startErr != nil || endErr != nil || start.Format(time.RFC3339) != one["start"] || end.Format(time.RFC3339) != one["end"] || rows[i]["tokens"] != fmt.Sprint(one["tokens"]) {
					t.Errorf("%v, rolled up %t: the export has %v, the report %v", test, rolledUp, rows[i], one)
				}
				i++
			}
			if i != len(rows) || i == 0 {
				t.Errorf("%v, rolled up %t: %d rows, want %d", test, rolledUp, len(rows), i)
			}
		}
	}
	for field, query := range map[string]url.Values{
		"timeZone":     {"timeZone": {"Asia/Kolkata"}},
		"weekStartsOn": {"weekStartsOn": {"SOMEDAY"}},
	} {
		query.Set("from", from)
		query.Set("to", to)
		exported(a, a.Viewer, "usage.csv", query).refused(t, http.StatusBadRequest, "BAD_USER_INPUT", field)
	}
	for _, zone := range []string{"Mars/Base", "CET", "utc", "a\x00b"} {
		exported(a, a.Viewer, "usage.csv", url.Values{"from": {from}, "to": {to}, "timeZone": {zone}}).refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "timeZone")
	}
	exported(a, a.Viewer, "usage.csv", url.Values{"from": {from}, "to": {to}, "timeZone": {"Europe/Berlin"}, "format": {"focus"}, "interval": {"DAY"}}).
		refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "timeZone")
}
