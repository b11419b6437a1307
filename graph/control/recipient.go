package control

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

const (
	maxNamedDomains = 10  // that an error names
	maxOutside      = 100 // recipients that setRecipientDomains answers
)

// SetRecipientDomains sets of which domains recipients may be added.
func (c *Changes) SetRecipientDomains(ctx context.Context, input model.SetRecipientDomainsInput) (*model.SetRecipientDomainsPayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	if err := validate.Together(err, validate.SetRecipientDomains(&input)); err != nil {
		return nil, err
	}
	payload := &model.SetRecipientDomainsPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.expectOfOrganization(ctx, tx, input.ExpectedVersion, organizationID, "organizationId"); err != nil {
			return err
		}
		return c.setRecipientDomains(ctx, tx, organizationID, input.Domains, payload)
	})
}

// AddRecipients adds recipients of the alerts of a subject.
func (c *Changes) AddRecipients(ctx context.Context, input model.AddRecipientsInput) (*model.AddRecipientsPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	if err := validate.Together(err, validate.Recipients(input.Emails)); err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error { return c.addRecipients(ctx, tx, "emails", s, input.Emails, nil) })
	if err != nil {
		return nil, err
	}
	recipients, err := c.find.Recipients(ctx, s.SubjectID)
	subject, subjectErr := c.find.SubjectOfPayload(ctx, input.SubjectID)
	return &model.AddRecipientsPayload{Recipients: recipients, Subject: subject}, cmp.Or(err, subjectErr)
}

// RemoveRecipients removes recipients of the alerts of a subject.
func (c *Changes) RemoveRecipients(ctx context.Context, input model.RemoveRecipientsInput) (*model.RemoveRecipientsPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	if err := validate.Together(err, validate.Recipients(input.Emails)); err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error {
		// before the rows of the addresses, as in addRecipients: their removal changes the subject's version
		if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
			return err
		}
		return c.Queries.RemoveRecipients(ctx, tx,
			&db.RemoveRecipientsParams{OrganizationID: s.OrganizationID, SubjectID: s.ID, Emails: input.Emails})
	})
	if err != nil {
		return nil, err
	}
	recipients, err := c.find.Recipients(ctx, s.SubjectID)
	subject, subjectErr := c.find.SubjectOfPayload(ctx, input.SubjectID)
	return &model.RemoveRecipientsPayload{Recipients: recipients, Subject: subject}, cmp.Or(err, subjectErr)
}

// addRecipients adds addresses to a subject; QUOTA_EXCEEDED about the field when it then has too many. A MEMBER does not lift the
// suppression of an address: it holds for the whole organization. indexes are those of the addresses in the field; nil: they are all of it.
func (c *Changes) addRecipients(ctx context.Context, tx pgx.Tx, field string, s *lookup.Subject, emails []string, indexes []int32) error {
	// before the rows of the addresses: whoever deletes a workspace locks in this order
	if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
		return err
	}
	mayLift := caller.OwnKeysOnly(ctx) == nil
	at := func(index int32) string {
		if indexes != nil {
			index = indexes[index]
		}
		return fmt.Sprintf("%s.%d", field, index)
	}
	if err := c.refuseBarred(ctx, tx, s.OrganizationID, emails, mayLift, at); err != nil {
		return err
	}
	err := c.Queries.AddRecipients(ctx, tx, &db.AddRecipientsParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID, Emails: emails, KeepSuppressed: !mayLift,
	})
	if fault.CodeOf(db.Fault(err)) == fault.QuotaExceeded {
		return validate.At(db.Fault(err), field)
	}
	return err
}

// refuseBarred names each address that may not be added: outside of the organization's recipient domains, or suppressed, if the caller
// may not lift that. pathOf returns the path in the input of an address, by its index.
func (c *Changes) refuseBarred(
	ctx context.Context, tx pgx.Tx, organizationID uuid.UUID, emails []string, mayLift bool, pathOf func(int32) string,
) error {
	barred, err := c.Queries.ListBarredRecipients(ctx, tx,
		&db.ListBarredRecipientsParams{OrganizationID: organizationID, Emails: emails, MayLift: mayLift})
	if err != nil {
		return err
	}
	errs := make([]error, len(barred))
	for i, b := range barred {
		address, at := emails[b.Index], pathOf(b.Index)
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
func (c *Changes) setRecipientDomains(
	ctx context.Context, tx pgx.Tx, organizationID uuid.UUID, domains []string, payload *model.SetRecipientDomainsPayload,
) (err error) {
	payload.Organization, err = c.Queries.SetRecipientDomains(ctx, tx, &db.SetRecipientDomainsParams{ID: organizationID, RecipientDomains: domains})
	if err != nil {
		return lookup.Missing(err, "organizationId", "organization")
	}
	payload.Outside = []*db.Recipient{}
	outside, err := c.Queries.ListRecipientsOutside(ctx, tx,
		&db.ListRecipientsOutsideParams{OrganizationID: organizationID, Number: maxOutside})
	for _, row := range outside {
		payload.Outside, payload.OutsideCount = append(payload.Outside, &row.Recipient), int(row.Total)
	}
	return err
}
