package graph

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/selection"
	"bursar/graph/validate"
	"bursar/id"
)

const (
	maxNamedDomains = 10  // that an error names
	maxOutside      = 100 // recipients that setRecipientDomains answers
)

// addRecipients adds addresses to a subject; QUOTA_EXCEEDED about the field when it then has too many. A MEMBER does not lift the
// suppression of an address: it holds for the whole organization.
func (r *Resolver) addRecipients(ctx context.Context, tx pgx.Tx, field string, s *subject, emails []string) error {
	// before the rows of the addresses: whoever deletes a workspace locks in this order
	if err := r.queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
		return err
	}
	mayLift := ownKeysOnly(ctx) == nil
	if err := r.refuseBarred(ctx, tx, field, s.OrganizationID, emails, mayLift); err != nil {
		return err
	}
	err := r.queries.AddRecipients(ctx, tx, &db.AddRecipientsParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID, Emails: emails, KeepSuppressed: !mayLift,
	})
	if fault.CodeOf(db.Fault(err)) == fault.QuotaExceeded {
		return validate.At(db.Fault(err), field)
	}
	return err
}

// refuseBarred names each address that may not be added: outside of the organization's recipient domains, or suppressed, if the caller
// may not lift that.
func (r *Resolver) refuseBarred(ctx context.Context, tx pgx.Tx, field string, organizationID uuid.UUID, emails []string, mayLift bool) error {
	barred, err := r.queries.ListBarredRecipients(ctx, tx,
		&db.ListBarredRecipientsParams{OrganizationID: organizationID, Emails: emails, MayLift: mayLift})
	if err != nil {
		return err
	}
	errs := make([]error, len(barred))
	for i, b := range barred {
		address, at := emails[b.Index], fmt.Sprintf("%s.%d", field, b.Index)
		if b.Outside {
			allowed := strings.Join(b.RecipientDomains[:min(len(b.RecipientDomains), maxNamedDomains)], ", ")
			errs[i] = fault.BadInput(at, "%s is outside of the domains of which the organization allows recipients (%s)", address, allowed)
			continue
		}
		errs[i] = &fault.Fault{Code: fault.Forbidden, Field: at,
			Message: at + ": mail to " + address + " bounced or was reported as unwanted; only an OWNER or ADMIN has it written to again"}
	}
	return validate.Together(errs...)
}

// setRecipientDomains sets of which domains recipients may be added, and answers those that are outside.
func (r *Resolver) setRecipientDomains(
	ctx context.Context, tx pgx.Tx, organizationID uuid.UUID, domains []string, payload *model.SetRecipientDomainsPayload,
) (err error) {
	payload.Organization, err = r.queries.SetRecipientDomains(ctx, tx, &db.SetRecipientDomainsParams{ID: organizationID, RecipientDomains: domains})
	if err != nil {
		return missing(err, "organizationId", "organization")
	}
	payload.Outside = []*db.Recipient{}
	outside, err := r.queries.ListRecipientsOutside(ctx, tx,
		&db.ListRecipientsOutsideParams{OrganizationID: organizationID, Number: maxOutside})
	for _, row := range outside {
		payload.Outside, payload.OutsideCount = append(payload.Outside, &row.Recipient), int(row.Total)
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
	_, parsed, err := validate.ID(field, external, id.Member)
	return &parsed, err
}
