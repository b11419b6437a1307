package export

import (
	"context"
	"math"
	"time"

	"bursar/db"
	"bursar/graph/lookup"
	"bursar/graph/validate"
	"bursar/id"
)

const (
	ledgerRows = 2_000 // of the ledger that a page reads, also those that its filters leave out
	// clockMargin is how far the database's clock may have been set back without rows missing at the bounds of an export.
	clockMargin = time.Hour
)

var eventsKind = kind{field: "usageEvents", prepare: prepareEvents}

// events is an export of rows of the ledger, in its order.
type events struct {
	params db.ExportUsageEventsParams
	focus  *focus // nil: Bursar's own columns
	file   string
	before int64 // positions are smaller
}

// prepareEvents checks the parameters of events.csv.
func prepareEvents(ctx context.Context, find *lookup.Finder, q *query) (export, error) {
	name, types := "ownerId", []id.Prefix{id.Organization, id.Workspace}
	if len(q.values["apiKeyId"]) > 0 {
		name, types = "apiKeyId", []id.Prefix{id.APIKey}
		if len(q.values["ownerId"]) > 0 {
			q.refuse("ownerId", "give either an apiKeyId or an ownerId")
		}
	}
	q.known = append(q.known, "ownerId", "apiKeyId")
	s, err := scopeOf(ctx, find, q, name, types...)
	focused := q.isFOCUS()
	from, to := q.span()
	models, providers := q.names("models"), q.names("providers")
	tiers := someOf(q, "serviceTiers", db.AllServiceTierValues()...)
	if err := validate.Together(q.err(), err); err != nil {
		return nil, err
	}
	e := &events{file: fileName("events", from, to, focused), params: db.ExportUsageEventsParams{
		OrganizationID: s.organizationID, WorkspaceID: s.workspaceID, APIKeyIDs: s.apiKeyIDs, Models: models, Providers: providers,
		ServiceTiers: db.Texts(tiers), FromTime: from, ToTime: to,
	}}
	if focused {
		if e.focus, err = newFocus(ctx, find, s); err != nil {
			return nil, err
		}
	}
	return e, e.bound(ctx, find)
}

// bound sets the positions between which the export reads: no more than the ledger has now, so that it ends.
func (e *events) bound(ctx context.Context, find *lookup.Finder) (err error) {
	if from := e.params.FromTime; from != nil {
		first, err := e.positionAt(ctx, find, from.Add(-clockMargin))
		if err != nil {
			return err
		}
		e.params.After = first - 1
	}
	end := time.Now().Add(24 * time.Hour) // the database's clock may be ahead
	if to := e.params.ToTime; to != nil && to.Before(end) {
		end = to.Add(clockMargin)
	}
	e.before, err = e.positionAt(ctx, find, end)
	return err
}

func (e *events) positionAt(ctx context.Context, find *lookup.Finder, at time.Time) (int64, error) {
	position, err := find.Queries.FindLedgerPosition(ctx, find.Within(ctx),
		&db.FindLedgerPositionParams{OrganizationID: e.params.OrganizationID, At: at})
	return position, db.Fault(err)
}

// name implements [export].
func (e *events) name() string { return e.file }

// header implements [export].
func (e *events) header(p *page) {
	if e.focus != nil {
		p.row(append(focusColumns(), focusEventColumns()...)...)
		return
	}
	p.row("id", "recordedAt", "occurredAt", "apiKeyId", "apiKeyName", "workspaceId", "workspaceName", "provider", "model",
		"serviceTier", "requests", "inputTokens", "outputTokens", "cachedInputTokens", "cacheWriteTokens", "cacheWrite1hTokens", "reasoningTokens",
		"audioInputTokens", "audioOutputTokens", "images", "webSearches", "tokens", "cost", "reservationId", "requestId", "metadata", "corrects")
}

// next implements [export].
func (e *events) next(ctx context.Context, find *lookup.Finder, p *page) (more bool, err error) {
	found, err := find.Queries.FindLedgerPage(ctx, find.Within(ctx), &db.FindLedgerPageParams{
		OrganizationID: e.params.OrganizationID, After: e.params.After, Before: e.before, Number: ledgerRows})
	if err != nil {
		return false, db.Fault(err)
	}
	if found.Number == 0 {
		return false, nil
	}
	e.params.Upto = found.Last
	rows, err := find.Queries.ExportUsageEvents(ctx, find.Within(ctx), &e.params)
	if err != nil {
		return false, db.Fault(err)
	}
	for _, row := range rows {
		e.write(p, row)
	}
	e.params.After = found.Last
	return found.Number == ledgerRows && found.Last < math.MaxInt64, nil
}

// write adds a row.
func (e *events) write(p *page, row *db.ExportUsageEventsRow) {
	if e.focus != nil {
		e.focus.event(p, row)
		return
	}
	event := &row.UsageEvent
	p.cell(event.ExternalID())
	p.instant(event.RecordedAt)
	p.instant(event.OccurredAt)
	p.cell(idOf(id.APIKey, event.APIKeyID))
	p.labelPointer(row.ApiKeyName)
	p.cellPointer(id.Workspace.FormatPointer(event.WorkspaceID))
	p.labelPointer(row.WorkspaceName)
	p.label(event.Provider)
	p.label(event.Model)
	p.cell(string(event.ServiceTier))
	p.numbers(event.Requests, event.InputTokens, event.OutputTokens, event.CachedInputTokens, event.CacheWriteTokens, event.CacheWrite1hTokens,
		event.ReasoningTokens, event.AudioInputTokens, event.AudioOutputTokens, event.Images, event.WebSearches, event.Tokens())
	p.decimal(event.Cost())
	p.cellPointer(id.Reservation.FormatPointer(event.ReservationID))
	p.labelPointer(event.RequestID)
	p.cell(metadataJSON(event.Metadata))
	p.cellPointer(id.UsageEvent.FormatPointer(event.Corrects))
	p.end()
}
