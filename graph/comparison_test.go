package graph_test

import (
	"testing"
	"time"

	"bursar/graph/graphtest"
	"bursar/id"
)

// compareUsage asks for a report with what it is compared with.
const compareUsage = `query($filter: UsageFilter!, $by: [UsageDimension!], $top: Int, $with: UsageSpan) {
	usage(filter: $filter, interval: DAY, groupBy: $by, top: $top, compareWith: $with) {
		total { tokens } compared { requests tokens cost denied } comparedBuckets { start end tokens }
		series { others dimensions { value } total { tokens } compared { tokens cost } } } }`

// A report is compared with another time: in all, by series, also that of all others, and by bucket. Sums are of whole hours, buckets are whole. What is
// no series of the report counts in all; a time without usage is zeros; without another time there is none of it.
func TestCompareUsage(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	before := time.Now().UTC().Truncate(time.Hour)
	for model, cost := range map[string]string{"large": "4", "middle": "1.5", "small": "0.25", "": "0"} {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "model": model, "inputTokens": 10, "cost": cost}})
	}
	after := time.Now().UTC()
	hours := object{"from": before, "to": after}
	report := func(filter object, by []any, top any, with any) *graphtest.Answer {
		t.Helper()
		answer := post(a, a.Viewer, compareUsage, object{"filter": filter, "by": by, "top": top, "with": with})
		if len(answer.Errors) > 0 {
			t.Fatalf("%+v", answer.Errors)
		}
		return answer
	}
	all := object{"requests": 4, "tokens": 40, "cost": "5.75", "denied": 0}

	answer := report(month(), []any{"MODEL"}, nil, hours)
	answer.Equal(all, "usage", "compared")
	for i, want := range []object{{"tokens": 10, "cost": "0"}, {"tokens": 10, "cost": "4"}, {"tokens": 10, "cost": "1.5"}, {"tokens": 10, "cost": "0.25"}} {
		answer.Equal(want, "usage", "series", i, "compared")
	}

	answer = report(month(), []any{"API_KEY", "MODEL"}, 1, hours)
	answer.Equal("large", "usage", "series", 0, "dimensions", 1, "value")
	answer.Equal(object{"tokens": 10, "cost": "4"}, "usage", "series", 0, "compared")
	answer.Equal(true, "usage", "series", 1, "others")
	answer.Equal(object{"tokens": 30, "cost": "1.75"}, "usage", "series", 1, "compared")

	// the hours before the usage, whose last day is that of the usage unless it began just then
	answer = report(month(), []any{"MODEL"}, 2, object{"from": before.Add(-48 * time.Hour), "to": before})
	answer.Equal(object{"requests": 0, "tokens": 0, "cost": "0", "denied": 0}, "usage", "compared")
	for i := range 3 {
		answer.Equal(object{"tokens": 0, "cost": "0"}, "usage", "series", i, "compared")
	}
	first := before.Add(-48 * time.Hour).Truncate(24 * time.Hour)
	answer.Equal(first.Format(time.RFC3339), "usage", "comparedBuckets", 0, "start")
	answer.Equal(first.Add(24*time.Hour).Format(time.RFC3339), "usage", "comparedBuckets", 0, "end")

	// a report of a time in which nothing was used, with one in which all was
	coming := after.Add(72 * time.Hour)
	answer = report(object{"from": coming, "to": coming.Add(time.Hour)}, []any{"API_KEY"}, 3, hours)
	answer.Equal(all, "usage", "compared")
	answer.Equal([]any{}, "usage", "series")
	answer = report(object{"from": coming, "to": coming.Add(time.Hour)}, nil, nil, hours)
	answer.Equal(object{"tokens": 40, "cost": "5.75"}, "usage", "series", 0, "compared")
	answer = report(object{"from": coming, "to": coming.Add(time.Hour), "models": []any{"small"}}, nil, nil, hours)
	answer.Equal(object{"tokens": 10, "cost": "0.25"}, "usage", "series", 0, "compared")

	answer = report(month(), []any{"MODEL"}, nil, nil)
	for _, path := range [][]any{{"usage", "compared"}, {"usage", "comparedBuckets"}, {"usage", "series", 0, "compared"}} {
		answer.Equal(nil, path...)
	}
	for _, wrong := range []object{{"from": after, "to": after}, {"from": after.AddDate(-20, 0, 0), "to": after}} {
		refusedQuery(a, a.Viewer, compareUsage, object{"filter": month(), "with": wrong}, "BAD_USER_INPUT")
	}
}

// A MEMBER's report is compared with the usage of keys that they created, alone.
func TestCompareOwnUsage(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	a := r.API
	before := time.Now().UTC()
	own, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	for i, key := range []string{id.APIKey.Format(own.ID), a.KeyID()} {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key, "inputTokens": []int{1, 10}[i]}})
	}
	with := object{"from": before, "to": time.Now().UTC()}
	for token, want := range map[string]int{r.tokens["MEMBER"]: 1, a.Viewer: 11} {
		answer := post(a, token, compareUsage, object{"filter": month(), "by": []any{"WORKSPACE"}, "with": with})
		answer.Equal(want, "usage", "compared", "tokens")
		tokens := 0.0
		for _, series := range answer.Get("usage", "series").([]any) {
			tokens += series.(map[string]any)["compared"].(map[string]any)["tokens"].(float64)
		}
		if int(tokens) != want {
			t.Errorf("%v tokens in series, want %d", tokens, want)
		}
	}
}
