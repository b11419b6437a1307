// Package preview tells who would be told what of a budget that is not saved yet.
package preview

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// maxRead is how many addresses are read; more than an organization has owners and admins, or its list ends early and its count is right all the same.
const maxRead = 1000

// draft is a budget that is not saved yet, with what is asked about it.
type draft struct {
	subject *lookup.Subject // the owner, of a new API key
	ofKey   bool            // of a new API key
	creator *uuid.UUID      // of a new API key; nil: nobody
	budget  *db.LimitStatus // as it is to be
	present []*db.LimitStatus
	input   *model.PreviewAlertsInput
	row     *db.PreviewBudgetRow
	heard   []*db.PreviewRecipientsRow
}

// Alerts answers previewAlerts.
func Alerts(ctx context.Context, find *lookup.Finder, input *model.PreviewAlertsInput) (*model.AlertPreview, error) {
	d := &draft{input: input}
	if err := d.findSubject(ctx, find); err != nil {
		return nil, validate.Together(err, validate.AddedRecipients(input.Recipients))
	}
	wanted, err := d.plan(ctx, find)
	zoneErr := find.KnownZones(ctx, lookup.Zone{Field: "budgetLimit.timeZone", Name: input.BudgetLimit.TimeZone})
	if err := validate.Together(err, validate.AddedRecipients(input.Recipients), zoneErr); err != nil {
		return nil, err
	}
	if err := d.read(ctx, find, wanted); err != nil {
		return nil, err
	}
	if d.heard, err = find.Queries.PreviewRecipients(ctx, find.Within(ctx), d.recipientsParams(ctx)); err != nil {
		return nil, db.Fault(err)
	}
	return d.alerts()
}

// findSubject finds what the budget is to stand on.
func (d *draft) findSubject(ctx context.Context, find *lookup.Finder) (err error) {
	switch {
	case (d.input.SubjectID == nil) == (d.input.OwnerID == nil):
		return fault.BadInput("subjectId", "exactly one of subjectId and ownerId must be given")
	case d.input.SubjectID != nil && (d.input.CreatedByID != nil || d.input.Name != nil):
		return fault.BadInput("ownerId", "must be given with name and createdById, which are of a new API key")
	case d.input.SubjectID != nil:
		d.subject, err = find.Subject(ctx, "subjectId", *d.input.SubjectID)
	default:
		d.ofKey = true
		if err := d.findCreator(ctx); err != nil {
			return err
		}
		d.subject, err = find.Owner(ctx, "ownerId", *d.input.OwnerID)
	}
	return err
}

// plan checks the budget, and notes those that the subject has.
func (d *draft) plan(ctx context.Context, find *lookup.Finder) (*db.CreateLimitParams, error) {
	var before *db.LimitStatus
	if !d.ofKey {
		var err error
		d.present, err = find.Queries.ListLimits(ctx, find.Within(ctx), &db.ListLimitsParams{
			OrganizationIDs: []uuid.UUID{d.subject.OrganizationID}, SubjectIDs: []uuid.UUID{d.subject.ID}})
		if err != nil {
			return nil, db.Fault(err)
		}
	}
	if external := d.input.BudgetLimit.ID; external != nil {
		_, parsed, err := validate.ID("budgetLimit.id", *external, id.BudgetLimit)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(d.present, func(l *db.LimitStatus) bool { return l.ID == parsed && l.Kind == db.LimitKindBUDGET })
		if at < 0 {
			return nil, lookup.NotFound("budgetLimit.id", "budget of the subject")
		}
		before = d.present[at]
	}
	wanted, err := validate.BudgetLimitChange(before, d.input.BudgetLimit)
	if err != nil {
		return nil, validate.At(err, "budgetLimit")
	}
	alerts := append([]int64{}, wanted.AlertUnits...)
	slices.Sort(alerts)
	d.budget = &db.LimitStatus{OrganizationID: d.subject.OrganizationID, Kind: db.LimitKindBUDGET, Type: wanted.Type, Period: wanted.Period,
		MaxUnits: wanted.MaxUnits, AlertUnits: alerts, AlertPercents: wanted.AlertPercents, Enabled: wanted.Enabled, Mode: wanted.Mode}
	if before != nil {
		d.budget.ID = before.ID
		d.budget.AlertRecipients = db.KeptRecipients(before.AlertRecipients, alerts, wanted.AlertPercents)
	}
	if wanted.AlertRecipients != nil {
		if err := json.Unmarshal(wanted.AlertRecipients, &d.budget.AlertRecipients); err != nil {
			return nil, fault.ErrInternal.Because(err)
		}
	}
	return wanted, nil
}

// read reads the period in which the budget would count, and what it has used.
func (d *draft) read(ctx context.Context, find *lookup.Finder, wanted *db.CreateLimitParams) error {
	options, err := json.Marshal(map[string]any{"time_zone": wanted.TimeZone, "week_starts_on": wanted.WeekStartsOn, "day_of_month": wanted.DayOfMonth,
		"reset_days": wanted.ResetDays, "reset_anchor": wanted.ResetAnchor})
	if err != nil {
		return fault.ErrInternal.Because(err)
	}
	params := &db.PreviewBudgetParams{OrganizationID: d.subject.OrganizationID, WorkspaceID: d.subject.WorkspaceID, APIKeyID: d.subject.APIKeyID,
		Type: wanted.Type, Period: wanted.Period, MaxUnits: wanted.MaxUnits, Options: options}
	if d.budget.ID != uuid.Nil {
		params.LimitID = &d.budget.ID
	}
	d.row, err = find.Queries.PreviewBudget(ctx, find.Within(ctx), params)
	return db.Fault(err)
}

func (d *draft) recipientsParams(ctx context.Context) *db.PreviewRecipientsParams {
	params := &db.PreviewRecipientsParams{OrganizationID: d.subject.OrganizationID, Added: d.input.Recipients, Number: maxRead, Named: []string{},
		NewNamed: []string{}, MayLift: caller.OwnKeysOnly(ctx) == nil}
	if d.ofKey {
		params.CreatorID, params.Added = d.creator, append([]string{}, d.input.Recipients...)
	} else {
		params.SubjectID = &d.subject.ID
	}
	for _, r := range d.budget.AlertRecipients {
		params.Named = append(params.Named, r.Emails...)
		for _, email := range r.Emails {
			if !slices.ContainsFunc(d.present, func(limit *db.LimitStatus) bool {
				return slices.ContainsFunc(limit.AlertRecipients, func(before *db.AlertRecipients) bool { return before.Names(email) })
			}) {
				params.NewNamed = append(params.NewNamed, email)
			}
		}
	}
	return params
}

// findCreator finds who is to have created a new API key: the caller where nobody is named. A MEMBER names themselves alone.
func (d *draft) findCreator(ctx context.Context) error {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	d.creator = principal.MemberID
	if d.input.CreatedByID == nil {
		return nil
	}
	_, parsed, err := validate.ID("createdById", *d.input.CreatedByID, id.Member)
	if own := principal.OwnKeysOnly(); err == nil && own != nil && parsed != *own {
		return caller.NotOwn("createdById")
	}
	d.creator = &parsed
	return err
}

// alerts returns the budget's alerts, the lowest first.
func (d *draft) alerts() (*model.AlertPreview, error) {
	preview := &model.AlertPreview{Alerts: []*model.PreviewedAlert{}}
	if !d.budget.Enabled {
		return preview, nil
	}
	add := func(kind db.AlertKind, purpose db.DeliveryPurpose, threshold *db.BudgetThreshold, units int64) error {
		alert := &model.PreviewedAlert{Kind: kind, Purpose: purpose}
		if threshold != nil {
			alert.Threshold, alert.ThresholdPercent = &threshold.Amount, threshold.Percent
			alert.RaisedNow = d.row.UsedUnits.GreaterThanOrEqual(decimal.NewFromInt(units)) && !slices.Contains(d.row.AlertedUnits, units)
		} else if kind == db.AlertKindEXHAUSTED && purpose == db.DeliveryPurposeALERT {
			alert.RaisedNow = d.row.UsedUnits.GreaterThanOrEqual(decimal.NewFromInt(d.budget.MaxUnits+d.row.RaisedUnits)) && !d.row.ExhaustionAlerted
		}
		d.reach(alert, d.budget.RecipientsOf(kind, units))
		preview.Alerts = append(preview.Alerts, alert)
		return d.write(alert)
	}
	for _, threshold := range (db.BudgetLimit{LimitStatus: d.budget}).Thresholds() {
		if err := add(db.AlertKindTHRESHOLD, db.DeliveryPurposeALERT, threshold, d.unitsOf(threshold.Amount)); err != nil {
			return nil, err
		}
	}
	for _, alert := range []struct {
		kind    db.AlertKind
		purpose db.DeliveryPurpose
	}{{db.AlertKindREFUSED, db.DeliveryPurposeALERT}, {db.AlertKindEXHAUSTED, db.DeliveryPurposeALERT}, {db.AlertKindEXHAUSTED, db.DeliveryPurposeRESET}} {
		refuses := d.budget.Mode != db.LimitModeSHADOW
		if alert.kind == db.AlertKindREFUSED && !refuses || alert.purpose == db.DeliveryPurposeRESET && d.budget.Period == db.LimitPeriodNONE {
			continue
		}
		if err := add(alert.kind, alert.purpose, nil, 0); err != nil {
			return nil, err
		}
	}
	return preview, nil
}

// unitsOf returns an amount in the unit of the budget's counter.
func (d *draft) unitsOf(amount decimal.Decimal) int64 {
	if d.budget.Type == db.LimitTypeCOST {
		return amount.Shift(9).IntPart()
	}
	return amount.IntPart()
}
