package delivery

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/id"
	"bursar/mail"
)

// kindReset is the kind of the mail about a reset.
const kindReset = "RESET"

// content returns what the mail of a digest says.
func (g *digest) content(linkTo func(externalSubjectID string) string) mail.Alert {
	details := g.alerts[g.lead().AlertID]
	alert := alertMail(details.ListAlertSubjectsRow, linkTo, g.at)
	if g.lead().Purpose == db.DeliveryPurposeRESET {
		alert = resetMail(alert, details.ListAlertSubjectsRow)
	}
	alert.Others = g.others()
	alert.MailID = g.mailID.String()
	return alert
}

// ErrOutdated is about a reset of which nobody is to be told any more.
var ErrOutdated = errors.New("not sent")

// Content returns what is told of an alert, or of the reset that ended it, when it is written at an instant. It fails with [ErrOutdated] about a
// reset of a budget that was deleted.
func Content(row *db.ListAlertSubjectsRow, reset bool, linkTo func(externalSubjectID string) string, at time.Time) (mail.Alert, error) {
	alert := alertMail(row, linkTo, at)
	if !reset {
		return alert, nil
	}
	if row.CurrentMaxUnits == nil {
		return mail.Alert{}, fmt.Errorf("%w: the budget was deleted before its reset could be told", ErrOutdated)
	}
	return resetMail(alert, row), nil
}

// unsendable returns why a digest is not sent; "" when it is.
func (g *digest) unsendable() string {
	if g.unaddressable != "" {
		return g.unaddressable
	}
	return g.staleReset(g.lead())
}

// staleReset returns why the reset that a delivery is about is out of date; "" when it is not, or the delivery is not about one.
func (g *digest) staleReset(delivery *db.AlertDelivery) string {
	if delivery.Purpose != db.DeliveryPurposeRESET {
		return ""
	}
	switch details := g.alerts[delivery.AlertID]; {
	case details.CurrentMaxUnits == nil:
		return "not sent: the budget was deleted before its reset could be told"
	case *details.CurrentlyExhausted:
		return "not sent: the budget was exhausted again before its reset could be told"
	default:
		return barred(db.DenialReason(details.Denial))
	}
}

// barred returns why no reset is told of a subject whose requests are denied for a reason all the same; "" when they are not.
func barred(denial db.DenialReason) string {
	because := map[db.DenialReason]string{
		db.DenialReasonKEYREVOKED:      "the key was revoked",
		db.DenialReasonKEYEXPIRED:      "the key has expired",
		db.DenialReasonKEYDISABLED:     "the key was disabled",
		db.DenialReasonBUDGETEXHAUSTED: "another budget is full",
	}[denial]
	if because == "" {
		return ""
	}
	return "not sent: the budget has reset, but requests do not pass, because " + because
}

// unaddressable returns why a delivery's address must not be written to; "" when it may.
func unaddressable(row *db.ListDueDeliveriesRow) string {
	if !row.IsRecipient {
		return "not sent: the address was removed from the recipients before"
	}
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

// resetMail returns what the mail about a reset says, from what the mail about the exhaustion before it said.
func resetMail(exhausted mail.Alert, row *db.ListAlertSubjectsRow) mail.Alert {
	reset := exhausted
	reset.Kind, reset.PeriodClosed = kindReset, false
	reset.EndedUsed = row.Alert.Units(row.EndedUsedUnits)
	reset.Used = row.Alert.Units(row.CurrentUsedUnits)
	reset.Amount = row.Alert.Units(decimal.NewFromInt(row.CurrentAmountUnits))
	reset.PeriodStart = mail.Local(*row.CurrentPeriodStart, row.TimeZone, row.CurrentStartOffset)
	reset.PeriodEnd = localEnd(row.CurrentPeriodEnd, row.TimeZone, row.CurrentEndOffset)
	return reset
}

// alertMail returns what the mail about an alert says when it is written at an instant.
func alertMail(row *db.ListAlertSubjectsRow, linkTo func(externalSubjectID string) string, at time.Time) mail.Alert {
	alert := &row.Alert
	content := mail.Alert{
		Kind:             kindOf(alert),
		OrganizationName: row.OrganizationName,
		BudgetType:       string(alert.Type),
		Shadow:           row.CurrentlyShadow,
		PeriodicReset:    string(alert.Period),
		Amount:           alert.Amount(),
		Used:             alert.Used(),
		ResetDays:        int(row.ResetDays),
		PeriodStart:      mail.Local(alert.PeriodStart, row.TimeZone, row.StartOffset),
		PeriodEnd:        localEnd(alert.PeriodEnd, row.TimeZone, row.EndOffset),
		PeriodClosed:     alert.PeriodEnd != nil && !alert.PeriodEnd.After(at),
		RaisedAt:         alert.RaisedAt,
		Link:             linkTo(alert.ExternalSubjectID()),
		AlertID:          id.Alert.Format(alert.ID),
	}
	if threshold := alert.Threshold(); threshold != nil {
		content.Threshold = *threshold
	}
	if requested, held := alert.Requested(), alert.Reserved(); requested != nil && held != nil {
		content.Requested, content.Held = *requested, *held
	}
	switch {
	case alert.APIKeyID != nil:
		content.SubjectKind, content.SubjectName, content.KeyPrefix = "API key", text(row.ApiKeyName), text(row.ApiKeyPrefix)
		content.WorkspaceName = text(row.WorkspaceName)
	case alert.WorkspaceID != nil:
		content.SubjectKind, content.SubjectName = "workspace", text(row.WorkspaceName)
	default:
		content.SubjectKind, content.SubjectName = "organization", row.OrganizationName
	}
	if group := groupOf(row); group != "" {
		content.SubjectName, content.OfGroup = content.SubjectName+", "+group, true
	}
	return content
}

// groupOf names the policy and the group whose budget an alert is about; "" for another budget.
func groupOf(row *db.ListAlertSubjectsRow) string {
	if row.Alert.PolicyID == nil {
		return ""
	}
	parts := []string{"policy " + row.PolicyName}
	for _, v := range db.GroupValues(row.Alert.GroupBy, row.Alert.GroupValues) {
		if v.Value == nil {
			parts = append(parts, "no "+v.Attribute)
		} else {
			parts = append(parts, v.Attribute+" "+*v.Value)
		}
	}
	return strings.Join(parts, ", ")
}

// localEnd returns the end of a period as the clocks of its time zone show it; nil for none.
func localEnd(end *time.Time, zone string, offset int32) *time.Time {
	if end == nil {
		return nil
	}
	return new(mail.Local(*end, zone, offset))
}

// kindOf returns what a mail calls an alert. Release 1 raised EXHAUSTED at a budget's first denial, also when it was not used up.
func kindOf(alert *db.Alert) string {
	if alert.Kind == db.AlertKindEXHAUSTED && alert.Used().LessThan(alert.Amount()) {
		return string(db.AlertKindREFUSED)
	}
	return string(alert.Kind)
}

// text returns a nullable text, "" for null.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
