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
	// noteTimeout bounds how long an outcome takes to be noted, also when the job itself has been cancelled.
	noteTimeout = 3 * time.Second
	// tryFor is how long a mail is tried after its first attempt.
	tryFor = 24 * time.Hour
	gaveUp = "gave up after 24 hours: "
	// maxLoggedAlerts is how many alerts a line of the log names when a call fails, which can carry a hundred.
	maxLoggedAlerts = 20
)

// outcome notes what became of a call. If a note fails the lease passes and the call is made again under the same
// idempotency key, and has the same outcome.
type outcome struct {
	dispatcher *Dispatcher
	call       *mailCall
}

// settled notes what the provider said of each mail.
func (o *outcome) settled(ctx context.Context, results []mail.Result) error {
	params := &db.SettleMailCallParams{CallID: o.call.ID}
	refused := 0
	for i, result := range results {
		failure := ""
		if result.Refusal != nil {
			refused++
			failure = storable(result.Refusal.Error())
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
	return o.note(ctx, func(ctx context.Context, tx pgx.Tx) error { return db.New().SettleMailCall(ctx, tx, params) })
}

// refused notes that the call cannot be made as it is. A single mail fails; of several one may be to blame, and none of the
// others shall pay for it.
func (o *outcome) refused(ctx context.Context, cause error) error {
	if len(o.call.mails) == 1 {
		return o.settled(ctx, []mail.Result{{Refusal: cause}})
	}
	o.dispatcher.logger.WarnContext(ctx, "the mail provider refused several mails as a whole; they are tried apart",
		"call", o.call.ID, "mails", len(o.call.mails), "error", cause)
	return o.note(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := db.New().SplitMailCall(ctx, tx, &db.SplitMailCallParams{CallID: o.call.ID, AttemptedAt: *o.call.AttemptedAt})
		return err
	})
}

// paused notes that the provider wants no call for a while, from any worker: for as long as it asks for, which is not counted
// as an attempt; else, as when the day's quota is used up, longer with each attempt.
func (o *outcome) paused(ctx context.Context, cause error) error {
	uncounted := int32(1)
	wait, asked := mail.RetryAfter(cause)
	if !asked {
		wait, uncounted = backoff(o.dispatcher.firstRetry, o.call.Attempts), 0
	}
	wait = min(max(wait, o.dispatcher.spacing), maxBackoff) // after which the provider is asked again
	return o.note(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := db.New().PauseMailCalls(ctx, tx, wait); err != nil {
			return err
		}
		return o.later(ctx, tx, wait, uncounted, cause)
	})
}

// failed notes a temporary failure.
func (o *outcome) failed(ctx context.Context, cause error) error {
	delay := backoff(o.dispatcher.firstRetry, o.call.Attempts)
	return o.note(ctx, func(ctx context.Context, tx pgx.Tx) error { return o.later(ctx, tx, delay, 0, cause) })
}

// interrupted notes that the worker stops in the middle of the call: the next one makes it again at once.
func (o *outcome) interrupted(ctx context.Context) error {
	return o.note(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return db.New().DelayMailCall(ctx, tx, &db.DelayMailCallParams{
			Uncounted: 1, CallID: o.call.ID, AttemptedAt: o.call.AttemptedAt,
		})
	})
}

// later has another attempt made: of the very same call if the provider may have accepted it, else of whatever waits for
// the recipients by then.
func (o *outcome) later(ctx context.Context, tx pgx.Tx, delay time.Duration, uncounted int32, cause error) error {
	alerts, err := db.New().ListMailAlerts(ctx, tx, &db.ListMailAlertsParams{CallID: o.call.ID, Number: maxLoggedAlerts})
	if err != nil {
		return err
	}
	o.dispatcher.logger.WarnContext(ctx, "alert mail is delayed", "alerts", format(alerts), "call", o.call.ID,
		"mails", len(o.call.mails), "attempts", o.call.Attempts, "delay", delay, "error", cause)
	reason := storable(cause.Error())
	if !mail.Accepted(cause) {
		dissolved, err := db.New().DissolveMailCall(ctx, tx, &db.DissolveMailCallParams{
			Uncounted: uncounted, Delay: delay, TryFor: tryFor, GaveUp: gaveUp, LastError: reason,
			CallID: o.call.ID, AttemptedAt: o.call.AttemptedAt,
		})
		if o.dispatcher.logFailures(ctx, dissolved); err != nil || len(dissolved) > 0 {
			return err
		}
	}
	if o.call.AttemptedAt.Add(delay).Sub(*o.call.UncertainSince) >= keyLife {
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

// note writes even when the job was cancelled: what has happened with the provider is a fact.
func (o *outcome) note(ctx context.Context, write func(ctx context.Context, tx pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
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

// storable returns a text as PostgreSQL can store it.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
