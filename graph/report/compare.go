package report

import (
	"strings"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/model"
)

// Compare adds to a report the sums of another time: total has all of it in at most one row, parts has that of the report's series, and perhaps of
// others, in a row each.
func Compare(report *model.UsageReport, total, parts []*db.UsageBucket, groupBy []db.UsageDimension) {
	report.Compared = sumOf(total)
	sums := make(map[string]*db.UsageSum, len(parts))
	for _, part := range parts {
		sums[nameOf(seriesOf(part, groupBy))] = sumOf([]*db.UsageBucket{part})
	}
	left := sumOf(total)
	for _, series := range report.Series {
		if series.Others {
			series.Compared = left // comes last
			continue
		}
		if series.Compared = sums[nameOf(series)]; series.Compared == nil {
			series.Compared = &db.UsageSum{}
		}
		left.Subtract(series.Compared)
	}
}

func sumOf(buckets []*db.UsageBucket) *db.UsageSum {
	sum := &db.UsageSum{}
	for _, bucket := range buckets {
		sum.Add(bucket)
	}
	return sum
}

// nameOf returns what tells a series from the others of its report.
func nameOf(series *model.UsageSeries) string {
	var name strings.Builder
	for _, value := range series.Dimensions {
		if value.Value != nil {
			name.WriteString(*value.Value)
		}
		name.WriteByte(0) // is in no value: no series without a value is one with an empty one
	}
	return name.String()
}

// Keys returns the API keys that a report's series are of; nil where one of them is of none, as without that dimension.
func Keys(report *model.UsageReport) []uuid.UUID {
	var keys []uuid.UUID
	for _, series := range report.Series {
		if series.Others {
			continue
		}
		key := series.Buckets[0].APIKeyID
		if key == nil {
			return nil
		}
		keys = append(keys, *key)
	}
	return keys
}
