package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/id"
)

const (
	pageSize = 1000
	// drawnBefore bounds how long before an entry's time its id was generated; both happen in one statement.
	drawnBefore = time.Minute
)

// Of says which entries are exported.
type Of struct {
	OrganizationID *uuid.UUID // nil: every organization's
	TargetID       *uuid.UUID // only those about this object; nil: any
	Actor          *string    // only those of this member or access token, of a given organization; nil: any
	Action         *string    // only those of this action; nil: any
	From           *time.Time // of entries at or after it; nil: from the first
	To             *time.Time // of entries before it; nil: to the last
}

// Pages are the entries of an export, oldest first, page by page. Entries are never changed, so that pages are consistent with each other.
type Pages struct {
	of     Of
	after  uuid.UUID
	before *uuid.UUID // nil: no bound
}

// PagesOf returns the pages of an export, from the first one on.
func PagesOf(of Of) *Pages {
	pages := &Pages{of: of}
	pages.after, pages.before = of.bounds()
	return pages
}

// bounds returns the range of ids that holds the entries from From to To; before is nil without To. Ids begin with the
// time at which they were generated.
func (o *Of) bounds() (after uuid.UUID, before *uuid.UUID) {
	if o.From != nil {
		after = id.FirstAt(o.From.Add(-drawnBefore))
	}
	if o.To != nil {
		end := id.FirstAt(o.To.Add(time.Millisecond)) // ids are generated before the entry's time, never after it
		before = &end
	}
	return after, before
}

// Next returns the entries of the next page; none: there are no more.
func (p *Pages) Next(ctx context.Context, database db.DBTX) ([]*db.AuditEntry, error) {
	entries, err := p.read(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	if len(entries) > 0 {
		p.after = entries[len(entries)-1].ID
	}
	return entries, nil
}

func (p *Pages) read(ctx context.Context, database db.DBTX) ([]*db.AuditEntry, error) {
	of := &p.of
	if of.OrganizationID == nil {
		return db.New().ExportEveryAuditEntry(ctx, database, &db.ExportEveryAuditEntryParams{
			After: p.after, TargetID: of.TargetID, Action: of.Action, Before: p.before, FromTime: of.From, ToTime: of.To, Number: pageSize,
		})
	}
	return db.New().ExportAuditLog(ctx, database, &db.ExportAuditLogParams{
		OrganizationID: *of.OrganizationID, After: p.after, TargetID: of.TargetID, Actor: of.Actor, Action: of.Action, Before: p.before, FromTime: of.From,
		ToTime: of.To, Number: pageSize,
	})
}
