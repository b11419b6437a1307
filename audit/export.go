// Package audit exports the audit log, which triggers of the database write.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	From           *time.Time // of entries at or after it; nil: from the first
	To             *time.Time // of entries before it; nil: to the last
}

// Export writes entries of the log as JSON lines, oldest first. It reads page by page, so that a slow reader holds no transaction open. Entries
// are never changed, so that pages are consistent with each other.
func Export(ctx context.Context, database db.DBTX, of Of, w io.Writer) error {
	after, before := of.bounds()
	for {
		entries, err := of.page(ctx, database, after, before)
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		if len(entries) == 0 {
			return nil
		}
		if err := writeEntries(w, entries); err != nil {
			return err
		}
		after = entries[len(entries)-1].ID
	}
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

func (o *Of) page(ctx context.Context, database db.DBTX, after uuid.UUID, before *uuid.UUID) ([]*db.AuditEntry, error) {
	if o.OrganizationID == nil {
		return db.New().ExportEveryAuditEntry(ctx, database, &db.ExportEveryAuditEntryParams{
			After: after, Before: before, FromTime: o.From, ToTime: o.To, Number: pageSize,
		})
	}
	return db.New().ExportAuditLog(ctx, database, &db.ExportAuditLogParams{
		OrganizationID: *o.OrganizationID, After: after, Before: before, FromTime: o.From, ToTime: o.To, Number: pageSize,
	})
}

// Line is an exported entry. The names of the fields are those of the API; names and order are public.
type Line struct {
	ID             string          `json:"id"`
	OrganizationID string          `json:"organizationId"`
	At             time.Time       `json:"at"`
	Actor          string          `json:"actor"`
	Action         string          `json:"action"`
	TargetID       string          `json:"targetId"`
	Before         json.RawMessage `json:"before"` // null: it was created
	After          json.RawMessage `json:"after"`  // null: it was deleted
	RequestID      *string         `json:"requestId"`
	Reason         *string         `json:"reason"`
}

func writeEntries(w io.Writer, entries []*db.AuditEntry) error {
	var lines []byte
	for _, e := range entries {
		line, err := json.Marshal(Line{
			ID: e.ExternalID(), OrganizationID: id.Organization.Format(e.OrganizationID), At: e.At.UTC(), Actor: e.Actor, Action: e.Action,
			TargetID: e.ExternalTargetID(), Before: e.Before, After: e.After, RequestID: e.RequestID, Reason: e.Reason,
		})
		if err != nil {
			return fmt.Errorf("encode %s: %w", e.ExternalID(), err)
		}
		lines = append(append(lines, line...), '\n')
	}
	_, err := w.Write(lines)
	return err
}
