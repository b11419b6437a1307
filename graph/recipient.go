package graph

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
	"bursar/graph/selection"
	"bursar/graph/validate"
	"bursar/id"
)

// addRecipients adds addresses to a subject; QUOTA_EXCEEDED about the field when it then has too many.
func (r *Resolver) addRecipients(ctx context.Context, tx pgx.Tx, field string, s *subject, emails []string) error {
	// before the rows of the addresses: whoever deletes a workspace locks in this order
	if err := r.queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
		return err
	}
	err := r.queries.AddRecipients(ctx, tx, &db.AddRecipientsParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID, Emails: emails,
	})
	if fault.CodeOf(db.Fault(err)) == fault.QuotaExceeded {
		return validate.At(db.Fault(err), field)
	}
	return err
}

// recipients returns the recipients of a subject's alerts, for a mutation's payload that has them.
func (r *Resolver) recipients(ctx context.Context, subject db.SubjectID) ([]*db.SubjectRecipient, error) {
	fields := len(selection.Of(ctx, "recipients"))
	number := loader.ListNumber(ctx, fields)
	rows, err := r.queries.ListRecipients(ctx, r.within(ctx), &db.ListRecipientsParams{
		OrganizationIDs: []uuid.UUID{subject.OrganizationID}, SubjectIDs: []uuid.UUID{subject.ID}, Number: number,
	})
	return rows, cmp.Or(db.Fault(err), loader.CheckList(len(rows), number), loader.CountList(ctx, len(rows), fields))
}

func memberID(field, external string) (*uuid.UUID, error) {
	_, parsed, err := parseID(field, external, id.Member)
	return &parsed, err
}
