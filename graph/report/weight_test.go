package report

import (
	"encoding/json"
	"testing"
)

// A report counts half when its arguments alone say that it has at most 1,000 buckets: without groupBy, or with top. Everything else, also what
// the schema refuses, counts in full. With another time to compare with it counts twice that.
func TestWeight(t *testing.T) {
	t.Parallel()
	filter := func(from, to string) map[string]any { return map[string]any{"from": from, "to": to} }
	month, day := filter("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"), filter("2026-11-01T12:30:00Z", "2026-11-02T12:30:00Z")
	for name, c := range map[string]struct {
		arguments map[string]any
		small     bool
	}{
		"a day by hour":                  {map[string]any{"interval": "HOUR", "filter": day}, true},
		"a month by hour":                {map[string]any{"interval": "HOUR", "filter": month}, true},
		"top 10 of a month":              {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"API_KEY", "MODEL"}, "top": int64(10)}, true},
		"top 10 as a variable":           {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"API_KEY"}, "top": json.Number("10")}, true},
		"one dimension that is no list":  {map[string]any{"interval": "DAY", "filter": month, "groupBy": "MODEL"}, false},
		"no dimensions":                  {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{}}, true},
		"all series":                     {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"MODEL"}}, false},
		"top 100 of a month":             {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"API_KEY"}, "top": int64(100)}, false},
		"top 10 of a month by hour":      {map[string]any{"interval": "HOUR", "filter": month, "groupBy": []any{"API_KEY"}, "top": int64(10)}, false},
		"top is too small":               {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"MODEL"}, "top": int64(0)}, false},
		"top is larger than any integer": {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"MODEL"}, "top": int64(1<<63 - 1)}, false},
		"top is a text":                  {map[string]any{"interval": "DAY", "filter": month, "groupBy": []any{"MODEL"}, "top": "x"}, false},
		"centuries":                      {map[string]any{"interval": "DAY", "filter": filter("0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z")}, false},
		"backwards":                      {map[string]any{"interval": "DAY", "filter": filter("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z")}, false},
		"no instant":                     {map[string]any{"interval": "DAY", "filter": filter("yesterday", "2026-11-01T00:00:00Z")}, false},
		"an unknown interval":            {map[string]any{"interval": "MINUTE", "filter": day}, false},
		"no filter":                      {map[string]any{"interval": "DAY"}, false},
	} {
		want := 12_000
		if c.small {
			want = 6_000
		}
		if got := Weight(12_000, c.arguments); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
		c.arguments["compareWith"] = filter("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")
		if got := Weight(12_000, c.arguments); got != 2*want {
			t.Errorf("%s, compared: %d, want %d", name, got, 2*want)
		}
	}
}
