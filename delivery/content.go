package delivery

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/id"
	"bursar/mail"
)

// kindReset is the kind of the mail that tells of a reset.
const kindReset = "RESET"

// tell returns what the mail of a bundle says.
func (b *bundle) tell(linkTo func(externalSubjectID string) string) mail.Alert {
	told := b.stories[b.lead().AlertID]
	alert := alertMail(told.ListAlertSubjectsRow, linkTo, b.at)
	if b.lead().Purpose == db.DeliveryPurposeRESET {
		alert = resetMail(alert, told.ListAlertSubjectsRow)
	}
	alert.Others = b.others()
	alert.MailID = b.mailID.String()
	return alert
}

// refusal returns why nothing of a bundle is sent; "" when it is.
func (b *bundle) refusal() string {
	if b.suppressed != "" {
		return b.suppressed
	}
	return b.overtaken()
}

// overtaken returns why the reset that a bundle is about is no news any more; "" when it is, or the bundle is not about one.
func (b *bundle) overtaken() string {
	if b.lead().Purpose != db.DeliveryPurposeRESET {
		return ""
	}
	switch told := b.stories[b.lead().AlertID]; {
	case told.CurrentMaxUnits == nil:
		return "not sent: the budget was deleted before its reset could be told"
	case *told.CurrentlyExhausted:
		return "not sent: the budget was exhausted again before its reset could be told"
	}
	return ""
}

// suppressed returns why a delivery's address is not written to; "" when it is.
func suppressed(row *db.ListDueDeliveriesRow) string {
	if row.SuppressedAt == nil || row.SuppressedReason == nil {
		return ""
	}
	what := "bounced"
	if *row.SuppressedReason == db.SuppressionReasonCOMPLAINED {
		what = "complained"
	}
	reason := "suppressed: " + what + " on " + row.SuppressedAt.UTC().Format(time.DateOnly)
	if row.SuppressedDetail != nil {
		reason += ": " + *row.SuppressedDetail
	}
	return reason + "; add the recipient again to write to it again"
}

// resetMail turns what the mail about an exhaustion tells into what the mail about its end does.
func resetMail(exhausted mail.Alert, row *db.ListAlertSubjectsRow) mail.Alert {
	reset := exhausted
	reset.Kind, reset.PeriodClosed = kindReset, false
	reset.EndedUsed = row.Alert.Units(row.EndedUsedUnits)
	reset.Used = row.Alert.Units(row.CurrentUsedUnits)
	reset.Amount = row.Alert.Units(decimal.NewFromInt(*row.CurrentMaxUnits))
	reset.PeriodStart, reset.PeriodEnd = *row.CurrentPeriodStart, row.CurrentPeriodEnd
	return reset
}

// alertMail returns what the mail about an alert tells at an instant.
func alertMail(row *db.ListAlertSubjectsRow, linkTo func(externalSubjectID string) string, at time.Time) mail.Alert {
	alert := &row.Alert
	told := mail.Alert{
		Kind:             string(alert.Kind),
		OrganizationName: row.OrganizationName,
		BudgetType:       string(alert.Type),
		PeriodicReset:    string(alert.Period),
		Amount:           alert.Amount(),
		Used:             alert.Used(),
		PeriodStart:      alert.PeriodStart,
		PeriodEnd:        alert.PeriodEnd,
		PeriodClosed:     alert.PeriodEnd != nil && !alert.PeriodEnd.After(at),
		RaisedAt:         alert.RaisedAt,
		Link:             linkTo(alert.ExternalSubjectID()),
		AlertID:          id.Alert.Format(alert.ID),
	}
	if threshold := alert.Threshold(); threshold != nil {
		told.Threshold = *threshold
	}
	switch {
	case alert.APIKeyID != nil:
		told.SubjectKind, told.SubjectName, told.KeyPrefix = "API key", text(row.ApiKeyName), text(row.ApiKeyPrefix)
		told.WorkspaceName = text(row.WorkspaceName)
	case alert.WorkspaceID != nil:
		told.SubjectKind, told.SubjectName = "workspace", text(row.WorkspaceName)
	default:
		told.SubjectKind, told.SubjectName = "organization", row.OrganizationName
	}
	return told
}

// text returns a nullable text, "" for null.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
