// Package audit exports the audit log, which triggers of the database write.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"bursar/db"
	"bursar/id"
)

// Export writes entries of the log as JSON lines, oldest first. It reads page by page, so that a slow reader holds no transaction open.
func Export(ctx context.Context, database db.DBTX, of Of, w io.Writer) error {
	for pages := PagesOf(of); ; {
		entries, err := pages.Next(ctx, database)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return nil
		}
		if err := writeEntries(w, entries); err != nil {
			return err
		}
	}
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
