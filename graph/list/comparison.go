package list

import (
	"context"
	"encoding/json"

	"bursar/db"
	"bursar/graph/model"
	"bursar/graph/report"
)

// compare adds to a usage report what the same was in another time. params are those that the report was read with.
func (l *Lists) compare(ctx context.Context, params *db.ListLocalUsageParams, groupBy []db.UsageDimension, span *model.UsageSpan, result *model.UsageReport) error {
	whole := *params
	whole.FromTime, whole.ToTime, whole.Dimensions, whole.Top, whole.OrderBy = span.From, span.To, []string{}, nil, nil
	buckets, err := l.readUsage(ctx, &whole)
	if err != nil {
		return err
	}
	of := &db.SumUsageParams{
		OrganizationID: params.OrganizationID, WorkspaceID: params.WorkspaceID, APIKeyIDs: params.APIKeyIDs, CreatedByID: params.CreatedByID,
		FromTime: span.From, ToTime: span.To, Models: params.Models, Providers: params.Providers, ServiceTiers: params.ServiceTiers,
		Dimensions: []string{}, Most: params.Most,
	}
	total, err := l.sumUsage(ctx, of)
	if err != nil {
		return err
	}
	parts := total
	if len(groupBy) > 0 && len(result.Series) > 0 {
		of.Dimensions = params.Dimensions
		if keys := report.Keys(result); len(keys) > 0 {
			of.APIKeyIDs, of.CreatedByID = keys, nil // the caller sees them already
		}
		if parts, err = l.sumUsage(ctx, of); err != nil {
			return err
		}
	}
	result.ComparedBuckets = buckets
	report.Compare(result, total, parts, groupBy)
	return nil
}

// readUsage returns the buckets of a report. Requests that ask for the same at the same time share the reading.
func (l *Lists) readUsage(ctx context.Context, of *db.ListLocalUsageParams) ([]*db.UsageBucket, error) {
	return l.share(ctx, of, func(ctx context.Context) ([]*db.UsageBucket, error) {
		of.Share = l.reportShare()
		if of.TimeZone != "" {
			return l.Queries.ListLocalUsage(ctx, l.Within(ctx), of)
		}
		return l.Queries.ListUsage(ctx, l.Within(ctx), &db.ListUsageParams{
			OrganizationID: of.OrganizationID, WorkspaceID: of.WorkspaceID, CreatedByID: of.CreatedByID, APIKeyIDs: of.APIKeyIDs,
			FromTime: of.FromTime, ToTime: of.ToTime, Models: of.Models, Providers: of.Providers, ServiceTiers: of.ServiceTiers,
			BucketInterval: of.BucketInterval, Dimensions: of.Dimensions, Top: of.Top, OrderBy: of.OrderBy, Most: of.Most, Share: of.Share})
	})
}

// sumUsage returns the sums of series. Requests that ask for the same at the same time share the reading.
func (l *Lists) sumUsage(ctx context.Context, of *db.SumUsageParams) ([]*db.UsageBucket, error) {
	params := *of
	return l.share(ctx, &params, func(ctx context.Context) ([]*db.UsageBucket, error) {
		params.Share = l.reportShare()
		return l.Queries.SumUsage(ctx, l.Within(ctx), &params)
	})
}

// share reads what depends on the parameters of a statement alone, among which are the organization and whose API keys the caller may see.
func (l *Lists) share(ctx context.Context, params any, read func(context.Context) ([]*db.UsageBucket, error)) ([]*db.UsageBucket, error) {
	key, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	buckets, err := l.reports.Do(ctx, string(key), read)
	return buckets, db.Fault(err)
}
