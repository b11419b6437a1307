package dispatch

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery"
	"bursar/id"
	"bursar/webhook"
)

// notice returns what a delivery tells, in the words of the mail about the same alert.
func (d *Dispatcher) notice(ctx context.Context, row *db.WebhookDelivery, target *db.ListWebhookTargetsRow) (*webhook.Notice, error) {
	if row.AlertID == nil {
		return &webhook.Notice{Event: string(row.Event), At: row.QueuedAt,
			Summary: fmt.Sprintf("Test of the webhook %q of %s", target.Name, target.OrganizationName),
			Details: []string{"Somebody has asked Bursar to send this. It is about no budget."},
		}, nil
	}
	rows, err := db.New().ListAlertSubjects(ctx, d.pool, []uuid.UUID{*row.AlertID})
	if err != nil {
		return nil, fmt.Errorf("read what a webhook is to be told: %w", err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%w: the alert was deleted", delivery.ErrOutdated)
	}
	about := rows[0]
	content, err := delivery.Content(about, row.Event == db.WebhookEventRESET, d.linkTo, row.QueuedAt)
	if err != nil {
		return nil, err
	}
	brief, err := content.Brief()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", delivery.ErrOutdated, err)
	}
	return &webhook.Notice{
		Event: string(row.Event), At: row.QueuedAt, Summary: brief.Summary, Details: brief.Details, Facts: brief.Facts,
		Link: content.Link, Alert: alertOf(about, content.SubjectName),
	}, nil
}

// alertOf returns what the body of a notice says of an alert.
func alertOf(about *db.ListAlertSubjectsRow, subjectName string) *webhook.Alert {
	alert := &about.Alert
	subject := webhook.Subject{Kind: "ORGANIZATION", Named: webhook.Named{ID: alert.ExternalSubjectID(), Name: subjectName}}
	switch {
	case alert.APIKeyID != nil:
		subject.Kind = "API_KEY"
	case alert.WorkspaceID != nil:
		subject.Kind = "WORKSPACE"
	}
	var policy *webhook.Policy
	if alert.PolicyID != nil {
		policy = &webhook.Policy{Named: webhook.Named{ID: id.Policy.Format(*alert.PolicyID), Name: about.PolicyName}}
		for _, v := range db.GroupValues(alert.GroupBy, alert.GroupValues) {
			policy.Values = append(policy.Values, webhook.PolicyValue{Attribute: v.Attribute, Value: v.Value})
		}
	}
	return &webhook.Alert{
		Policy: policy,
		ID:     id.Alert.Format(alert.ID), Type: string(alert.Type), Subject: subject,
		Organization: webhook.Named{ID: id.Organization.Format(alert.OrganizationID), Name: about.OrganizationName},
		BudgetLimit:  id.BudgetLimit.Format(alert.BudgetLimitID),
		Threshold:    alert.Threshold(), Requested: alert.Requested(), Reserved: alert.Reserved(), Amount: alert.Amount(), Used: alert.Used(),
		Generation: alert.Generation, PeriodStart: alert.PeriodStart.UTC(), PeriodEnd: alert.PeriodEnd, RaisedAt: alert.RaisedAt.UTC(),
	}
}
