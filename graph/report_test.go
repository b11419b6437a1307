package graph_test

import (
	"fmt"
	"testing"
	"time"

	"bursar/graph/graphtest"
)

// A usage report has at most 20,000 buckets in all, so that no mix of dimensions and time fills the server's memory.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
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
