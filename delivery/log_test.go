package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/id"
	"bursar/mail"
	"bursar/mail/resend"
)

// logged works the mail once and returns what was logged, a line each, and how the run ended.
func (f *fixture) logged(sender mail.Sender) (lines []map[string]any, err error) {
	f.T.Helper()
	var log bytes.Buffer
	config := f.config(sender)
	config.Logger = slog.New(slog.NewJSONHandler(&log, nil))
	err = run(f.T.Context(), dispatcherOf(f.T, config))
	for line := range strings.Lines(log.String()) {
		var parsed map[string]any
		must(f.T, json.Unmarshal([]byte(line), &parsed))
		lines = append(lines, parsed)
	}
	return lines, err
}

// theAlert returns the id of the only alert, as clients and the log know it.
func (f *fixture) theAlert() string {
	f.T.Helper()
	alerts, err := db.New().ListEveryAlert(f.T.Context(), f.Pool, &db.ListEveryAlertParams{Number: 2})
	must(f.T, err)
	if len(alerts) != 1 {
		f.T.Fatalf("%d alerts, want 1", len(alerts))
	}
	return id.Alert.Format(alerts[0].ID)
}

// names tells whether a line of a level at least says a text and the alert's id.
func names(lines []map[string]any, level, text, alert string) bool {
	for _, line := range lines {
		whole, _ := json.Marshal(line)
		if line["level"] == level && strings.Contains(line["msg"].(string), text) && strings.Contains(string(whole), alert) {
			return true
		}
	}
	return false
}

// Whatever keeps a mail back or ends it, the log says which alert it is about: while it is tried, when it is given up, when it
// is refused, and when it comes back from a worker that was killed.
func TestLogNamesTheAlert(t *testing.T) {
	t.Parallel()
	unauthorized := &resend.Error{Status: http.StatusUnauthorized, Code: "missing_api_key", Message: "who are you"}
	for name, c := range map[string]struct {
		cause       error
		level, text string
		before      func(f *fixture)
	}{
		"delayed": {deliverytest.ErrOutage, "WARN", "alert mail is delayed", nil},
		"limited": {&resend.Error{Status: http.StatusTooManyRequests}, "WARN", "alert mail is delayed", nil},
		"refused": {&resend.Error{Status: http.StatusUnprocessableEntity, Message: "no such address"}, "ERROR", "an alert was not mailed", nil},
		"given up": {unauthorized, "ERROR", "an alert was not mailed", func(f *fixture) {
			f.Exec(`update alert_deliveries set first_attempt_at = clock_timestamp() - interval '24 hours'`)
		}},
		"given up, perhaps accepted": {deliverytest.ErrOutage, "ERROR", "an alert was not mailed", func(f *fixture) {
			_, err := f.logged(&deliverytest.Sender{Answer: deliverytest.Failing(deliverytest.ErrOutage)})
			must(f.T, err)
			f.Exec(`update mail_calls set uncertain_since = uncertain_since - interval '23 hours 49 minutes 50 seconds'`)
			f.MakeDue()
		}},
		"its key forgotten": {nil, "ERROR", "an alert was not mailed", func(f *fixture) {
			_, err := f.logged(&deliverytest.Sender{Answer: deliverytest.Failing(deliverytest.ErrOutage)})
			must(f.T, err)
			f.Exec(`update mail_calls set uncertain_since = uncertain_since - interval '1 day'`)
			f.MakeDue()
		}},
		"after a kill": {nil, "INFO", "alert mail is tried again", func(f *fixture) {
			_, _, err := f.dispatcher(&deliverytest.Sender{}).begin(f.T.Context())
			must(f.T, err)
			f.MakeDue()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Alert()
			if c.before != nil {
				c.before(f)
			}
			lines, err := f.logged(&deliverytest.Sender{Answer: deliverytest.Failing(c.cause)})
			must(t, err)
			if !names(lines, c.level, c.text, f.theAlert()) {
				t.Errorf("no line of level %s says %q and names %s: %v", c.level, c.text, f.theAlert(), lines)
			}
		})
	}
}

// A run that fails because its outcome could not be noted names the alerts in its error, which the log, the API and River UI
// show. The mail is not lost: it is tried again when its lease passes, as the very same call.
func TestFailedNoteNamesTheAlert(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender := &deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		f.Exec(`alter table mail_calls rename to gone`)
		return nil, nil
	}}
	if _, err := f.logged(sender); err == nil || !strings.Contains(err.Error(), f.theAlert()) {
		t.Errorf("the run fails with %v, want an error that names %s", err, f.theAlert())
	}
	f.Exec(`alter table gone rename to mail_calls`)
	f.MakeDue()
	sender.Answer = nil
	must(t, run(t.Context(), f.dispatcher(sender)))
	sender.AssertSameCall(t, 2)
	f.AssertAllSent(1)
}

// A sender that panics over one mail keeps no other back: that mail is tried again later, and the log says which it was.
func TestPanickingSender(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("bad@acme.test")
	sender := &deliverytest.Sender{Answer: func(_ context.Context, messages []mail.Message) ([]mail.Result, error) {
		if messages[0].To == "bad@acme.test" {
			panic("no reason")
		}
		return nil, nil
	}}
	var log bytes.Buffer
	config := f.config(sender)
	config.MailsPerCall, config.Logger = 1, slog.New(slog.NewTextHandler(&log, nil))
	must(t, run(t.Context(), dispatcherOf(t, config)))
	bad, good := f.Deliveries()["bad@acme.test"], f.Deliveries()[f.OwnerAddress()]
	if bad.Status != db.DeliveryStatusQUEUED || bad.Attempts != 1 || !strings.Contains(*bad.LastError, "no reason") || good.Status != db.DeliveryStatusSENT {
		t.Errorf("the deliveries are %+v and %+v, want the first delayed and the second sent", bad, good)
	}
	for _, want := range []string{"level=ERROR", f.theAlert(), "no reason", "log_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q: %s", want, log.String())
		}
	}
}
