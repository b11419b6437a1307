// Package audit exports the audit log, which triggers of the database write.
package audit

import (
	"bytes"
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
	return ExportAll(ctx, []db.DBTX{database}, of, w)
}

// ExportAll is Export of several databases, whose entries it merges: by id, and so by the time at which they were made. An entry that two databases have,
// because its organization has moved from one to the other, is written once. Nothing is written unless all databases answer at first.
func ExportAll[D db.DBTX](ctx context.Context, databases []D, of Of, w io.Writer) error {
	var sources []*source
	for _, database := range databases {
		s := &source{database: database, pages: PagesOf(of)}
		if err := s.fill(ctx); err != nil {
			return err
		}
		sources = append(sources, s)
	}
	for {
		entries, err := merge(ctx, sources)
		if err != nil || len(entries) == 0 {
			return err
		}
		if err := writeEntries(w, entries); err != nil {
			return err
		}
	}
}

// source is what is left of one database's page.
type source struct {
	database db.DBTX
	pages    *Pages
	page     []*db.AuditEntry // empty: there are no more
}

func (s *source) fill(ctx context.Context) (err error) {
	s.page, err = s.pages.Next(ctx, s.database)
	return err
}

// merge returns the next entries, as many as a page has at most; none: there are no more.
func merge(ctx context.Context, sources []*source) (entries []*db.AuditEntry, err error) {
	for len(entries) < pageSize {
		var first *db.AuditEntry
		for _, s := range sources {
			if len(s.page) > 0 && (first == nil || bytes.Compare(s.page[0].ID[:], first.ID[:]) < 0) {
				first = s.page[0]
			}
		}
		if first == nil {
			return entries, nil
		}
		entries = append(entries, first)
		for _, s := range sources {
			if len(s.page) == 0 || s.page[0].ID != first.ID {
				continue
			}
			if s.page = s.page[1:]; len(s.page) == 0 {
				if err := s.fill(ctx); err != nil {
					return nil, err
				}
			}
		}
	}
	return entries, nil
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
