package resend

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/mail"
)

const webhookSecret = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=="

// post sends an event as Resend does, signed with a secret at a time, and returns the status and what was noted.
func postEvent(t *testing.T, secret string, at time.Time, body string, result error) (int, []mail.Event) {
	t.Helper()
	var noted []mail.Event
	handler := NewWebhook(webhookSecret, func(_ context.Context, event mail.Event) error {
		noted = append(noted, event)
		return result
	}, slog.New(slog.DiscardHandler))
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	timestamp := fmt.Sprint(at.Unix())
	mac.Write([]byte("msg_1." + timestamp + "." + body))
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/resend", strings.NewReader(body))
	request.Header.Set("svix-id", "msg_1")
	request.Header.Set("svix-timestamp", timestamp)
	request.Header.Set("svix-signature", "v1,AAAA v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Code, noted
}

// Guarantee: an event that Resend signed moves its delivery on, and says why.
func TestWebhookNotesEvents(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]mail.Event{
		`{"type":"email.delivered","data":{"email_id":"m1","tags":{"mail_id":"018f"}}}`:                                                  {ProviderID: "m1", Status: "DELIVERED", MailID: "018f"},
		`{"type":"email.delivered","data":{"email_id":"m1","tags":[{"name":"alert_id","value":"a"},{"name":"mail_id","value":"018f"}]}}`: {ProviderID: "m1", Status: "DELIVERED", MailID: "018f"},
		`{"type":"email.delivered","data":{"email_id":"m1","tags":"none"}}`:                                                              {ProviderID: "m1", Status: "DELIVERED"},
		`{"type":"email.delivered","data":{"email_id":"m1","tags":null}}`:                                                                {ProviderID: "m1", Status: "DELIVERED"},
		`{"type":"email.bounced","data":{"email_id":"m2","bounce":{"type":"Permanent","message":"no such\nmailbox"}}}`:                   {ProviderID: "m2", Status: "BOUNCED", Reason: "no such mailbox", Suppress: true},
		`{"type":"email.bounced","data":{"email_id":"m2","bounce":{"type":"Transient","message":"mailbox full"}}}`:                       {ProviderID: "m2", Status: "BOUNCED", Reason: "mailbox full"},
		`{"type":"email.suppressed","data":{"email_id":"m5","suppressed":{"message":"bounced before"}}}`:                                 {ProviderID: "m5", Status: "BOUNCED", Reason: "bounced before", Suppress: true},
		`{"type":"email.complained","data":{"email_id":"m3","tags":{"alert_id":"alt_1"}}}`:                                               {ProviderID: "m3", Status: "COMPLAINED", Suppress: true},
		`{"type":"email.failed","data":{"email_id":"m4","failed":{"reason":"reached_daily_quota"}}}`:                                     {ProviderID: "m4", Status: "FAILED", Reason: "reached_daily_quota"},
	} {
		status, noted := postEvent(t, webhookSecret, time.Now(), body, nil)
		if status != http.StatusNoContent || len(noted) != 1 || noted[0] != want {
			t.Errorf("%s: %d %+v, want %+v", body, status, noted, want)
		}
	}
}

// Guarantee: an event with a wrong signature or an old one is refused and noted nowhere.
func TestWebhookChecksSignatures(t *testing.T) {
	t.Parallel()
	body := `{"type":"email.delivered","data":{"email_id":"m1"}}`
	for name, test := range map[string]struct {
		secret string
		at     time.Time
	}{
		"another secret": {"whsec_b3RoZXI=", time.Now()},
		"too old":        {webhookSecret, time.Now().Add(-6 * time.Minute)},
		"of the future":  {webhookSecret, time.Now().Add(6 * time.Minute)},
	} {
		if status, noted := postEvent(t, test.secret, test.at, body, nil); status != http.StatusUnauthorized || noted != nil {
			t.Errorf("%s: %d %+v", name, status, noted)
		}
	}
}

// Guarantee: Resend is asked to send an event again when it could not be noted, and not when it is no concern of ours.
func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	ours := `{"type":"email.delivered","data":{"email_id":"m1","tags":{"mail_id":"018f"}}}`
	for name, test := range map[string]struct {
		body   string
		result error
		want   int
	}{
		"not known yet":          {ours, mail.ErrUnknownMail, http.StatusNotFound},
		"another program's mail": {`{"type":"email.delivered","data":{"email_id":"m1"}}`, mail.ErrUnknownMail, http.StatusNoContent},
		"the database is gone":   {ours, errors.New("gone"), http.StatusInternalServerError},
		"another type of event":  {`{"type":"email.opened","data":{"email_id":"m1"}}`, errors.New("not asked"), http.StatusNoContent},
		"no JSON":                {`{`, nil, http.StatusBadRequest},
		"too large":              {`"` + strings.Repeat("x", maxWebhookBody) + `"`, nil, http.StatusBadRequest},
	} {
		if status, _ := postEvent(t, webhookSecret, time.Now(), test.body, test.result); status != test.want {
			t.Errorf("%s: %d, want %d", name, status, test.want)
		}
	}
}
