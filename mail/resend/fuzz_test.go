package resend

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"bursar/mail"
)

// Whatever the body of an event that Resend signed is, it is answered with one of the statuses that Resend knows what to do
// with, and what is noted of it is a state of the closed list, of a mail, in one line of text.
func FuzzWebhookBody(f *testing.F) {
	for _, seed := range []string{
		`{"type":"email.delivered","data":{"email_id":"m1","tags":{"mail_id":"018f"}}}`,
		`{"type":"email.bounced","data":{"email_id":"m2","bounce":{"type":"Transient","message":"full\nbox"}}}`,
		`{"type":"email.suppressed","data":{"email_id":"m5","suppressed":{"message":"\u202ebefore\u0000"}}}`,
		`{"type":"email.failed","data":{"email_id":"\u0000","failed":{"reason":"x"}}}`,
		`{"type":"email.complained","data":{"email_id":"m3","tags":null}}`, `{"type":"email.opened","data":{}}`,
		`{"type":1}`, `{"type":"email.delivered","data":[]}`, `null`, `[]`, `{`, ``, `{"type":"email.failed","data":{"tags":{"mail_id":5}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		status, noted := postEvent(t, webhookSecret, time.Now(), body, nil)
		if tooLarge := len(body) > maxWebhookBody; tooLarge != (status == http.StatusRequestEntityTooLarge) ||
			!tooLarge && status != http.StatusNoContent && status != http.StatusBadRequest && (body != "" || status != http.StatusUnauthorized) {
			t.Fatalf("%q is answered with %d", body, status)
		}
		if len(noted) > 1 || len(noted) == 1 && status != http.StatusNoContent {
			t.Fatalf("%q is answered with %d and noted %d times", body, status, len(noted))
		}
		for _, event := range noted {
			switch event.Status {
			case "DELIVERED", "BOUNCED", "COMPLAINED", "FAILED":
			default:
				t.Fatalf("%q is noted as %q", body, event.Status)
			}
			if event.ProviderID == "" || !utf8.ValidString(event.ProviderID+event.MailID) || !utf8.ValidString(event.Reason) ||
				strings.ContainsFunc(event.Reason, unicode.IsControl) || event.Suppress && event.Status != "BOUNCED" && event.Status != "COMPLAINED" {
				t.Fatalf("%q is noted as %+v", body, event)
			}
		}
	})
}

// Whatever stands in the headers, an event counts only with the signature that the secret makes of it, its id and its time;
// others are refused and noted nowhere.
func FuzzWebhookSignature(f *testing.F) {
	const body = `{"type":"email.delivered","data":{"email_id":"m1"}}`
	now := fmt.Sprint(time.Now().Unix())
	for _, seed := range [][3]string{{"msg_1", now, "v1,AAAA"}, {"", "", ""}, {"msg_1", "-1", "v1,"}, {"msg_1", "99999999999999999999", "v1,AAAA v2,BBBB"},
		{"msg_1", now, "SIGNATURE"}, {"msg_1", now, "v1,x v1a,SIGNATURE SIGNATURE"}, {"a.b", "1e9", "v1"}, {"msg_1", now, strings.Repeat("v1,AAAA ", 100)}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(webhookSecret, "whsec_"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id, timestamp, signatures string) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + timestamp + "." + body))
		right := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		signatures = strings.ReplaceAll(signatures, "SIGNATURE", right)
		noted := 0
		handler := webhookOf(t, func(context.Context, mail.Event) error { noted++; return nil }, nil)
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/resend", strings.NewReader(body))
		request.Header.Set("svix-id", id)
		request.Header.Set("svix-timestamp", timestamp)
		request.Header.Set("svix-signature", signatures)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		switch {
		case noted > 0 && !strings.Contains(signatures, right):
			t.Fatalf("%q of %q at %q passes for %q", signatures, id, timestamp, right)
		case (recorder.Code == http.StatusNoContent) != (noted == 1), noted == 0 && recorder.Code != http.StatusUnauthorized:
			t.Fatalf("answered with %d, noted %d times", recorder.Code, noted)
		}
	})
}
