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

// postEvent sends an event as Resend does, signed with a secret at a time, and returns the status and what was noted.
func postEvent(t *testing.T, secret string, at time.Time, body string, result error) (int, []mail.Event) {
	t.Helper()
	var noted []mail.Event
	handler := webhookOf(t, func(_ context.Context, event mail.Event) error {
		noted = append(noted, event)
		return result
	}, nil)
	return answerTo(t, handler, secret, at, body).Code, noted
}

// webhookOf returns the handler with the secret of the tests.
func webhookOf(t *testing.T, note func(context.Context, mail.Event) error, refused func(EventRefusal)) http.Handler {
	t.Helper()
	handler, err := NewWebhook(WebhookConfig{Secret: webhookSecret, Note: note, Refused: refused, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// answerTo returns a handler's answer to an event that is signed with a secret at a time.
func answerTo(t *testing.T, handler http.Handler, secret string, at time.Time, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/resend", strings.NewReader(body))
	sign(t, request.Header, secret, at, body)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// sign signs an event as Resend does, after a signature by another secret.
func sign(t *testing.T, header http.Header, secret string, at time.Time, body string) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	timestamp := fmt.Sprint(at.Unix())
	mac.Write([]byte("msg_1." + timestamp + "." + body))
	header.Set("svix-id", "msg_1")
	header.Set("svix-timestamp", timestamp)
	header.Set("svix-signature", "v1,AAAA v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// Guarantee: an event that Resend signed moves its delivery on, and says why.
func TestWebhookNotesEvents(t *testing.T) {
	t.Parallel()
	const documented = `{"type": "email.delivered", "created_at": "2026-02-22T23:41:12.126Z", "data": {
		"broadcast_id": "8b146471-e88e-4322-86af-016cd36fd216", "created_at": "2026-02-22T23:41:11.894719+00:00",
		"email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "from": "Acme <onboarding@resend.dev>", "to": ["delivered@resend.dev"],
		"subject": "Sending this example", "template_id": "43f68331-0622-4e15-8202-246a0388854b", "tags": {"category": "confirm_email"}}}`
	for body, want := range map[string]mail.Event{
		documented: {ProviderID: "56761188-7520-42d8-8898-ff6fc54ce618", Status: "DELIVERED"},
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

// Guarantee: an event with a wrong signature or one of another time is refused and noted nowhere. What is wrong is said and counted: a
// server whose clock is off learns that it is.
func TestWebhookChecksSignatures(t *testing.T) {
	t.Parallel()
	const body, another = `{"type":"email.delivered","data":{"email_id":"m1"}}`, "whsec_b3RoZXI="
	for name, test := range map[string]struct {
		secret string
		ahead  time.Duration // of Resend's clock
		want   EventRefusal
		says   string
	}{
		"another secret":            {another, 0, EventSignature, "the event's signature is wrong"},
		"another secret, old":       {another, -400 * time.Second, EventTooOld, "the event is too old"},
		"the server 400 s ahead":    {webhookSecret, -400 * time.Second, EventTooOld, "the event is too old: it was signed 40"},
		"the server 400 s behind":   {webhookSecret, 400 * time.Second, EventInFuture, "the event is from the future: it was signed "},
		"the server 4 min ahead":    {webhookSecret, -4 * time.Minute, "", ""},
		"the server 290 s behind":   {webhookSecret, 290 * time.Second, "", ""},
		"recorded, sent again late": {webhookSecret, -48 * time.Hour, EventTooOld, "the event is too old"},
	} {
		noted, refused := 0, []EventRefusal{}
		handler := webhookOf(t, func(context.Context, mail.Event) error { noted++; return nil },
			func(reason EventRefusal) { refused = append(refused, reason) })
		answer := answerTo(t, handler, test.secret, time.Now().Add(test.ahead), body)
		if test.want == "" {
			if answer.Code != http.StatusNoContent || noted != 1 || len(refused) != 0 {
				t.Errorf("%s: %d, noted %d times, refused %v", name, answer.Code, noted, refused)
			}
			continue
		}
		if says := answer.Body.String(); answer.Code != http.StatusUnauthorized || noted != 0 || len(refused) != 1 || refused[0] != test.want || !strings.Contains(says, test.says) {
			t.Errorf("%s: %d %q, noted %d times, refused %v; want %s", name, answer.Code, says, noted, refused, test.want)
		}
	}
	if _, err := NewWebhook(WebhookConfig{Secret: "whsec_?"}); err == nil {
		t.Error("a secret that is none is taken")
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
		"too large":              {`"` + strings.Repeat("x", maxWebhookBody) + `"`, nil, http.StatusRequestEntityTooLarge},
	} {
		if status, _ := postEvent(t, webhookSecret, time.Now(), test.body, test.result); status != test.want {
			t.Errorf("%s: %d, want %d", name, status, test.want)
		}
	}
}
