package control

import (
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// ResendAlert queues the mail of an alert again.
func (c *Changes) ResendAlert(ctx context.Context, input model.ResendAlertInput) (*model.ResendAlertPayload, error) {
	alert, err := c.find.Alert(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	if input.Emails != nil {
		if err := validate.Recipients(input.Emails); err != nil {
			return nil, err
		}
	}
	payload := &model.ResendAlertPayload{Alert: alert}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.Queued, err = c.resendAlert(ctx, tx, alert, input.Emails)
		return err
	})
	if err != nil {
		return nil, err
	}
	payload.Subject, err = c.find.SubjectOfPayload(ctx, alert.ExternalSubjectID())
	return payload, err
}

// resendAlert queues the mail of an alert for recipients who have not been sent it, and returns for how many; nil for emails means all
// of them. BAD_USER_INPUT for an address that is no recipient's.
func (c *Changes) resendAlert(ctx context.Context, tx pgx.Tx, alert *db.Alert, emails []string) (int, error) {
	resent, err := c.Queries.ResendAlert(ctx, tx, &db.ResendAlertParams{
		OrganizationID: alert.OrganizationID, SubjectID: alert.SubjectID, ID: alert.ID, Emails: emails,
	})
	if err != nil {
		return 0, err
	}
	if resent.UnknownEmail != "" {
		return 0, fault.BadInput("emails", "%s is no recipient of this alert; add it with addRecipients, or to the budget's alertRecipients, first", resent.UnknownEmail)
	}
	// the trigger that wakes workers fires for inserted deliveries alone
	return int(resent.Queued), c.Queries.NotifyMailDue(ctx, tx)
}
