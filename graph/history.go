package graph

import (
	"context"

	"bursar/db"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// maxReport is how many buckets all series of a usage report have at most.
const maxReport = 20_000

// usageParams checks the arguments of usage.
func (r *Resolver) usageParams(ctx context.Context, filter *model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension) (*db.ListUsageParams, error) {
	s, err := r.subject(ctx, "filter.subjectId", filter.SubjectID)
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
		Share: r.reportShare(),
	}, nil
}
