package graph

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
	"bursar/graph/selection"
)

// deliveries returns the deliveries of an alert's own mail, or of the mail about the reset after it.
func (r *Resolver) deliveries(ctx context.Context, alert *db.Alert, purpose db.DeliveryPurpose) ([]*db.AlertDelivery, error) {
	fields := len(selection.Of(ctx))
	byAlert, err := loader.Load(ctx, alert, "deliveries", func(alerts []*db.Alert) (map[uuid.UUID][]*db.AlertDelivery, error) {
		number := loader.ListNumber(ctx, fields)
		rows, err := r.queries.ListDeliveries(ctx, r.within(ctx), &db.ListDeliveriesParams{
			AlertIDs: loader.Distinct(alerts, func(a *db.Alert) *uuid.UUID { return &a.ID }), OrganizationID: callerOrganization(ctx), Number: number})
		return loader.Group(rows, func(d *db.AlertDelivery) uuid.UUID { return d.AlertID }), cmp.Or(err, loader.CheckList(len(rows), number))
	})
	if err != nil {
		return nil, err
	}
	others := func(d *db.AlertDelivery) bool { return d.Purpose != purpose }
	deliveries := slices.DeleteFunc(slices.Clone(byAlert[alert.ID]), others) // cloned: both fields share what was loaded
	return deliveries, loader.CountList(ctx, len(deliveries), fields)
}

// resendAlert queues the mail of an alert for recipients who have not been sent it, and returns for how many; nil for emails means all
// of them. BAD_USER_INPUT for an address that is no recipient's.
func (r *Resolver) resendAlert(ctx context.Context, tx pgx.Tx, alert *db.Alert, emails []string) (int, error) {
	resent, err := r.queries.ResendAlert(ctx, tx, &db.ResendAlertParams{
		OrganizationID: alert.OrganizationID, SubjectID: alert.SubjectID, ID: alert.ID, Emails: emails,
	})
	if err != nil {
		return 0, err
	}
	if resent.UnknownEmail != "" {
		return 0, fault.BadInput("emails", "%s is no recipient of these alerts; add it with addRecipients first", resent.UnknownEmail)
	}
	// the trigger that wakes workers fires for inserted deliveries alone
	return int(resent.Queued), r.queries.NotifyMailDue(ctx, tx)
}

// budgetOf returns the budget that an alert is about, as it is now; nil when it has been deleted.
func (r *Resolver) budgetOf(ctx context.Context, alert *db.Alert) (*db.BudgetLimit, error) {
	limit, err := loader.Refer(ctx, alert, "budgetLimit", func(a *db.Alert) *uuid.UUID { return &a.BudgetLimitID },
		func(l *db.LimitStatus) uuid.UUID { return l.ID }, func(ids []uuid.UUID) ([]*db.LimitStatus, error) {
			return r.queries.FindLimits(ctx, r.within(ctx), &db.FindLimitsParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
	if err != nil || limit == nil {
		return nil, err
	}
	return &db.BudgetLimit{LimitStatus: limit}, nil
}
