package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
	"bursar/observe"
)

type auditCommand struct {
	Export auditExportCommand `cmd:"" help:"Write the audit log as JSON lines, oldest first."`
}

type auditExportCommand struct {
	Where        databaseOrEmbedded `embed:""`
	Organization string             `placeholder:"SLUG|ID" help:"Of this organization alone, by its slug or id (org_…); unset, of every one."`
	From         instant            `placeholder:"TIME" help:"Entries at or after this instant, such as 2026-03-01 (00:00 UTC) or 2026-03-01T12:00:00Z; unset, from the first."`
	To           instant            `placeholder:"TIME" help:"Entries before this instant; unset, to the last."`
	Log          logFlags           `embed:""`
}

// Help is the long text of --help.
func (auditExportCommand) Help() string {
	return `Prints one JSON object a line on standard output, and nothing else there: id, organizationId, at, actor, action, targetId,
before, after, requestId and reason. Needs the same memory for a thousand entries as for a billion.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// AfterApply checks the flags.
func (c *auditExportCommand) AfterApply() error {
	if from, to := c.From.pointer(), c.To.pointer(); from != nil && to != nil && !to.After(*from) {
		return &misuse{fmt.Sprintf("--to: must be after --from (%s), is %s", from.Format(time.RFC3339), to.Format(time.RFC3339))}
	}
	return nil
}

// Run exports page by page, so that a slow reader holds no transaction open. Entries are never changed, so that pages are
// consistent with each other.
func (c *auditExportCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.with(ctx, "audit export", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		organizationID, err := findOrganization(ctx, pool, c.Organization)
		if err != nil {
			return err
		}
		after, before := c.bounds()
		for {
			page, err := auditPage(ctx, pool, organizationID, after, before, c.From.pointer(), c.To.pointer())
			if err != nil {
				return fmt.Errorf("read the audit log: %w", err)
			}
			if len(page) == 0 {
				return nil
			}
			if err := writeEntries(p.stdout, page); err != nil {
				return err
			}
			after = page[len(page)-1].ID
		}
	})
}

const (
	auditPageSize = 1000
	// drawnBefore bounds how long before an entry's time its id was generated; both happen in one statement.
	drawnBefore = time.Minute
)

// bounds returns the range of ids that holds the entries from --from to --to; before is nil without --to. Ids begin with the
// time at which they were generated.
func (c *auditExportCommand) bounds() (after uuid.UUID, before *uuid.UUID) {
	if from := c.From.pointer(); from != nil {
		after = id.FirstAt(from.Add(-drawnBefore))
	}
	if to := c.To.pointer(); to != nil {
		end := id.FirstAt(to.Add(time.Millisecond)) // ids are generated before the entry's time, never after it
		before = &end
	}
	return after, before
}

func auditPage(
	ctx context.Context, pool *pgxpool.Pool, organizationID *uuid.UUID, after uuid.UUID, before *uuid.UUID, from, to *time.Time,
) ([]*db.AuditEntry, error) {
	if organizationID == nil {
		return db.New().ExportEveryAuditEntry(ctx, pool, &db.ExportEveryAuditEntryParams{
			After: after, Before: before, FromTime: from, ToTime: to, Number: auditPageSize,
		})
	}
	return db.New().ExportAuditLog(ctx, pool, &db.ExportAuditLogParams{
		OrganizationID: *organizationID, After: after, Before: before, FromTime: from, ToTime: to, Number: auditPageSize,
	})
}

// auditLine is an exported entry. The names of the fields are those of the API; names and order are public.
type auditLine struct {
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
		line, err := json.Marshal(auditLine{
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
