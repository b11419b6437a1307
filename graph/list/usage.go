package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/report"
	"bursar/graph/validate"
)

// maxReport is how many buckets all series of a usage report have at most.
const maxReport = 20_000

// reported is whose usage a report is of.
type reported struct {
	organizationID uuid.UUID
	workspaceID    *uuid.UUID
	apiKeyIDs      []uuid.UUID // nil: of all
	createdByID    *uuid.UUID  // only of keys that this member created
}

// Usage returns a usage report, compared with another time if one is given.
func (l *Lists) Usage(
	ctx context.Context, filter model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension, top *int, orderBy *db.UsageOrder,
	compareWith *model.UsageSpan, timeZone *string, weekStartsOn *db.Weekday,
) (*model.UsageReport, error) {
	params, err := l.usageParams(ctx, &filter, interval, groupBy, top, orderBy)
	zoneErr := l.zone(ctx, params, timeZone, weekStartsOn)
	if err := validate.Together(err, validate.UsageSpan(compareWith, interval), zoneErr); err != nil {
		return nil, err
	}
	buckets, err := l.readUsage(ctx, params)
	if err != nil {
		return nil, err
	}
	result := report.Of(buckets, groupBy)
	if compareWith != nil {
		if err := l.compare(ctx, params, groupBy, compareWith, result); err != nil {
			return nil, err
		}
	}
	loader.Loaded(ctx, report.Dimensions(result)) // so that what they name is read together
	return result, nil
}

// usageParams checks the arguments of usage.
func (l *Lists) usageParams(
	ctx context.Context, filter *model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension, top *int, orderBy *db.UsageOrder,
) (*db.ListLocalUsageParams, error) {
	of, err := l.reported(ctx, filter)
	if err := validate.Together(err, validate.Usage(filter, interval, groupBy, top)); err != nil {
		return nil, err
	}
	params := &db.ListLocalUsageParams{
		OrganizationID: of.organizationID, WorkspaceID: of.workspaceID, APIKeyIDs: of.apiKeyIDs, CreatedByID: of.createdByID, FromTime: filter.From,
		ToTime: filter.To, Models: filter.Models, Providers: filter.Providers, ServiceTiers: db.Texts(filter.ServiceTiers), BucketInterval: interval,
		Dimensions: db.Texts(append([]db.UsageDimension{}, groupBy...)), OrderBy: orderBy, Most: new(int32(maxReport)),
	}
	if top != nil {
		params.Top = new(int32(*top)) //nolint:gosec // validate bounds it
		if orderBy == nil {
			params.OrderBy = new(db.UsageOrderCOST)
		}
	}
	return params, nil
}

// zone has a report be in days, weeks and months of a time zone, unless they are those of UTC.
func (l *Lists) zone(ctx context.Context, params *db.ListLocalUsageParams, timeZone *string, weekStartsOn *db.Weekday) error {
	name, week := validate.ValueOr(timeZone, "UTC"), validate.ValueOr(weekStartsOn, db.Sunday).Number()
	if name == "UTC" && week == 0 {
		return nil
	}
	if name != "UTC" {
		if err := validate.TimeZone("timeZone", name); err != nil {
			return err
		}
	}
	if params != nil {
		params.TimeZone, params.WeekStartsOn = name, week
	}
	return l.find.KnownZones(ctx, lookup.Zone{Field: "timeZone", Name: timeZone})
}

// reported finds whose usage a filter is about. A MEMBER is confined to keys that they created.
func (l *Lists) reported(ctx context.Context, filter *model.UsageFilter) (*reported, error) {
	keys, keysErr := l.find.APIKeys(ctx, "filter.apiKeyIds", filter.APIKeyIds)
	external := validate.Given(filter.SubjectID)
	if external == nil {
		switch own := caller.Organization(ctx); {
		case keysErr != nil:
			return nil, keysErr
		case len(keys) > 0:
			return &reported{organizationID: keys[0].OrganizationID, apiKeyIDs: keyIDs(keys)}, nil
		case own == nil:
			return nil, fault.BadInput("filter.subjectId", "the operator gives a subjectId or apiKeyIds")
		default:
			return &reported{organizationID: *own, createdByID: caller.OwnKeysOnly(ctx)}, nil
		}
	}
	s, err := l.find.Subject(ctx, "filter.subjectId", *external)
	if err := validate.Together(err, keysErr); err != nil {
		return nil, err
	}
	of := &reported{organizationID: s.OrganizationID, workspaceID: s.WorkspaceID, apiKeyIDs: keyIDs(keys)}
	switch {
	case s.APIKeyID != nil && keys != nil:
		return nil, fault.BadInput("filter.apiKeyIds", "give either an API key as subjectId or apiKeyIds")
	case s.APIKeyID != nil:
		of.apiKeyIDs = []uuid.UUID{*s.APIKeyID}
	case len(keys) > 0 && keys[0].OrganizationID != s.OrganizationID:
		return nil, lookup.NotFound("filter.apiKeyIds.0", "API key")
	}
	return of, nil
}

// keyIDs returns the ids of keys; nil for nil.
func keyIDs(keys []*db.APIKey) (ids []uuid.UUID) {
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	return ids
}
