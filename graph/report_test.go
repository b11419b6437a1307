package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// A usage report has at most 20,000 buckets in all, so that no mix of dimensions and time fills the server's memory.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	from := time.Now().UTC().Truncate(time.Hour).Add(-100 * 24 * time.Hour)
	report := func() *graphtest.Answer { // 200 days are 4,800 hours
		return a.Do(a.Admin, "Usage", object{"interval": "HOUR", "groupBy": []any{"MODEL"}, "filter": object{
			"subjectId": a.OrganizationID(), "from": from, "to": from.Add(200 * 24 * time.Hour)}})
	}
	for i := range 5 {
		if i == 4 {
			if result := report(); len(result.Errors) > 0 || len(result.Get("usage", "series").([]any)) != 4 {
				t.Fatalf("19,200 buckets: %v", result.Errors)
			}
		}
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "model": fmt.Sprint("model ", i), "inputTokens": 1}})
	}
	report().Must("QUERY_TOO_COMPLEX", "")
}

// month is a time that has all of a test's usage.
func month() object {
	from := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -29)
	return object{"from": from, "to": from.AddDate(0, 0, 30)}
}

// The largest series of a report are answered with their sums, the largest first, and all others together in one; all add up to the total.
func TestTopSpenders(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for model, cost := range map[string]string{"small": "0.25", "large": "4", "middle": "1.5", "none": "0"} {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "model": model, "inputTokens": 10, "cost": cost}})
	}
	answer := a.Run(a.Viewer, "TopSpenders", object{"filter": month(), "interval": "DAY", "groupBy": []any{"MODEL", "API_KEY"}, "top": 2})
	answer.Equal("5.75", "usage", "total", "cost")
	for i, want := range []object{
		{"model": "large", "key": a.KeyID(), "cost": "4", "requests": 1}, {"model": "middle", "key": a.KeyID(), "cost": "1.5", "requests": 1},
		{"model": nil, "key": nil, "cost": "0.25", "requests": 2},
	} {
		answer.Equal(want["model"], "usage", "series", i, "dimensions", 0, "value")
		answer.Equal(want["key"], "usage", "series", i, "dimensions", 1, "value")
		answer.Equal(want["cost"], "usage", "series", i, "total", "cost")
		answer.Equal(want["requests"], "usage", "series", i, "total", "requests")
		answer.Equal(want["cost"], "usage", "series", i, "buckets", 29, "cost")
		answer.Equal("0", "usage", "series", i, "buckets", 0, "cost")
	}
	if series := answer.Get("usage", "series").([]any); len(series) != 3 {
		t.Errorf("%d series, want 3", len(series))
	}
	others := post(a, a.Viewer, `query($filter: UsageFilter!) { usage(filter: $filter, interval: DAY, groupBy: [MODEL], top: 3, orderBy: REQUESTS) {
		series { others dimensions { dimension value } total { requests } } } }`, object{"filter": month()})
	for i, want := range []any{"large", "middle", "none"} { // all have one request
		others.Equal(want, "usage", "series", i, "dimensions", 0, "value")
		others.Equal(false, "usage", "series", i, "others")
	}
	others.Equal(true, "usage", "series", 3, "others")
	others.Equal("MODEL", "usage", "series", 3, "dimensions", 0, "dimension")
	for _, top := range []int{0, -1, 101} {
		a.Refused(a.Viewer, "TopSpenders", object{"filter": month(), "interval": "DAY", "top": top}, "BAD_USER_INPUT", "top")
	}
}

// A dashboard asks for three reports in one operation: 30 days by DAY, the ten largest of two dimensions and all together, and 24 hours by HOUR.
// As many reports of any size are too many.
func TestThreeReportsInOneOperation(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const fields = `{ total { requests tokens cost } series { others dimensions { dimension value } total { requests tokens cost } buckets { start end requests tokens cost } } }`
	const document = `query($month: UsageFilter!, $day: UsageFilter!, $top: Int) {
		keys: usage(filter: $month, interval: DAY, groupBy: [API_KEY, MODEL], top: $top) ` + fields + `
		workspaces: usage(filter: $month, interval: DAY, groupBy: [WORKSPACE, PROVIDER], top: $top) ` + fields + `
		day: usage(filter: $day, interval: HOUR) ` + fields + ` }`
	day := object{"from": time.Now().Add(-24 * time.Hour), "to": time.Now()}
	if answer := post(a, a.Viewer, document, object{"month": month(), "day": day, "top": 10}); len(answer.Errors) > 0 {
		t.Errorf("%+v", answer.Errors)
	}
	refusedQuery(a, a.Viewer, document, object{"month": month(), "day": day}, "QUERY_TOO_COMPLEX")
}

// Without a subject a report is of the caller's organization, and of a MEMBER of all keys that they created; with several keys it is of these. Keys
// of others are FORBIDDEN to a MEMBER, and those of another organization are not found. The operator names a subject or keys.
func TestWhoseUsage(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	a := r.API
	keys := []any{}
	for range 3 {
		key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
		keys = append(keys, id.APIKey.Format(key.ID))
	}
	for i, key := range append(keys, a.KeyID()) {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key, "inputTokens": []int{1, 10, 100, 1000}[i]}})
	}
	const document = `query($filter: UsageFilter!) { usage(filter: $filter, interval: DAY, groupBy: [API_KEY]) { total { tokens } } }`
	filter := func(fields object) object {
		maps.Copy(fields, month())
		return object{"filter": fields}
	}
	for name, c := range map[string]struct {
		token  string
		fields object
		want   any
	}{
		"a viewer's organization":         {a.Viewer, object{}, 1111},
		"an empty subject":                {a.Viewer, object{"subjectId": ""}, 1111},
		"a member's own keys":             {r.tokens["MEMBER"], object{}, 111},
		"a member's token":                {r.Tenant.BoundToken(r.member, db.TokenRoleVIEWER), object{"subjectId": nil}, 111},
		"some keys of a member":           {r.tokens["MEMBER"], object{"apiKeyIds": keys[1:]}, 110},
		"some keys":                       {a.Viewer, object{"apiKeyIds": []any{keys[0], a.KeyID()}}, 1001},
		"keys twice":                      {a.Viewer, object{"apiKeyIds": []any{keys[0], keys[0]}}, 1},
		"keys of a subject":               {a.Viewer, object{"apiKeyIds": []any{keys[0], a.KeyID()}, "subjectId": a.WorkspaceID()}, 1000},
		"keys, of which one has no usage": {a.Viewer, object{"apiKeyIds": []any{keys[0], newKey(a)}}, 1},
		"the operator's":                  {graphtest.RootToken, object{"apiKeyIds": keys}, 111},
	} {
		answer := post(a, c.token, document, filter(c.fields))
		if len(answer.Errors) > 0 {
			t.Fatalf("%s: %+v", name, answer.Errors)
		}
		if got := answer.Get("usage", "total", "tokens"); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v tokens, want %v", name, got, c.want)
		}
	}
	other := dbtest.NewTenant(t, a.Pool)
	stranger := other.AccessToken(other.Organization.ID, db.TokenRoleADMIN)
	for _, c := range []struct {
		token  string
		fields object
		code   string
	}{
		{graphtest.RootToken, object{}, "BAD_USER_INPUT"},
		{a.Viewer, object{"apiKeyIds": []any{}}, "BAD_USER_INPUT"},
		{a.Viewer, object{"apiKeyIds": []any{a.WorkspaceID()}}, "BAD_USER_INPUT"},
		{a.Viewer, object{"apiKeyIds": []any{a.KeyID()}, "subjectId": a.KeyID()}, "BAD_USER_INPUT"},
		{a.Viewer, object{"apiKeyIds": slices.Repeat(keys, 34)}, "BAD_USER_INPUT"},
		{a.Viewer, object{"apiKeyIds": []any{keys[0], id.APIKey.Format(other.Key.ID)}}, "NOT_FOUND"},
		{graphtest.RootToken, object{"apiKeyIds": []any{keys[0], id.APIKey.Format(other.Key.ID)}}, "NOT_FOUND"},
		{graphtest.RootToken, object{"apiKeyIds": keys, "subjectId": id.Organization.Format(other.Organization.ID)}, "NOT_FOUND"},
		{stranger, object{"apiKeyIds": keys}, "NOT_FOUND"},
		{r.tokens["MEMBER"], object{"apiKeyIds": []any{keys[0], a.KeyID()}}, "FORBIDDEN"},
		{r.tokens["MEMBER"], object{"subjectId": a.OrganizationID()}, "FORBIDDEN"},
	} {
		refusedQuery(a, c.token, document, filter(c.fields), c.code)
	}
}

// Requests that ask for the same report at the same time share its reading, and still each report has all usage that was recorded before it
// was asked for: while one reports usage, eight keep asking for the same report, and for that of a key.
func TestReportsThatAreSharedAreFresh(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	var recorded atomic.Int64
	stop := make(chan struct{})
	var running sync.WaitGroup
	for i := range 8 {
		filter := month()
		if i%2 == 1 {
			filter["subjectId"] = a.KeyID()
		}
		running.Go(func() {
			for last := false; !last; {
				select {
				case <-stop:
					last = true
				default:
				}
				before := recorded.Load()
				answer := a.Do(a.Viewer, "TopSpenders", object{"filter": filter, "interval": "DAY"})
				requests, ok := answer.Get("usage", "total", "requests").(float64)
				if got := int64(requests); !ok || got < before || last && got != before {
					t.Errorf("%d requests in a report that was asked for after %d were recorded", got, before)
				}
			}
		})
	}
	for range 60 {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "model": "m", "inputTokens": 1}})
		recorded.Add(1)
	}
	close(stop)
	running.Wait()
}
