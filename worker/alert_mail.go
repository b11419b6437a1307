package worker

import (
	"time"

	"bursar/db"
	"bursar/mail"
)

// alertMail returns what the mail about an alert tells at an instant of the database's clock.
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
		AlertID:          alert.ExternalID(),
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
