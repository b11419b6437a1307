package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/audit"
	"bursar/cmd/bursar/value"
)

type auditCommand struct {
	Export auditExportCommand `cmd:"" help:"Write the audit log as JSON lines, oldest first."`
}

type auditExportCommand struct {
	Of   ofOrganization `embed:""`
	From value.Instant  `placeholder:"TIME" help:"Entries at or after this instant, such as 2026-03-01 (00:00 UTC) or 2026-03-01T12:00:00Z; unset, from the first."`
	To   value.Instant  `placeholder:"TIME" help:"Entries before this instant; unset, to the last."`
}

// Help is the long text of --help.
func (auditExportCommand) Help() string {
	return `Prints one JSON object a line on standard output, and nothing else there: id, organizationId, at, actor, action, targetId,
before, after, requestId and reason. Needs the same memory for a thousand entries as for a billion. With BURSAR_CELLS the entries of
home and all cells are merged by id; one that two have, because its organization has moved, is written once.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// AfterApply checks the flags.
func (c *auditExportCommand) AfterApply() error {
	if from, to := c.From.Pointer(), c.To.Pointer(); from != nil && to != nil && !to.After(*from) {
		return &misuse{fmt.Sprintf("--to: must be after --from (%s), is %s", from.Format(time.RFC3339), to.Format(time.RFC3339))}
	}
	return nil
}

// Run exports the log.
func (c *auditExportCommand) Run(ctx context.Context, p *program) error {
	return c.Of.together(ctx, p, "audit export", func(all []*pgxpool.Pool, organizationID *uuid.UUID) error {
		return audit.ExportAll(ctx, all, audit.Of{OrganizationID: organizationID, From: c.From.Pointer(), To: c.To.Pointer()}, p.stdout)
	})
}
