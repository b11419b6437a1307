package control

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/lookup"
)

// versioned is a row with a version.
type versioned interface{ LastChange() db.Change }

// expect refuses a change that is based on another version than a row has; nil is based on any.
func expect(version *int, what string, row versioned) error {
	current := row.LastChange()
	if version == nil || *version == int(current.Version) {
		return nil
	}
	f := &fault.Fault{Code: fault.Conflict, Field: "expectedVersion", Message: fmt.Sprintf(
		"expectedVersion: the %s has version %d by now, since %s", what, current.Version, current.At.UTC().Format(time.RFC3339))}
	f.Extensions = map[string]any{"currentVersion": current.Version, "changedAt": current.At.UTC().Format(time.RFC3339Nano)}
	if current.By != "" {
		f.Message += ": it was changed by " + current.By
		f.Extensions["changedBy"] = current.By
	}
	return f
}

// expectOf is expect for a subject in a transaction, which it locks until that ends: nobody else changes the subject in between. field is
// that of the subject's id in the input. Nothing is locked for nil.
func (c *Changes) expectOf(ctx context.Context, tx pgx.Tx, version *int, s *lookup.Subject, field string) error {
	if version == nil {
		return nil
	}
	if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil { // before what is below it, as enforcement does
		return err
	}
	row, what, err := c.lockSubject(ctx, tx, s)
	if err != nil {
		return lookup.Missing(err, field, what)
	}
	return expect(version, what, row)
}

// lockSubject locks the row of a subject and returns it, and what it is called.
func (c *Changes) lockSubject(ctx context.Context, tx pgx.Tx, s *lookup.Subject) (row versioned, what string, err error) {
	switch {
	case s.APIKeyID != nil:
		row, err = c.Queries.LockAPIKey(ctx, tx, &db.LockAPIKeyParams{OrganizationID: s.OrganizationID, ID: s.ID})
		return row, "API key", err
	case s.WorkspaceID != nil:
		row, err = c.Queries.LockWorkspace(ctx, tx, &db.LockWorkspaceParams{OrganizationID: s.OrganizationID, ID: s.ID})
		return row, "workspace", err
	}
	row, err = c.Queries.LockOrganization(ctx, tx, s.OrganizationID)
	return row, "organization", err
}

// expectOfOrganization is expectOf for an organization.
func (c *Changes) expectOfOrganization(ctx context.Context, tx pgx.Tx, version *int, organizationID uuid.UUID, field string) error {
	return c.expectOf(ctx, tx, version, &lookup.Subject{SubjectID: db.SubjectID{OrganizationID: organizationID, ID: organizationID}}, field)
}

// expectOfLimit is expectOf for a limit. All changes of limits lock the organization first.
func (c *Changes) expectOfLimit(ctx context.Context, tx pgx.Tx, version *int, limit *db.LimitStatus) error {
	if version == nil {
		return nil
	}
	if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{limit.OrganizationID}); err != nil {
		return err
	}
	rows, err := c.Queries.FindLimits(ctx, tx, &db.FindLimitsParams{IDs: []uuid.UUID{limit.ID}, OrganizationID: &limit.OrganizationID})
	current, err := lookup.Found(rows, err, "id", "limit")
	if err != nil {
		return err
	}
	return expect(version, "limit", current)
}
