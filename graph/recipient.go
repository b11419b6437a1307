package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/validate"
	"bursar/id"
)

// addRecipients adds addresses to a subject; BAD_USER_INPUT about the field when it then has too many.
func (r *Resolver) addRecipients(ctx context.Context, tx pgx.Tx, field string, s *subject, emails []string) error {
	// the lock orders concurrent additions, so that together they do not exceed the limit
	if err := r.queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
		return err
	}
	err := r.queries.AddRecipients(ctx, tx, &db.AddRecipientsParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID, Emails: emails,
	})
	if err != nil {
		return err
	}
	added, err := r.queries.CountRecipients(ctx, tx,
		&db.CountRecipientsParams{OrganizationID: s.OrganizationID, SubjectID: s.ID})
	if err == nil && added > validate.MaxRecipients {
		return fault.BadInput(field, "a subject has at most %d added recipients; this would make %d", validate.MaxRecipients, added)
	}
	return err
}

// recipients returns the recipients of a subject's alerts.
func (r *Resolver) recipients(ctx context.Context, subject db.SubjectID) ([]*db.SubjectRecipient, error) {
	rows, err := r.queries.ListRecipients(ctx, r.within(ctx), &db.ListRecipientsParams{
		OrganizationIDs: []uuid.UUID{subject.OrganizationID}, SubjectIDs: []uuid.UUID{subject.ID},
	})
	return rows, db.Fault(err)
}

func memberID(field, external string) (*uuid.UUID, error) {
	_, parsed, err := parseID(field, external, id.Member)
	return &parsed, err
}
