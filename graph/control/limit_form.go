package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/limitset"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// limitForm is what a form has of a subject's limits and recipients.
type limitForm struct {
	limits     limitset.Form
	recipients []string // all that are added; nil: they stay
}

// empty tells whether limits and recipients stay as they are.
func (f *limitForm) empty() bool { return f.limits.Empty() && f.recipients == nil }

// SetLimits sets all limits and recipients of a subject.
func (c *Changes) SetLimits(ctx context.Context, input model.SetLimitsInput) (*model.SetLimitsPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	if err != nil {
		return nil, validate.Together(err, validate.SetLimits(&input))
	}
	form := &limitForm{limitset.Form{Budgets: input.BudgetLimits, Rates: input.RateLimits}, input.Recipients}
	if err := c.checkSetLimits(ctx, &input, s, form); err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.expectOf(ctx, tx, input.ExpectedVersion, s, "subjectId"); err != nil {
			return err
		}
		return c.saveLimits(ctx, tx, s, form)
	})
	if err != nil {
		return nil, err
	}
	payload := &model.SetLimitsPayload{}
	payload.Subject, err = c.find.SubjectOfPayload(ctx, input.SubjectID)
	return payload, err
}

// checkSetLimits tells what is wrong with the input of setLimits. CONFLICT for another version than expected comes first: the rest may be
// wrong because of what somebody else has changed meanwhile.
func (c *Changes) checkSetLimits(ctx context.Context, input *model.SetLimitsInput, s *lookup.Subject, form *limitForm) error {
	_, limitsErr := c.planLimits(ctx, c.Within(ctx), s.SubjectID, form.limits)
	versionErr := validate.ExpectedVersion(input.ExpectedVersion)
	zonesErr := c.knownZones(ctx, input.BudgetLimits)
	err := validate.Together(versionErr, validate.AddedRecipients(input.Recipients), limitsErr, zonesErr)
	if fault.CodeOf(limitsErr) == fault.Forbidden {
		err = limitsErr
	}
	if err == nil || versionErr != nil || input.ExpectedVersion == nil {
		return err
	}
	node, nodeErr := c.find.Node(ctx, input.SubjectID)
	if nodeErr != nil {
		return nodeErr
	}
	if row, is := node.(versioned); is {
		return cmp.Or(expect(input.ExpectedVersion, "subject", row), err)
	}
	return err
}

// knownZones refuses time zones of a form's budgets that the database does not know.
func (c *Changes) knownZones(ctx context.Context, budgets []*model.BudgetLimitChange) error {
	zones := make([]lookup.Zone, len(budgets))
	for i, budget := range budgets {
		zones[i] = lookup.Zone{Field: fmt.Sprintf("budgetLimits.%d.timeZone", i), Name: budget.TimeZone}
	}
	return c.find.KnownZones(ctx, zones...)
}

// planLimits tells what has to be done for a subject to have the limits of a form. FORBIDDEN to a MEMBER unless limits are added alone.
func (c *Changes) planLimits(ctx context.Context, on db.DBTX, subject db.SubjectID, form limitset.Form) (*limitset.Plan, error) {
	if form.Empty() {
		return &limitset.Plan{}, nil
	}
	current, err := c.Queries.ListLimits(ctx, on, &db.ListLimitsParams{
		OrganizationIDs: []uuid.UUID{subject.OrganizationID}, SubjectIDs: []uuid.UUID{subject.ID}})
	if err != nil {
		return nil, db.Fault(err)
	}
	plan, err := limitset.New(current, form)
	if err == nil && !plan.OnlyAdds() && caller.OwnKeysOnly(ctx) != nil {
		return nil, fault.New(fault.Forbidden, "a MEMBER adds limits to API keys that they created; only an OWNER or ADMIN changes and deletes them")
	}
	return plan, err
}

// saveLimits makes the limits and the recipients of a subject those of a form.
func (c *Changes) saveLimits(ctx context.Context, tx pgx.Tx, s *lookup.Subject, form *limitForm) error {
	if form.empty() {
		return nil
	}
	// nobody changes limits or recipients between the plan and the change
	if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
		return err
	}
	plan, err := c.planLimits(ctx, tx, s.SubjectID, form.limits)
	if err != nil {
		return err
	}
	if !plan.Nothing() {
		if err := c.nameOfForm(ctx, tx, s.SubjectID, form.limits.Budgets); err != nil {
			return err
		}
		if err := c.setLimits(ctx, tx, s, plan); err != nil {
			return about(plan.Field, err)
		}
	}
	if form.recipients == nil {
		return nil
	}
	return c.setRecipients(ctx, tx, s, form.recipients)
}

// about names the field of an error that names none, such as that of a quota.
func about(field string, err error) error {
	f, is := errors.AsType[*fault.Fault](db.Fault(err))
	if is && f.Field == "" && fault.CodeOf(f) != fault.Internal && fault.CodeOf(f) != fault.Unavailable {
		return f.At(field)
	}
	return err
}

// setLimits does what a plan says.
func (c *Changes) setLimits(ctx context.Context, tx pgx.Tx, s *lookup.Subject, plan *limitset.Plan) error {
	changed, err := json.Marshal(plan.Changed)
	if err != nil {
		return err
	}
	created, err := json.Marshal(plan.Created)
	if err != nil {
		return err
	}
	return c.Queries.SetLimits(ctx, tx, &db.SetLimitsParams{
		OrganizationID: s.OrganizationID, WorkspaceID: s.WorkspaceID, APIKeyID: s.APIKeyID,
		Deleted: plan.Deleted, Changed: changed, Created: created,
	})
}

// setRecipients makes the addresses that are added to a subject those of a form. One that is added already stays as it is, suppressed or
// not; a new one is added as addRecipients does. FORBIDDEN to a MEMBER if one would be removed.
func (c *Changes) setRecipients(ctx context.Context, tx pgx.Tx, s *lookup.Subject, emails []string) error {
	missing, err := c.Queries.ListMissingRecipients(ctx, tx,
		&db.ListMissingRecipientsParams{OrganizationID: s.OrganizationID, SubjectID: s.ID, Emails: emails})
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		if caller.OwnKeysOnly(ctx) != nil {
			return fault.New(fault.Forbidden, "recipients: a MEMBER adds recipients to API keys that they created; only an OWNER or ADMIN removes them")
		}
		err := c.Queries.RemoveRecipients(ctx, tx,
			&db.RemoveRecipientsParams{OrganizationID: s.OrganizationID, SubjectID: s.ID, Emails: missing})
		if err != nil {
			return err
		}
	}
	indexes, err := c.Queries.ListNewRecipients(ctx, tx,
		&db.ListNewRecipientsParams{OrganizationID: s.OrganizationID, SubjectID: s.ID, Emails: emails})
	if err != nil || len(indexes) == 0 {
		return err
	}
	added := make([]string, len(indexes))
	for i, index := range indexes {
		added[i] = emails[index]
	}
	return c.addRecipients(ctx, tx, "recipients", s, added, indexes)
}
