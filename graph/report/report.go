// Package report makes a usage report out of the buckets that the database has summed, and says how much a report counts.
package report

import (
	"bursar/db"
	"bursar/graph/model"
)

// Of groups buckets by series. Those of one series must follow each other.
func Of(buckets []*db.UsageBucket, groupBy []db.UsageDimension) *model.UsageReport {
	result := &model.UsageReport{Total: &db.UsageSum{}, Series: []*model.UsageSeries{}}
	for i, bucket := range buckets {
		if i == 0 || !bucket.SameSeries(buckets[i-1]) {
			result.Series = append(result.Series, seriesOf(bucket, groupBy))
		}
		last := result.Series[len(result.Series)-1]
		last.Buckets = append(last.Buckets, bucket)
		last.Total.Add(bucket)
		result.Total.Add(bucket)
	}
	return result
}

// seriesOf returns the series of a bucket, without buckets.
func seriesOf(bucket *db.UsageBucket, groupBy []db.UsageDimension) *model.UsageSeries {
	series := &model.UsageSeries{Dimensions: []*model.UsageDimensionValue{}, Others: bucket.Others, Total: &db.UsageSum{}}
	for _, dimension := range groupBy {
		series.Dimensions = append(series.Dimensions, &model.UsageDimensionValue{Dimension: dimension, Value: bucket.Value(dimension)})
	}
	return series
}

// Dimensions returns the values of the dimensions of all series.
func Dimensions(report *model.UsageReport) []*model.UsageDimensionValue {
	var values []*model.UsageDimensionValue
	for _, series := range report.Series {
		values = append(values, series.Dimensions...)
	}
	return values
}
