package graph

import (
	"context"
	"fmt"
	"time"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

const (
	maxBuckets    = 5_000  // of a usage series
	maxReport     = 20_000 // buckets of all series of a usage report
	maxNames      = 100    // of models or providers in a filter
	maxDimensions = 4
)

// usageParams checks the arguments of usage.
func (r *Resolver) usageParams(ctx context.Context, filter *model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension) (*db.ListUsageParams, error) {
	s, err := r.subject(ctx, "filter.subjectId", filter.SubjectID)
	if err := together(err, checkUsageFilter(filter, interval, groupBy)); err != nil {
		return nil, err
	}
	dimensions := make([]string, len(groupBy))
	for i, dimension := range groupBy {
		dimensions[i] = string(dimension)
	}
	return &db.ListUsageParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID, FromTime: filter.From,
		ToTime: filter.To, Models: filter.Models, Providers: filter.Providers, BucketInterval: interval, Dimensions: dimensions, Most: new(int32(maxReport)),
		Share: r.reportShare(),
	}, nil
}

// checkUsageFilter checks the arguments of usage, but for the subject.
func checkUsageFilter(filter *model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension) error {
	length := map[db.UsageInterval]time.Duration{
		db.UsageIntervalHOUR: time.Hour, db.UsageIntervalDAY: 24 * time.Hour,
		db.UsageIntervalWEEK: 7 * 24 * time.Hour, db.UsageIntervalMONTH: 28 * 24 * time.Hour,
	}[interval]
	var timeErr, groupErr error
	switch {
	case !filter.To.After(filter.From):
		timeErr = fault.BadInput("filter.to", "must be after from")
	case filter.To.Sub(filter.From)/length > maxBuckets:
		timeErr = fault.BadInput("filter.to", "at most %d buckets; choose a longer interval or a shorter time", maxBuckets)
	}
	if len(groupBy) > maxDimensions {
		groupErr = fault.BadInput("groupBy", "at most %d dimensions", maxDimensions)
	}
	return together(timeErr, groupErr, nameList("filter.models", filter.Models), nameList("filter.providers", filter.Providers))
}

func nameList(field string, names []string) error {
	if len(names) > maxNames {
		return fault.BadInput(field, "at most %d", maxNames)
	}
	errs := make([]error, len(names))
	for i, name := range names {
		errs[i] = optionalText(fmt.Sprintf("%s.%d", field, i), name, maxName)
	}
	return together(errs...)
}

// report groups buckets by series. Those of one series must follow each other.
func report(buckets []*db.UsageBucket, groupBy []db.UsageDimension) *model.UsageReport {
	result := &model.UsageReport{Total: &db.UsageSum{}, Series: []*model.UsageSeries{}}
	for i, bucket := range buckets {
		if i == 0 || !bucket.SameSeries(buckets[i-1]) {
			series := &model.UsageSeries{Dimensions: []*model.UsageDimensionValue{}}
			for _, dimension := range groupBy {
				series.Dimensions = append(series.Dimensions,
					&model.UsageDimensionValue{Dimension: dimension, Value: bucket.Value(dimension)})
			}
			result.Series = append(result.Series, series)
		}
		last := result.Series[len(result.Series)-1]
		last.Buckets = append(last.Buckets, bucket)
		result.Total.Add(bucket)
	}
	return result
}
