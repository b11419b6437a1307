package delivery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/id"
	"bursar/mail"
)

const (
	// recordTimeout is how long recording an outcome may take, also when the job itself has been cancelled.
	recordTimeout = 3 * time.Second
	// tryFor is how long a mail is retried after its first attempt.
	tryFor = 24 * time.Hour
	gaveUp = "gave up after 24 hours: "
	// maxLoggedAlerts is how many alerts a line of the log names. A call can carry a hundred.
	maxLoggedAlerts = 20
)

// outcome records what became of a call. If that fails, the lease expires and the call is made again under the same idempotency
// key, and has the same outcome.
type outcome struct {
	dispatcher *Dispatcher
	call       *call
}

// settled records what the provider said of each mail.
func (o *outcome) settled(ctx context.Context, results []mail.Result) error {
	params := &db.SettleMailCallParams{CallID: o.call.ID}
	refused := 0
	for i, result := range results {
		failure := ""
		if result.Refusal != nil {
			refused++
			failure = Storable(result.Refusal.Error())
		}
		params.OrganizationIDs = append(params.OrganizationIDs, o.call.mails[i].OrganizationID)
		params.MailIDs = append(params.MailIDs, o.call.mails[i].ID)
		params.ProviderIDs = append(params.ProviderIDs, result.ProviderID)
		params.Errors = append(params.Errors, failure)
		if failure != "" {
			o.dispatcher.logger.ErrorContext(ctx, "an alert was not mailed", "alert", o.call.messages[i].Tags[mail.AlertTag],
				"mail", o.call.mails[i].ID, "attempts", o.call.Attempts, "error", failure)
		}
	}
	o.dispatcher.logger.InfoContext(ctx, "mailed alerts", "call", o.call.ID, "mails", len(results)-refused, "refused", refused,
		"attempts", o.call.Attempts)
	if o.dispatcher.pace != nil {
		if err := db.New().NoteMailQuota(ctx, o.dispatcher.pace); err != nil {
			o.dispatcher.logger.WarnContext(ctx, "that the mail provider has taken mail is not noted at home", "error", err)
		}
	}
	return o.record(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := db.New().SettleMailCall(ctx, tx, params); err != nil {
			return err
		}
		return db.New().NoteMailQuota(ctx, tx)
	})
}

// refused records that the provider does not take the call as it is. A single mail fails. Of several one may be the cause, so
// the call is split in two, and the other mails are sent all the same.
func (o *outcome) refused(ctx context.Context, cause error) error {
	if len(o.call.mails) == 1 {
		return o.settled(ctx, []mail.Result{{Refusal: cause}})
	}
	o.dispatcher.logger.WarnContext(ctx, "the mail provider refused several mails as a whole; they are tried apart",
		"call", o.call.ID, "mails", len(o.call.mails), "error", cause)
	return o.recordRetry(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := db.New().SplitMailCall(ctx, tx, &db.SplitMailCallParams{CallID: o.call.ID, AttemptedAt: *o.call.AttemptedAt})
		return err
	})
}

// paused records that the provider wants no call for a while, from any process. If it says for how long, that is the delay, and
// the call is not counted as an attempt. If not, the delay grows with each attempt. So it does when a quota of mails is used up,
// of a day or a month: the seconds that the provider names then are those of its limit of calls.
func (o *outcome) paused(ctx context.Context, cause error) error {
	uncounted, usedUp := int32(1), mail.QuotaUsedUp(cause)
	delay, asked := mail.RetryAfter(cause)
	if !asked || usedUp {
		delay, uncounted = max(delay, Backoff(o.dispatcher.firstRetry, o.call.Attempts)), 0
	}
	delay = min(max(delay, o.dispatcher.spacing), MaxBackoff)
	if usedUp {
		o.dispatcher.logger.ErrorContext(ctx, "the mail provider's quota is used up; no mail goes out until it is renewed or raised",
			"next_attempt_in", delay, "error", cause)
	}
	pause := &db.PauseMailCallsParams{Pause: delay, QuotaUsedUp: usedUp}
	if o.dispatcher.pace != nil { // the other cells pause as well
		if err := db.New().PauseMailCalls(ctx, o.dispatcher.pace, pause); err != nil {
			o.dispatcher.logger.ErrorContext(ctx, "the pause that the mail provider asked for is not noted at home; other cells may call it", "error", err)
		}
	}
	return o.recordRetry(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := db.New().PauseMailCalls(ctx, tx, pause); err != nil {
			return err
		}
		return o.retryLater(ctx, tx, delay, uncounted, cause)
	})
}

// failed records a temporary failure.
func (o *outcome) failed(ctx context.Context, cause error) error {
	delay := Backoff(o.dispatcher.firstRetry, o.call.Attempts)
	return o.recordRetry(ctx, func(ctx context.Context, tx pgx.Tx) error { return o.retryLater(ctx, tx, delay, 0, cause) })
}

// interrupted records that the worker stops in the middle of the call. Another one makes it again at once; it is not counted as
// an attempt.
func (o *outcome) interrupted(ctx context.Context) error {
	return o.recordRetry(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return db.New().DelayMailCall(ctx, tx, &db.DelayMailCallParams{
			Uncounted: 1, CallID: o.call.ID, AttemptedAt: o.call.AttemptedAt,
		})
	})
}

// retryLater has another attempt made after a delay: of the same call, unchanged, if the provider may have accepted it; else of
// whatever waits for the recipients by then.
func (o *outcome) retryLater(ctx context.Context, tx pgx.Tx, delay time.Duration, uncounted int32, cause error) error {
	alerts, err := db.New().ListMailAlerts(ctx, tx, &db.ListMailAlertsParams{CallID: o.call.ID, Number: maxLoggedAlerts})
	if err != nil {
		return err
	}
	o.dispatcher.logger.WarnContext(ctx, "alert mail is delayed", "alerts", format(alerts), "call", o.call.ID,
		"mails", len(o.call.mails), "attempts", o.call.Attempts, "delay", delay, "error", cause)
	reason := Storable(cause.Error())
	if !mail.Accepted(cause) {
		dissolved, err := db.New().DissolveMailCall(ctx, tx, &db.DissolveMailCallParams{
			Uncounted: uncounted, Delay: delay, TryFor: tryFor, GaveUp: gaveUp, LastError: reason,
			CallID: o.call.ID, AttemptedAt: o.call.AttemptedAt,
		})
		if o.dispatcher.logFailures(ctx, dissolved); err != nil || len(dissolved) > 0 {
			return err
		}
	}
	if o.call.AttemptedAt.Add(delay).Sub(*o.call.UncertainSince) >= keyLifetime {
		failed, err := db.New().GiveUpMailCall(ctx, tx, &db.GiveUpMailCallParams{
			LastError: gaveUp + reason, CallID: o.call.ID, AttemptedAt: o.call.AttemptedAt,
		})
		o.dispatcher.logFailures(ctx, failed)
		return err
	}
	return db.New().DelayMailCall(ctx, tx, &db.DelayMailCallParams{
		LastError: &reason, Uncounted: uncounted, Delay: delay, CallID: o.call.ID, AttemptedAt: o.call.AttemptedAt,
	})
}

// recordRetry records an outcome after which the call, or what it carried, is due again, possibly before its lease expires, and
// notifies all watchers.
func (o *outcome) recordRetry(ctx context.Context, write func(ctx context.Context, tx pgx.Tx) error) error {
	return o.record(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := write(ctx, tx); err != nil {
			return err
		}
		return db.New().NotifyMailDue(ctx, tx)
	})
}

// record writes an outcome in one transaction, also when the job was cancelled: what the provider did has happened.
func (o *outcome) record(ctx context.Context, write func(ctx context.Context, tx pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err := pgx.BeginFunc(ctx, o.dispatcher.pool, func(tx pgx.Tx) error { return write(ctx, tx) })
	if err != nil {
		return fmt.Errorf("note what became of the mails of call %s, alerts %v: %w", o.call.ID, o.call.alerts(), err)
	}
	return nil
}

// logFailures names the alerts of those deliveries that have failed.
func (d *Dispatcher) logFailures(ctx context.Context, deliveries []*db.AlertDelivery) {
	for _, delivery := range deliveries {
		if delivery.Status == db.DeliveryStatusFAILED {
			d.logger.ErrorContext(ctx, "an alert was not mailed", "alert", id.Alert.Format(delivery.AlertID),
				"attempts", delivery.Attempts, "error", text(delivery.LastError))
		}
	}
}

// format returns alerts' ids as clients know them.
func format(alerts []uuid.UUID) []string {
	formatted := make([]string, len(alerts))
	for i, alert := range alerts {
		formatted[i] = id.Alert.Format(alert)
	}
	return formatted
}

// Storable returns a text as PostgreSQL can store it.
func Storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
