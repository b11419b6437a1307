package export

import (
	"context"
	"strings"
	"time"

	"bursar/db"
	"bursar/graph/lookup"
	"bursar/graph/validate"
	"bursar/id"
)

const (
	usageRows  = 5_000 // of a page at most
	maxBuckets = 1_000 // of a window
	// A window that was read sooner, and has few rows, is followed by one that is twice as long; one that took longer by one of half the length.
	soon, late = 100 * time.Millisecond, time.Second
	fewRows    = 500
)

var usageKind = kind{field: "usage", prepare: prepareUsage}

// usage is an export of sums. It goes through time in windows of whole buckets; a window with more rows than a page has comes in several
// pages. A bucket that is over does not change any more, so that pages are consistent with each other.
type usage struct {
	params     db.ExportUsageParams
	dimensions []db.UsageDimension
	focus      *focus // nil: Bursar's own columns
	file       string
	end        time.Time // of the last bucket
	buckets    int       // of the current window
	zone       *zone     // nil: buckets are UTC's
}

// prepareUsage checks the parameters of usage.csv.
func prepareUsage(ctx context.Context, find *lookup.Finder, q *query) (export, error) {
	s, err := usageScopeOf(ctx, find, q)
	focused := q.isFOCUS()
	from, to := q.span()
	q.require("from", "to")
	interval := oneOf(q, "interval", db.UsageIntervalDAY, db.AllUsageIntervalValues()...)
	dimensions := someOf(q, "groupBy", db.AllUsageDimensionValues()...)
	models, providers := q.names("models"), q.names("providers")
	tiers := someOf(q, "serviceTiers", db.AllServiceTierValues()...)
	if focused && interval == db.UsageIntervalWEEK {
		q.refuse("interval", "must be HOUR, DAY or MONTH with format=focus: a week may lie in two billing periods")
	}
	if focused && len(dimensions) > 0 {
		q.refuse("groupBy", "is not for format=focus, which has a row for each workspace, API key, provider, model and service tier")
	}
	local := zoneOf(q)
	if focused && local != nil {
		q.refuse("timeZone", "is not for format=focus, whose billing periods are UTC's")
	}
	if err := validate.Together(q.err(), err); err != nil {
		return nil, err
	}
	if interval == db.UsageIntervalHOUR {
		local = nil // hours are those of the UTC clock
	}
	u := &usage{zone: local, dimensions: append([]db.UsageDimension{}, dimensions...), buckets: 1, file: fileName("usage", from, to, focused), params: db.ExportUsageParams{
		OrganizationID: s.organizationID, WorkspaceID: s.workspaceID, APIKeyIDs: s.apiKeyIDs, Models: models, Providers: providers,
		ServiceTiers: db.Texts(tiers), BucketInterval: interval, WithDenied: !focused, Number: usageRows,
	}}
	if focused {
		if u.focus, err = newFocus(ctx, find, s); err != nil {
			return nil, err
		}
		u.dimensions = db.AllUsageDimensionValues()
	}
	u.params.Dimensions = db.Texts(u.dimensions)
	return u, u.bound(ctx, find, *from, *to)
}

// bound sets the first window and the end: there is nothing before the organization's first usage, and nothing after now.
func (u *usage) bound(ctx context.Context, find *lookup.Finder, from, to time.Time) error {
	first, err := find.Queries.FindFirstUsage(ctx, find.Within(ctx), u.params.OrganizationID)
	if err != nil {
		return db.Fault(err)
	}
	if first.After(to) {
		u.params.FirstStart, u.end = to, to
		return nil
	}
	if from.Before(first) {
		from = first
	}
	if latest := time.Now().Add(24 * time.Hour); to.After(latest) { // the database's clock may be ahead
		to = latest
	}
	interval, last := u.params.BucketInterval, to.Add(-time.Microsecond)
	if u.zone != nil {
		if err := u.zone.read(ctx, find, interval, from, last); err != nil {
			return err
		}
		u.params.FirstStart, u.end = u.zone.starts[0], u.zone.starts[len(u.zone.starts)-1]
		return nil
	}
	u.params.FirstStart = bucketStart(interval, from)
	u.end = bucketsLater(interval, bucketStart(interval, last), 1)
	return nil
}

// later returns the first instant of the bucket that is a number of buckets after one.
func (u *usage) later(start time.Time, number int) time.Time {
	if u.zone != nil {
		return u.zone.later(start, number)
	}
	return bucketsLater(u.params.BucketInterval, start, number)
}

// name implements [export].
func (u *usage) name() string { return u.file }

// header implements [export].
func (u *usage) header(p *page) {
	if u.focus != nil {
		p.row(append(focusColumns(), focusUsageColumns()...)...)
		return
	}
	columns := []string{"start", "end"}
	for _, dimension := range u.dimensions {
		columns = append(columns, columnsOf(dimension)...)
	}
	p.row(append(columns, "requests", "inputTokens", "outputTokens", "cachedInputTokens", "cacheWriteTokens", "cacheWrite1hTokens",
		"reasoningTokens", "audioInputTokens", "audioOutputTokens", "images", "webSearches", "tokens", "cost", "unpricedRequests", "unpricedEvents", "denied")...)
}

func columnsOf(dimension db.UsageDimension) []string {
	switch dimension {
	case db.UsageDimensionAPIKEY:
		return []string{"apiKeyId", "apiKeyName"}
	case db.UsageDimensionWORKSPACE:
		return []string{"workspaceId", "workspaceName"}
	case db.UsageDimensionPROVIDER:
		return []string{"provider"}
	case db.UsageDimensionSERVICETIER:
		return []string{"serviceTier"}
	default:
		return []string{"model"}
	}
}

// next implements [export].
func (u *usage) next(ctx context.Context, find *lookup.Finder, p *page) (more bool, err error) {
	params := &u.params
	if !params.FirstStart.Before(u.end) {
		return false, nil
	}
	params.EndStart = u.later(params.FirstStart, u.buckets)
	if params.EndStart.After(u.end) {
		params.EndStart = u.end
	}
	if u.zone != nil {
		params.Starts = u.zone.between(params.FirstStart, params.EndStart)
	}
	began := time.Now()
	rows, err := find.Queries.ExportUsage(ctx, find.Within(ctx), params)
	if err != nil {
		return false, db.Fault(err)
	}
	for _, row := range rows {
		u.write(p, row)
	}
	if len(rows) == usageRows {
		u.resume(rows[len(rows)-1])
		return true, nil
	}
	params.FirstStart = params.EndStart
	switch took := time.Since(began); {
	case took > late:
		u.buckets = max(u.buckets/2, 1)
	case took < soon && len(rows) < fewRows:
		u.buckets = min(2*u.buckets, maxBuckets)
	}
	return params.FirstStart.Before(u.end), nil
}

// resume has the next page begin after a row. Its window is one bucket again: each page of a window adds up all of it.
func (u *usage) resume(last *db.ExportedUsage) {
	u.params.FirstStart, u.buckets = last.BucketStart, 1
	u.params.AfterStart, u.params.AfterWorkspaceID, u.params.AfterApiKeyID = last.BucketStart, last.WorkspaceID, last.APIKeyID
	u.params.AfterProvider, u.params.AfterModel, u.params.AfterServiceTier = last.Provider, last.Model, last.ServiceTier
}

// write adds a row.
func (u *usage) write(p *page, row *db.ExportedUsage) {
	end := u.later(row.BucketStart, 1)
	if u.focus != nil {
		u.focus.usage(p, row, end)
		return
	}
	p.instant(row.BucketStart)
	p.instant(end)
	for _, dimension := range u.dimensions {
		switch dimension {
		case db.UsageDimensionAPIKEY:
			p.cell(idOf(id.APIKey, row.APIKeyID))
			p.labelPointer(row.ApiKeyName)
		case db.UsageDimensionWORKSPACE:
			p.cell(idOf(id.Workspace, row.WorkspaceID))
			p.labelPointer(row.WorkspaceName)
		case db.UsageDimensionPROVIDER:
			p.label(row.Provider)
		case db.UsageDimensionMODEL:
			p.label(row.Model)
		case db.UsageDimensionSERVICETIER:
			p.label(row.ServiceTier)
		}
	}
	p.decimals(row.Requests, row.InputTokens, row.OutputTokens, row.CachedInputTokens, row.CacheWriteTokens, row.CacheWrite1hTokens,
		row.ReasoningTokens, row.AudioInputTokens, row.AudioOutputTokens, row.Images, row.WebSearches, row.InputTokens.Add(row.OutputTokens),
		row.CostNanos.Shift(-9), row.UnpricedRequests, row.UnpricedEvents, row.Denied)
	p.end()
}

// fileName returns the name of an export's file.
func fileName(what string, from, to *time.Time, focused bool) string {
	parts := []string{"bursar", what}
	for _, at := range []*time.Time{from, to} {
		if at != nil {
			parts = append(parts, at.UTC().Format(time.DateOnly))
		}
	}
	if focused {
		parts = append(parts, "focus")
	}
	return strings.Join(parts, "-") + ".csv"
}
