package api_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bursar/api"
	"bursar/graph/graphtest"
)

// The worst documents that are admitted, as docs/operations.md tells what they cost:
//
//	go test ./api -run '^$' -bench WorstDocument -benchtime 20x
func BenchmarkWorstDocument(b *testing.B) {
	a := kit.ServeWith(b, kit.New(b), api.Config{})
	fillKeys(a)
	repeat := strings.Repeat
	overlapping := "{viewer{organization{" + repeat("workspaces(first:1){edges{node{id name slug createdAt budgetLimits{id used} rateLimits{id used} recipients{email}}}} ", 50) + "}}}"
	spread := "{viewer{organization{" + fields(170, "...f%d") + "}}}" + fields(170, "fragment f%d on Organization{id name}")
	chain := "{viewer{organization{...f0}}}"
	for i := range 10 {
		chain += fmt.Sprintf("fragment f%d on Organization{%s} ", i, repeat(fmt.Sprintf("...f%d ", i+1), 2))
	}
	chain += "fragment f10 on Organization{id}"
	wide := "{apiKeys(first:100){edges{node{id recipients{email source} budgetLimits{id type amount used reserved remaining periodStart} " +
		"rateLimits{id type limit used reserved remaining windowStart}}}}}"
	from := time.Now().UTC().Truncate(time.Hour).Add(-100 * 24 * time.Hour)
	report := fmt.Sprintf(`{%%s: usage(filter: {subjectId: %q, from: %q, to: %q}, interval: HOUR, groupBy: [MODEL]) {`+
		`total{cost} series{dimensions{value} buckets{start end requests inputTokens outputTokens cachedInputTokens tokens cost}}}}`,
		a.OrganizationID(), from.Format(time.RFC3339), from.Add(200*24*time.Hour).Format(time.RFC3339))
	for name, query := range map[string]string{
		"report":           strings.Replace(report, "%s", "r", 1),
		"small":            "{viewer{role}}",
		"overlapping":      overlapping,
		"spread":           spread,
		"chain":            chain,
		"wrong names":      "{viewer{" + fields(1_900, "rool%d") + "}}",
		"introspection":    "{__schema{types{name fields{name args{name type{name}} type{name ofType{name ofType{name}} fields{name type{name}}}} inputFields{name type{name}}}}}",
		"contract ApiKeys": graphtest.Document(b, "ApiKeys"),
		"wide":             wide,
		"roots":            "{" + fields(10, "k%d:apiKeys(first:10){totalCount edges{node{id status recipients{email} budgetLimits{used} rateLimits{used}}}}") + "}",
		"checks":           "{" + fields(10, "c%d:checkUsage(input:{key:\""+a.Tenant.Secret.Text+"\"}){allowed limits{used}}") + "}",
	} {
		b.Run(name, func(b *testing.B) {
			var bytes, errors int
			b.ReportAllocs()
			for b.Loop() {
				text := query + fmt.Sprintf(" # %d", rand.Uint64()) // none is remembered
				result := a.Post(a.Admin, object{"query": text, "variables": object{"first": 100}})
				errors = len(result.Errors)
				if errors > 0 && name != "wrong names" {
					b.Fatalf("%.300v", result.Errors)
				}
				bytes = result.Bytes
			}
			b.ReportMetric(float64(bytes), "answer-bytes")
			b.ReportMetric(float64(len(query)), "document-bytes")
		})
	}
}

// fillKeys gives the tenant a hundred keys with as many limits and recipients as keys can have.
func fillKeys(a *graphtest.API) {
	a.T.Helper()
	for i := range 100 {
		key := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": fmt.Sprint("key ", i)}}).
			Text("createApiKey", "apiKey", "id")
		emails := make([]string, 100)
		for j := range emails {
			emails[j] = fmt.Sprintf("recipient-%d-%d@acme.test", i, j)
		}
		a.Run(a.Admin, "AddRecipients", object{"input": object{"subjectId": key, "emails": emails}})
		for _, kind := range []string{"COST", "TOKENS"} {
			for _, reset := range []string{"NONE", "WEEKLY", "MONTHLY"} {
				a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": key, "type": kind, "amount": 100, "periodicReset": reset}})
			}
		}
		for _, kind := range []string{"REQUESTS", "TOKENS"} {
			for _, interval := range []string{"MINUTE", "HOUR", "DAY"} {
				a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": key, "type": kind, "limit": 1000, "interval": interval}})
			}
		}
	}
	for i := range 4 {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "model": fmt.Sprint("model ", i), "inputTokens": 1}})
	}
	if _, err := a.Pool.Exec(context.Background(), "analyze"); err != nil {
		a.T.Fatal(err)
	}
}
