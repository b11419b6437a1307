package resend

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bursar/mail"
)

// testMessage is a mail that Resend would take.
func testMessage() mail.Message {
	return mail.Message{
		From: "Bursar <bursar@acme.test>", To: "ada@acme.test", Subject: "Subject", HTML: "<p>HTML</p>", Text: "Text",
		Tags: map[string]string{"organization": "Åcme & Söhne", "alert_id": "alt_1", "none": "🙂"},
	}
}

// sendTo sends one message and returns its id, or what came of it instead.
func sendTo(ctx context.Context, sender mail.Sender, message mail.Message) (string, error) {
	results, err := sender.Send(ctx, "alt_1/ada", []mail.Message{message})
	if err != nil {
		return "", err
	}
	return results[0].ProviderID, results[0].Refusal
}

// resendAgainst is a sender whose Resend is handler.
func resendAgainst(t *testing.T, path string, handler http.HandlerFunc) *Sender {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	sender, err := New("re_secret", server.URL+path, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func answer(status int, header http.Header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		if _, err := io.WriteString(w, body); err != nil {
			panic(http.ErrAbortHandler) // the client left before it read the answer
		}
	}
}

// Guarantee: what Resend receives is the message, whole, authorized and under
// its idempotency key, whatever path the endpoint stands under.
func TestResendSends(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"": "/emails", "/": "/emails", "/resend": "/resend/emails", "/resend/v1/": "/resend/v1/emails",
	} {
		t.Run("base "+base, func(t *testing.T) {
			t.Parallel()
			sender := resendAgainst(t, base, func(w http.ResponseWriter, r *http.Request) {
				var body map[string]any
				if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
					t.Errorf("body: %v", err)
				}
				got, err := json.Marshal(body)
				if err != nil {
					t.Error(err)
				}
				const wantBody = `{"from":"Bursar \u003cbursar@acme.test\u003e","html":"\u003cp\u003eHTML\u003c/p\u003e","subject":"Subject",` +
					`"tags":[{"name":"alert_id","value":"alt_1"},{"name":"organization","value":"cme_S_hne"}],"text":"Text","to":["ada@acme.test"]}`
				if string(got) != wantBody {
					t.Errorf("body\ngot  %s\nwant %s", got, wantBody)
				}
				if r.Method != http.MethodPost || r.URL.Path != want || r.ContentLength <= 0 ||
					r.Header.Get("Authorization") != "Bearer re_secret" || r.Header.Get("Idempotency-Key") != "alt_1/ada" {
					t.Errorf("got %s %s, length %d, headers %v", r.Method, r.URL.Path, r.ContentLength, r.Header)
				}
				answer(http.StatusOK, nil, `{"id":"49a3999c"}`)(w, r)
			})
			if id, err := sendTo(t.Context(), sender, testMessage()); err != nil || id != "49a3999c" {
				t.Errorf("got %q, %v", id, err)
			}
		})
	}
}

// Guarantee: only what is the message's own fault is given up; all else is tried again, and not before Resend wants it.
func TestResendClassifiesRefusals(t *testing.T) {
	t.Parallel()
	const date = "Mon, 23 Nov 2026 09:00:00 GMT"
	for name, test := range map[string]struct {
		status                     int
		header                     http.Header
		body                       string
		permanent, alreadyAccepted bool
		retryAfter                 time.Duration // -1: none
		text                       string
	}{
		"bad address": {422, nil, `{"statusCode":422,"name":"validation_error","message":"Invalid \u0060to\u0060 field."}`, true, false, -1,
			"mail: provider answered 422 validation_error: Invalid `to` field."},
		"validation":        {400, nil, `{"name":"validation_error","message":"x"}`, true, false, -1, "400 validation_error: x"},
		"malformed key":     {400, nil, `{"name":"validation_error","message":"API key is invalid"}`, false, false, -1, "400 validation_error: API key"},
		"bad sender":        {422, nil, `{"name":"invalid_from_address","message":"x"}`, false, false, -1, "422 invalid_from_address: x"},
		"too large":         {413, nil, "", true, false, -1, "413: Request Entity Too Large"},
		"wrong key":         {401, nil, `{"name":"missing_api_key","message":"Missing"}`, false, false, -1, "401 missing_api_key"},
		"unverified domain": {403, nil, `{"name":"validation_error","message":"not verified"}`, false, false, -1, "403 validation_error"},
		"request timeout":   {408, nil, "", false, false, -1, "408"},
		"in progress":       {409, nil, `{"name":"concurrent_idempotent_requests"}`, false, false, -1, "409 concurrent_idempotent_requests: Conflict"},
		"other contents":    {409, nil, `{"name":"invalid_idempotent_request"}`, false, true, -1, "409 invalid_idempotent_request"},
		"too early":         {425, nil, "", false, false, -1, "425"},
		"rate limited":      {429, http.Header{"Retry-After": {"7"}}, `{"name":"rate_limit_exceeded"}`, false, false, 7 * time.Second, "429 rate_limit_exceeded"},
		"quota":             {429, http.Header{"Retry-After": {"1e30"}}, "", false, false, 24 * time.Hour, "429"},
		"day's quota":       {429, http.Header{"Retry-After": {"1"}}, `{"name":"daily_quota_exceeded","message":"You have reached your daily email sending quota."}`, false, false, time.Second, "429 daily_quota_exceeded: You have reached"},
		"month's quota":     {429, nil, `{"name":"monthly_quota_exceeded"}`, false, false, -1, "429 monthly_quota_exceeded"},
		"until a date":      {429, http.Header{"Retry-After": {"Mon, 23 Nov 2026 09:01:30 GMT"}, "Date": {date}}, "", false, false, 90 * time.Second, "429"},
		"until a past date": {429, http.Header{"Retry-After": {"Mon, 23 Nov 2026 08:00:00 GMT"}, "Date": {date}}, "", false, false, 0, "429"},
		"no wait given":     {429, nil, "", false, false, -1, "429"},
		"unreadable wait":   {429, http.Header{"Retry-After": {"soon"}}, "", false, false, -1, "429"},
		"outage":            {500, nil, `{"name":"internal_server_error","message":"Oops"}`, false, false, -1, "500 internal_server_error: Oops"},
		"maintenance":       {503, http.Header{"Retry-After": {"120"}}, "<h1>Down</h1>", false, false, 2 * time.Minute, "503: Service Unavailable"},
		"endless page":      {502, nil, `{"message":"` + strings.Repeat("é", 40_000) + `"}`, false, false, -1, "502: Bad Gateway"},
		"long message":      {502, nil, `{"message":"` + strings.Repeat("é\\n", 400) + `"}`, false, false, -1, "é…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sendTo(t.Context(), resendAgainst(t, "", answer(test.status, test.header, test.body)), testMessage())
			refusal, ok := errors.AsType[*Error](err)
			if !ok || refusal.Status != test.status || !strings.Contains(err.Error(), test.text) || len(err.Error()) > 600 {
				t.Fatalf("got error %v, want one with %q", err, test.text)
			}
			if certainly := test.status >= 400 && test.status < 500 && test.status != 408 && test.status != 409; mail.Accepted(err) == certainly {
				t.Errorf("may have been accepted: %t", mail.Accepted(err))
			}
			if mail.Limited(err) != (test.status == 429) {
				t.Errorf("limited: %t", mail.Limited(err))
			}
			if mail.QuotaUsedUp(err) != strings.Contains(test.body, "quota_exceeded") {
				t.Errorf("the quota is used up: %t", mail.QuotaUsedUp(err))
			}
			if mail.Permanent(err) != test.permanent || mail.AlreadyAccepted(err) != test.alreadyAccepted {
				t.Errorf("permanent %t, already accepted %t", mail.Permanent(err), mail.AlreadyAccepted(err))
			}
			wait, ok := mail.RetryAfter(err)
			if ok != (test.retryAfter >= 0) || ok && wait != test.retryAfter {
				t.Errorf("retry after %s, %t; want %s", wait, ok, test.retryAfter)
			}
		})
	}
}

// Guarantee: an attempt whose answer never came is temporary, and the next
// carries the same key and the same bytes, so that one mail arrives.
func TestResendRepeatsAfterTimeout(t *testing.T) {
	t.Parallel()
	requests := make(chan string, 2)
	hang, cancel := context.WithCancel(t.Context())
	sender := resendAgainst(t, "", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		requests <- r.Header.Get("Idempotency-Key") + string(body)
		if hang.Err() == nil {
			cancel() // accepted; the client gives up before it learns so
			<-r.Context().Done()
			return
		}
		answer(http.StatusOK, nil, `{"id":"1"}`)(w, r)
	})
	_, err := sendTo(hang, sender, testMessage())
	if !errors.Is(err, context.Canceled) || mail.Permanent(err) || !mail.Accepted(err) {
		t.Errorf("got %v, want a temporary error", err)
	}
	if id, err := sendTo(t.Context(), sender, testMessage()); err != nil || id != "1" {
		t.Errorf("got %q, %v", id, err)
	}
	if first, second := <-requests, <-requests; first != second {
		t.Errorf("the attempts differ:\n%s\n%s", first, second)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Guarantee: an attempt ends after 10 seconds, or after the client's own timeout.
func TestResendTimeout(t *testing.T) {
	t.Parallel()
	for own, want := range map[time.Duration]time.Duration{0: 10 * time.Second, time.Minute: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			sender, err := New("re_secret", "", &http.Client{Timeout: own, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.URL.String() != "https://api.resend.com/emails" {
					t.Errorf("sent to %s", r.URL)
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			})})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, err = sendTo(t.Context(), sender, testMessage())
			if !errors.Is(err, context.DeadlineExceeded) || mail.Permanent(err) || time.Since(start) != want {
				t.Errorf("after %s: %v", time.Since(start), err)
			}
		})
	}
}

// Guarantee: an acceptance that cannot be read counts as none, for now: the key makes asking again safe.
func TestResendUnreadableAcceptance(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{", "{}", "<h1>Welcome</h1>"} {
		id, err := sendTo(t.Context(), resendAgainst(t, "", answer(http.StatusOK, nil, body)), testMessage())
		if id != "" || err == nil || mail.Permanent(err) {
			t.Errorf("%q: got %q, %v", body, id, err)
		}
	}
}

// Guarantee: a redirect is not followed, since the page it leads to would pass for an accepted mail.
func TestResendFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	sender := resendAgainst(t, "", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/emails" {
			t.Errorf("%s %s was requested", r.Method, r.URL.Path)
		}
		answer(http.StatusFound, http.Header{"Location": {"/login"}}, "")(w, r)
	})
	_, err := sendTo(t.Context(), sender, testMessage())
	if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Status != http.StatusFound || mail.Permanent(err) {
		t.Errorf("got %v, want a temporary 302", err)
	}
}

// Guarantee: a connection that Resend closed while it was idle costs no attempt: the request is repeatable.
func TestResendRequestIsRepeatable(t *testing.T) {
	t.Parallel()
	sender, err := New("re_secret", "", &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		var bodies []string
		for range 2 {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			if r.ContentLength != int64(len(body)) {
				t.Errorf("length %d of %d", r.ContentLength, len(body))
			}
			bodies = append(bodies, string(body))
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
		if bodies[0] == "" || len(slices.Compact(bodies)) != 1 {
			t.Errorf("bodies differ: %q", bodies)
		}
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"id":"1"}`))}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := sendTo(t.Context(), sender, testMessage()); err != nil || id != "1" {
		t.Errorf("got %q, %v", id, err)
	}
}

// Guarantee: a message that would inject a header or could be sent twice is refused for good and never leaves.
func TestResendRefusesInvalidMessages(t *testing.T) {
	t.Parallel()
	sender := resendAgainst(t, "", func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })
	for name, change := range map[string]func(*mail.Message){
		"no recipient":     func(m *mail.Message) { m.To = " " },
		"recipient + line": func(m *mail.Message) { m.To = "ada@acme.test\r\nBcc: b@acme.test" },
		"sender + line":    func(m *mail.Message) { m.From = "a\n@acme.test" },
		"subject + line":   func(m *mail.Message) { m.Subject = "a\rb" },
	} {
		message := testMessage()
		change(&message)
		if _, err := sendTo(t.Context(), sender, message); !mail.Permanent(err) {
			t.Errorf("%s: got %v, want a permanent error", name, err)
		}
	}
	for _, key := range []string{"", "a\nb", "schlüssel"} {
		if _, err := sender.Send(t.Context(), key, []mail.Message{testMessage()}); !mail.Permanent(err) {
			t.Errorf("the key %q: got %v, want a permanent error", key, err)
		}
	}
	if _, err := sender.Send(t.Context(), "key", make([]mail.Message, mail.MaxBatch+1)); !mail.Permanent(err) {
		t.Errorf("more than a batch: got %v, want a permanent error", err)
	}
}

// Guarantee: a configuration that cannot work is refused at the start, without quoting the key.
func TestNewRefusesBadConfiguration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ key, url string }{
		{"", ""}, {" \n", ""}, {"re_\nsecret", ""}, {"re_sécret", ""},
		{"re_secret", "api.resend.com"}, {"re_secret", "ftp://api.resend.com"}, {"re_secret", "https://"},
		{"re_secret", "https://host/?key=1"}, {"re_secret", "https://host/#emails"}, {"re_secret", "https://a b"},
	} {
		if _, err := New(test.key, test.url, nil); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q, %q: got %v", test.key, test.url, err)
		}
	}
	if _, err := New("re_secret\n", " https://host/path ", nil); err != nil {
		t.Errorf("space around the values: %v", err)
	}
}

// Guarantee: other errors, and none, are not taken for a provider's answer.
func TestForeignErrors(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, io.EOF} {
		if _, ok := mail.RetryAfter(err); ok || mail.Permanent(err) || mail.AlreadyAccepted(err) || mail.Limited(err) || mail.QuotaUsedUp(err) ||
			mail.Accepted(err) != (err != nil) {
			t.Errorf("%v was classified", err)
		}
	}
}
