package graph_test

import (
	"bytes"
	"crypto/sha256"
	"testing"
	"time"
)

// Tokens that were written to a provider's cache are kept with the event and summed in reports, beside those that were read.
func TestCacheWriteTokensAreReported(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	recorded := a.Post(a.Gateway, object{"query": `mutation($input: RecordUsageInput!) { recordUsage(input: $input) {
			usageEvent { inputTokens cachedInputTokens cacheWriteTokens tokens } } }`,
		"variables": object{"input": object{"key": a.KeyID(), "inputTokens": 100, "cachedInputTokens": 40, "cacheWriteTokens": 60}}})
	recorded.Equal(object{"inputTokens": 100.0, "cachedInputTokens": 40.0, "cacheWriteTokens": 60.0, "tokens": 100.0},
		"recordUsage", "usageEvent")
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 7, "cacheWriteTokens": 2}})
	year, month, _ := time.Now().UTC().Date()
	thisMonth := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	usage := a.Post(a.Admin, object{"query": `query($filter: UsageFilter!) { usage(filter: $filter, interval: MONTH) {
			total { cachedInputTokens cacheWriteTokens } series { buckets { cacheWriteTokens } } } }`,
		"variables": object{"filter": object{
			"subjectId": a.OrganizationID(), "from": thisMonth.AddDate(0, -1, 0), "to": thisMonth.AddDate(0, 2, 0)}}})
	usage.Equal(object{"cachedInputTokens": 40.0, "cacheWriteTokens": 62.0}, "usage", "total")
	inBuckets := 0.0
	for i := range 3 {
		inBuckets += usage.Get("usage", "series", 0, "buckets", i, "cacheWriteTokens").(float64)
	}
	if inBuckets != 62 {
		t.Errorf("%g in the buckets, want 62", inBuckets)
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
	report["cacheWriteTokens"] = 0
	a.Run(a.Gateway, "RecordUsage", object{"input": report}).
		Equal(recorded.Text("recordUsage", "usageEvent", "id"), "recordUsage", "usageEvent", "id")
	report["cacheWriteTokens"] = 1
	a.Refused(a.Gateway, "RecordUsage", object{"input": report}, "IDEMPOTENCY_MISMATCH", "")
	report["requestId"] = "r-2"
	a.Run(a.Gateway, "RecordUsage", object{"input": report})
	a.Run(a.Gateway, "RecordUsage", object{"input": report})
	report["cacheWriteTokens"] = 2
	a.Refused(a.Gateway, "RecordUsage", object{"input": report}, "IDEMPOTENCY_MISMATCH", "")
}
