package preview

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/mail"
)

// write gives an alert the mail that tells of it, as if what is used had just reached it.
func (d *draft) write(alert *model.PreviewedAlert) error {
	message, err := d.content(alert).Message("", "")
	if err != nil {
		return fault.ErrInternal.Because(err)
	}
	alert.Subject, alert.Text = message.Subject, message.Text
	return nil
}

func (d *draft) content(alert *model.PreviewedAlert) mail.Alert {
	amount := d.unit(decimal.NewFromInt(d.budget.MaxUnits + d.row.RaisedUnits))
	used := d.unit(d.row.UsedUnits)
	content := mail.Alert{
		Kind: string(alert.Kind), OrganizationName: d.row.OrganizationName,
		BudgetType: string(d.budget.Type), PeriodicReset: string(d.budget.Period), ResetDays: int(d.row.ResetDays),
		Shadow: d.budget.Mode == db.LimitModeSHADOW, Amount: amount, Used: used, RaisedAt: d.row.Now, AlertID: "preview",
		PeriodStart: mail.Local(d.row.PeriodStart, d.row.TimeZone, d.row.StartOffset), PeriodEnd: d.local(d.row.PeriodEnd, d.row.EndOffset),
	}
	switch {
	case d.ofKey:
		content.SubjectKind, content.SubjectName = "API key", validate.ValueOr(d.input.Name, "new key")
		content.WorkspaceName = d.row.WorkspaceName
	case d.subject.APIKeyID != nil:
		content.SubjectKind, content.SubjectName, content.KeyPrefix = "API key", d.row.ApiKeyName, d.row.ApiKeyPrefix
		content.WorkspaceName = d.row.WorkspaceName
	case d.subject.WorkspaceID != nil:
		content.SubjectKind, content.SubjectName = "workspace", d.row.WorkspaceName
	default:
		content.SubjectKind, content.SubjectName = "organization", d.row.OrganizationName
	}
	switch {
	case alert.Purpose == db.DeliveryPurposeRESET:
		content.Kind, content.Used, content.EndedUsed = "RESET", decimal.Zero, amount
		content.PeriodStart, content.PeriodEnd = *content.PeriodEnd, d.local(d.row.NextEnd, d.row.NextOffset)
	case alert.Kind == db.AlertKindTHRESHOLD:
		content.Threshold, content.Used = *alert.Threshold, decimal.Max(used, *alert.Threshold)
		content.ThresholdPercent = validate.ValueOr(alert.ThresholdPercent, 0)
	case alert.Kind == db.AlertKindEXHAUSTED:
		content.Used = decimal.Max(used, amount)
	case used.GreaterThanOrEqual(amount): // no request is refused by a budget that is used up, but EXHAUSTED tells of it
		content.Used = decimal.Zero
	}
	return content
}

// unit returns an amount of the counter in the budget's unit.
func (d *draft) unit(units decimal.Decimal) decimal.Decimal {
	if d.budget.Type == db.LimitTypeCOST {
		return units.Shift(-9)
	}
	return units
}

// local returns an instant as the clocks of the budget's time zone show it; nil for nil.
func (d *draft) local(instant *time.Time, offset int32) *time.Time {
	if instant == nil {
		return nil
	}
	return new(mail.Local(*instant, d.row.TimeZone, offset))
}
