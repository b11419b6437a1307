package worker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bursar/db"
	"bursar/id"
)

const (
	// noteTimeout bounds how long an outcome takes to be noted, also when the job itself has been cancelled.
	noteTimeout = 3 * time.Second
	// giveUpAfter is how long a mail is tried after its alert. The provider forgets an idempotency key after 24 hours: a
	// later attempt could deliver a second mail.
	giveUpAfter = 24 * time.Hour
)

// outcome notes what became of one delivery. If a note fails the lease passes and the mail is tried again under the same
// idempotency key.
type outcome struct {
	dispatcher *alertDispatcher
	delivery   *db.AlertDelivery
}

// sent notes that the provider accepted the mail; the provider's id is nil when it is not known.
func (o *outcome) sent(ctx context.Context, providerID *string) error {
	o.dispatcher.logger.InfoContext(ctx, "mailed an alert", "alert", o.alert(), "attempts", o.delivery.Attempts)
	return o.note(ctx, func(ctx context.Context) error {
		return db.New().MarkDeliverySent(ctx, o.dispatcher.pool, &db.MarkDeliverySentParams{
			ProviderID:     providerID,
			OrganizationID: o.delivery.OrganizationID, AlertID: o.delivery.AlertID, Address: o.delivery.Address,
		})
	})
}

// failed notes that the mail is not tried again.
func (o *outcome) failed(ctx context.Context, cause error) error {
	o.dispatcher.logger.ErrorContext(ctx, "an alert was not mailed", "alert", o.alert(), "attempts", o.delivery.Attempts, "error", cause)
	return o.note(ctx, func(ctx context.Context) error {
		return db.New().MarkDeliveryFailed(ctx, o.dispatcher.pool, &db.MarkDeliveryFailedParams{
			LastError:      reason(cause),
			OrganizationID: o.delivery.OrganizationID, AlertID: o.delivery.AlertID, Address: o.delivery.Address,
		})
	})
}

// delayed notes a temporary failure: the mail is tried again later, unless that would be too late.
func (o *outcome) delayed(ctx context.Context, cause error) error {
	delay := backoff(o.delivery.Attempts)
	if claimedAt(o.delivery).Add(delay).Sub(o.delivery.QueuedAt) >= giveUpAfter {
		return o.failed(ctx, fmt.Errorf("gave up after %s: %w", giveUpAfter, cause))
	}
	o.dispatcher.logger.WarnContext(ctx, "an alert's mail is delayed",
		"alert", o.alert(), "attempts", o.delivery.Attempts, "delay", delay, "error", cause)
	return o.note(ctx, func(ctx context.Context) error {
		return db.New().DelayDelivery(ctx, o.dispatcher.pool, &db.DelayDeliveryParams{
			LastError: reason(cause), Delay: delay,
			OrganizationID: o.delivery.OrganizationID, AlertID: o.delivery.AlertID, Address: o.delivery.Address,
		})
	})
}

// giveBack returns the delivery as if it had not been attempted, because it was not or because the provider put it off for
// a reason that is not the mail's. A nil cause leaves the last error as it is.
func (o *outcome) giveBack(ctx context.Context, delay time.Duration, cause error) error {
	if cause != nil {
		o.dispatcher.logger.WarnContext(ctx, "the mail provider asks to wait", "alert", o.alert(), "delay", delay, "error", cause)
	}
	return o.note(ctx, func(ctx context.Context) error {
		return db.New().ReturnDelivery(ctx, o.dispatcher.pool, &db.ReturnDeliveryParams{
			LastError: reason(cause), Delay: delay,
			OrganizationID: o.delivery.OrganizationID, AlertID: o.delivery.AlertID, Address: o.delivery.Address,
		})
	})
}

// note writes even when the job was cancelled: what has happened with the provider is a fact.
func (o *outcome) note(ctx context.Context, write func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	if err := write(ctx); err != nil {
		return fmt.Errorf("note what became of the mail of alert %s: %w", o.alert(), err)
	}
	return nil
}

func (o *outcome) alert() string { return id.Alert.Format(o.delivery.AlertID) }

// claimedAt returns when a delivery was claimed, by the database's clock.
func claimedAt(delivery *db.AlertDelivery) time.Time {
	return delivery.NextAttemptAt.Add(-deliveryLease)
}

// reason returns an error's text as PostgreSQL can store it; nil for no error.
func reason(cause error) *string {
	if cause == nil {
		return nil
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(cause.Error(), "\uFFFD"), "\x00", "\uFFFD")
	return &text
}
