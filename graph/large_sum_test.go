package graph_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/enforce"
	"bursar/graph/graphtest"
)

// Sums past 2⁶³ are answered exactly, as JSON numbers, in usage, in a TOKENS rate, in limits of answers and in pages of keys: nothing fails,
// and no page is taken along. The reports are those of 4,800 times 10¹⁵ + 10¹⁵ tokens, which earlier releases accepted; now one report has
// at most 10¹².
func TestSumsPast64Bits(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": int64(1e15)}}, "BAD_USER_INPUT", "inputTokens")
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "outputTokens": int64(1e12 + 1)}}, "BAD_USER_INPUT", "outputTokens")
	a.Refused(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": int64(1e12 + 1)}}}, "BAD_USER_INPUT", "estimate.tokens")
	rate := a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 9223372036854775807, "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": "9223372036854775807"}})
	bookLarge(a, 4_800)

	now := time.Now().UTC()
	usage := a.Post(a.Admin, object{"query": `query($filter: UsageFilter!) { usage(filter: $filter, interval: MONTH) {
		total { requests inputTokens outputTokens tokens } series { buckets { inputTokens tokens } } } }`,
		"variables": object{"filter": object{"subjectId": a.OrganizationID(), "from": now.Add(-time.Hour), "to": now.Add(time.Hour)}}})
	exactly(t, usage, `"total":{"requests":4800,"inputTokens":4800000000000000000,"outputTokens":4800000000000000000,"tokens":9600000000000000000}`)
	exactly(t, usage, `{"inputTokens":4800000000000000000,"tokens":9600000000000000000}`)
	const key = `id name rateLimits { type limit used reserved remaining } budgetLimits { used remaining exhausted } status`
	for _, query := range []string{
		`{ apiKey(id: "` + a.KeyID() + `") { ` + key + ` } }`, `{ apiKeys { edges { node { ` + key + ` } } totalCount } }`,
	} {
		answer := a.Post(a.Admin, object{"query": query})
		exactly(t, answer, `"rateLimits":[{"type":"TOKENS","limit":9223372036854775807,"used":9600000000000000000,"reserved":0,"remaining":0}]`)
		exactly(t, answer, `"budgetLimits":[{"used":"9600000000000000000","remaining":"0","exhausted":true}],"status":"EXHAUSTED"`)
	}
	exactly(t, a.Post(a.Admin, object{"query": `{ node(id: "` + rate + `") { ... on RateLimit { used } } }`}), `"used":9600000000000000000`)
	exactly(t, a.Do(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}}), `"used":"9600000000000000001"`)
	a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 1}}}).Equal(412, "checkUsage", "httpStatus")
}

// bookLarge books reports of the tenant's key as a server did that took 10¹⁵ tokens of each kind.
func bookLarge(a *graphtest.API, number int) {
	a.T.Helper()
	enforcer := enforce.New(a.Pool, enforce.Config{Timeout: time.Minute, MaxQueue: 2 * number})
	defer enforcer.Close()
	scope := db.Scope{OrganizationID: a.Tenant.Organization.ID, APIKeyID: a.Tenant.Key.ID}
	var group sync.WaitGroup
	for range number {
		group.Go(func() {
			_, err := enforcer.Record(a.T.Context(), &enforce.RecordRequest{Scope: scope, SkipLimits: true, Row: db.IDOnly,
				Usage: db.ReportedUsage{Requests: -1, InputTokens: 1e15, OutputTokens: 1e15, Metadata: "{}"}})
			if err != nil {
				a.T.Error(err)
			}
		})
	}
	group.Wait()
}

// exactly fails the test unless an answer without errors has a text, with numbers of all their digits.
func exactly(t *testing.T, answer *graphtest.Answer, text string) {
	t.Helper()
	if len(answer.Errors) > 0 || !strings.Contains(answer.Body, text) {
		t.Errorf("want %s in %.2000s", text, answer.Body)
	}
}
