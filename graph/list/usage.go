package list

import (
	"context"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/report"
	"bursar/graph/validate"
)

// maxReport is how many buckets all series of a usage report have at most.
const maxReport = 20_000

// Usage returns a usage report.
func (l *Lists) Usage(ctx context.Context, filter model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension) (*model.UsageReport, error) {
	params, err := l.usageParams(ctx, &filter, interval, groupBy)
	if err != nil {
		return nil, err
	}
	buckets, err := l.Queries.ListUsage(ctx, l.Within(ctx), params)
	if err != nil {
		return nil, db.Fault(err)
	}
	result := report.Of(buckets, groupBy)
	loader.Loaded(ctx, report.Dimensions(result)) // so that what they name is read together
	return result, nil
}

// usageParams checks the arguments of usage.
func (l *Lists) usageParams(ctx context.Context, filter *model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension) (*db.ListUsageParams, error) {
	s, err := l.find.Subject(ctx, "filter.subjectId", filter.SubjectID)
	if err := validate.Together(err, validate.Usage(filter, interval, groupBy)); err != nil {
		return nil, err
	}
	dimensions := make([]string, len(groupBy))
	for i, dimension := range groupBy {
		dimensions[i] = string(dimension)
	}
	return &db.ListUsageParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID, FromTime: filter.From,
		ToTime: filter.To, Models: filter.Models, Providers: filter.Providers, BucketInterval: interval, Dimensions: dimensions, Most: new(int32(maxReport)),
		Share: l.reportShare(),
	}, nil
}
