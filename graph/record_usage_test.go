package graph_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"bursar/graph/graphtest"
)

// Every part of usage is kept with the event and summed in reports, beside the whole; reports can be grouped by service tier, and be of some.
func TestPartsOfUsageAreReported(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const fields = `inputTokens outputTokens cachedInputTokens cacheWriteTokens cacheWrite1hTokens reasoningTokens audioInputTokens audioOutputTokens
		images webSearches tokens`
	report := object{"key": a.KeyID(), "inputTokens": 100, "cachedInputTokens": 40, "cacheWriteTokens": 50, "cacheWrite1hTokens": 20, "audioInputTokens": 10,
		"outputTokens": 30, "reasoningTokens": 12, "audioOutputTokens": 18, "images": 3, "webSearches": 4, "serviceTier": "BATCH"}
	parts := object{"inputTokens": 100.0, "outputTokens": 30.0, "cachedInputTokens": 40.0, "cacheWriteTokens": 50.0, "cacheWrite1hTokens": 20.0,
		"reasoningTokens": 12.0, "audioInputTokens": 10.0, "audioOutputTokens": 18.0, "images": 3.0, "webSearches": 4.0, "tokens": 130.0}
	const record = `mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { serviceTier parts: id ` + fields + ` } } }`
	recorded := a.Post(a.Gateway, object{"query": record, "variables": object{"input": report}})
	for name, value := range parts {
		recorded.Equal(value, "recordUsage", "usageEvent", name)
	}
	recorded.Equal("BATCH", "recordUsage", "usageEvent", "serviceTier")
	a.Post(a.Gateway, object{"query": record, "variables": object{"input": object{"key": a.KeyID(), "inputTokens": 7}}}).
		Equal("STANDARD", "recordUsage", "usageEvent", "serviceTier")

	year, month, _ := time.Now().UTC().Date()
	thisMonth := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	usage := func(filter object) *graphtest.Answer {
		filter["subjectId"], filter["from"], filter["to"] = a.OrganizationID(), thisMonth.AddDate(0, -1, 0), thisMonth.AddDate(0, 2, 0)
		return a.Post(a.Admin, object{"variables": object{"filter": filter}, "query": `query($filter: UsageFilter!) {
			usage(filter: $filter, interval: MONTH, groupBy: [SERVICE_TIER]) {
				total { ` + fields + ` } series { dimensions { dimension value } total { ` + fields + ` } buckets { ` + fields + ` } } } }`})
	}
	all := usage(object{})
	all.Equal("BATCH", "usage", "series", 0, "dimensions", 0, "value")
	all.Equal(parts, "usage", "series", 0, "total")
	all.Equal("STANDARD", "usage", "series", 1, "dimensions", 0, "value")
	all.Equal(7.0, "usage", "series", 1, "total", "inputTokens")
	all.Equal(107.0, "usage", "total", "inputTokens")
	for name, want := range parts {
		sum := 0.0
		for bucket := range 3 {
			sum += all.Get("usage", "series", 0, "buckets", bucket, name).(float64)
		}
		if sum != want {
			t.Errorf("%s: %g in the buckets, want %g", name, sum, want)
		}
	}
	usage(object{"serviceTiers": []any{"BATCH", "FLEX"}}).Equal(parts, "usage", "total")
	usage(object{"serviceTiers": []any{"STANDARD"}}).Equal(7.0, "usage", "total", "tokens")
	events := a.Post(a.Admin, object{"query": `{ usageEvents(filter: {serviceTiers: [BATCH]}) { totalCount nodes { webSearches } } }`})
	events.Equal(1.0, "usageEvents", "totalCount")
	events.Equal(4.0, "usageEvents", "nodes", 0, "webSearches")
}

// A part that nobody knows, or a tier, is refused by its name, in a variable and in the document, and books nothing.
func TestUnknownPartsAreRefusedByName(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for part, value := range map[string]any{"thoughtTokens": 5, "cacheWrite5mTokens": 5, "reasoning": 5, "serviceTier": "TURBO"} {
		a.Refused(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), part: value}}, "BAD_USER_INPUT", part)
		literal := a.Post(a.Gateway, object{"query": fmt.Sprintf(`mutation { recordUsage(input: {key: %q, %s: %v}) { replayed } }`, a.KeyID(), part, value)})
		if len(literal.Errors) != 1 || !strings.Contains(literal.Body, part) {
			t.Errorf("%s is not named: %s", part, literal.Body)
		}
	}
	var rows int
	if err := a.Pool.QueryRow(t.Context(), `select count(*) from usage_events`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows were booked, %v", rows, err)
	}
}

// A report that says nothing of a field that came later, or zero, has the fingerprint that the first release stored of it, and
// so is replayed; one that says something else is another report.
func TestReportsKeepTheirFingerprint(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	report := object{"key": a.KeyID(), "requestId": "r-1", "inputTokens": 700, "outputTokens": 100, "cachedInputTokens": 50,
		"cost": "0.123456789", "provider": "openai", "model": "gpt", "metadata": object{"trace": "x"}}
	ofFirstRelease := sha256.Sum256([]byte(`["00000000-0000-0000-0000-000000000000",-1,700,100,50,123456789,"openai","gpt",` +
		`"{\"trace\":\"x\"}","0001-01-01T00:00:00Z"]`))
	recorded := a.Run(a.Gateway, "RecordUsage", object{"input": report})
	var stored []byte
	err := a.Pool.QueryRow(t.Context(), `select fingerprint from usage_event_requests where request_id = 'r-1'`).Scan(&stored)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, ofFirstRelease[:]) {
		t.Errorf("fingerprint %x, want %x", stored, ofFirstRelease)
	}
	for _, part := range []string{"cacheWriteTokens", "cacheWrite1hTokens", "reasoningTokens", "audioInputTokens", "audioOutputTokens", "images", "webSearches"} {
		report[part] = 0
	}
	a.Run(a.Gateway, "RecordUsage", object{"input": report}).
		Equal(recorded.Text("recordUsage", "usageEvent", "id"), "recordUsage", "usageEvent", "id")
	report["cacheWriteTokens"] = 1
	a.Refused(a.Gateway, "RecordUsage", object{"input": report}, "IDEMPOTENCY_MISMATCH", "")
	report["requestId"] = "r-2"
	a.Run(a.Gateway, "RecordUsage", object{"input": report})
	a.Run(a.Gateway, "RecordUsage", object{"input": report})
	report["cacheWriteTokens"] = 2
	a.Refused(a.Gateway, "RecordUsage", object{"input": report}, "IDEMPOTENCY_MISMATCH", "")
	report["cacheWriteTokens"], report["serviceTier"] = 1, "FLEX"
	a.Refused(a.Gateway, "RecordUsage", object{"input": report}, "IDEMPOTENCY_MISMATCH", "")
}
