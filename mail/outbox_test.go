package mail

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// keptMails is a store of mails, newest first.
type keptMails []Kept

func (mails keptMails) list(_ context.Context, limit int, before string) ([]Kept, error) {
	if before != "" {
		mails = mails[slices.IndexFunc(mails, func(m Kept) bool { return m.ID == before })+1:]
	}
	return mails[:min(limit, len(mails))], nil
}

func (mails keptMails) get(_ context.Context, id string) (*Kept, error) {
	if i := slices.IndexFunc(mails, func(m Kept) bool { return m.ID == id }); i >= 0 {
		return &mails[i], nil
	}
	return nil, nil
}

func visit(t *testing.T, handler http.Handler, path string) (*http.Response, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return recorder.Result(), recorder.Body.String()
}

// Guarantee: following "Older" from the first page visits every kept mail once, newest first, and ends.
func TestOutboxPages(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 49, 50, 51, 100, 120} {
		var mails keptMails
		for i := range count {
			mails = append(mails, Kept{ID: fmt.Sprintf("mail %d&/", i), To: "ada@acme.test", Subject: fmt.Sprintf("Subject <%d>", i)})
		}
		handler := NewOutbox(mails.list, mails.get)
		subject := regexp.MustCompile(`Subject &lt;(\d+)&gt;`)
		older := regexp.MustCompile(`href="([^"]+)">Older`)
		var seen []string
		for path := "/outbox"; path != ""; {
			_, body := visit(t, handler, path)
			for _, match := range subject.FindAllStringSubmatch(body, -1) {
				seen = append(seen, match[1])
			}
			if strings.Contains(body, "Newest") != (path != "/outbox") {
				t.Errorf("%d mails: the way back is wrong on %s", count, path)
			}
			next := older.FindStringSubmatch(body)
			if path = ""; next != nil {
				path = next[1]
			}
			if len(seen) > count {
				t.Fatalf("%d mails: paging does not end", count)
			}
		}
		for i, number := range seen {
			if number != fmt.Sprint(i) {
				t.Fatalf("%d mails: place %d shows mail %s", count, i, number)
			}
		}
		if len(seen) != count {
			t.Errorf("%d mails: %d seen", count, len(seen))
		}
	}
}

// Guarantee: a mail's contents are shown but can neither run nor leave their frame, and any id can be linked to.
func TestOutboxShowsMailSafely(t *testing.T) {
	t.Parallel()
	mails := keptMails{{
		ID: "a/b?c#d", To: "<ada@acme.test>", Subject: "<script>alert(1)</script>",
		HTML: `<p title="x">Hello</p><script>alert(2)</script>`, Text: "</pre><script>alert(3)</script>",
		SentAt: time.Date(2026, time.November, 23, 10, 4, 5, 0, time.FixedZone("CET", 60*60)),
	}}
	handler := NewOutbox(mails.list, mails.get)
	_, list := visit(t, handler, "/outbox")
	link := regexp.MustCompile(`<td class="subject"><a href="([^"]+)"`).FindStringSubmatch(list)
	if link == nil {
		t.Fatalf("no link in\n%s", list)
	}
	response, page := visit(t, handler, link[1])
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", link[1], response.Status)
	}
	for _, want := range []string{
		`sandbox srcdoc="&lt;p title=&#34;x&#34;&gt;Hello&lt;/p&gt;&lt;script&gt;alert(2)&lt;/script&gt;"`,
		"&lt;/pre&gt;&lt;script&gt;alert(3)", "&lt;ada@acme.test&gt;",
		`<time datetime="2026-11-23T09:04:05Z">Mon 23 Nov 2026, 09:04:05 UTC</time>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	for name, body := range map[string]string{"list": list, "mail": page} {
		if strings.Contains(body, "<script") {
			t.Errorf("%s: a mail's script is on the page", name)
		}
	}
}

// Guarantee: no page lets a script run, be framed or be cached; only the page that shows a mail allows inline style.
func TestOutboxPolicy(t *testing.T) {
	t.Parallel()
	mails := keptMails{{ID: "1"}}
	handler := NewOutbox(mails.list, mails.get)
	for path, styles := range map[string]string{"/outbox": "'self'", "/outbox/1": "'self' 'unsafe-inline'"} {
		response, _ := visit(t, handler, path)
		want := "default-src 'none'; style-src " + styles + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
		if got := response.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: policy %q", path, got)
		}
		if response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, response.Header)
		}
	}
}

// Guarantee: an empty outbox says how to fill it, and a mail with one part says that the other is missing.
func TestOutboxEmptyStates(t *testing.T) {
	t.Parallel()
	mails := keptMails{{ID: "bare"}}
	for path, want := range map[string]string{
		"/outbox":             "(no subject)",
		"/outbox?before=bare": "No older mail.",
		"/outbox/bare":        "This mail has no HTML part.",
	} {
		if _, body := visit(t, NewOutbox(mails.list, mails.get), path); !strings.Contains(body, want) {
			t.Errorf("%s: %q is missing in\n%s", path, want, body)
		}
	}
	_, body := visit(t, NewOutbox(keptMails{}.list, keptMails{}.get), "/outbox")
	if !strings.Contains(body, "No mail yet.") || !strings.Contains(body, "bursar replay") || strings.Contains(body, "<nav") {
		t.Errorf("an empty outbox shows\n%s", body)
	}
}

// Guarantee: what is not there is 404, what fails is 500 without the reason, and the outbox only reads.
func TestOutboxAnswers(t *testing.T) {
	t.Parallel()
	broken := errors.New("password authentication failed")
	failing := NewOutbox(
		func(context.Context, int, string) ([]Kept, error) { return nil, broken },
		func(context.Context, string) (*Kept, error) { return nil, broken },
	)
	empty := NewOutbox(keptMails{}.list, keptMails{}.get)
	for _, test := range []struct {
		handler http.Handler
		path    string
		status  int
		header  string // a header and its value
	}{
		{empty, "/outbox", 200, "Content-Type: text/html; charset=utf-8"},
		{empty, "/outbox/", 301, "Location: /outbox"},
		{empty, "/outbox/outbox.css", 200, "Content-Type: text/css; charset=utf-8"},
		{empty, "/outbox/unknown", 404, ""},
		{empty, "/outbox/a/b", 404, ""},
		{failing, "/outbox", 500, ""},
		{failing, "/outbox/1", 500, ""},
	} {
		response, body := visit(t, test.handler, test.path)
		name, value, _ := strings.Cut(test.header, ": ")
		if response.StatusCode != test.status || response.Header.Get(name) != value || strings.Contains(body, "password") {
			t.Errorf("%s: %s, headers %v, body %s", test.path, response.Status, response.Header, body)
		}
	}
	recorder := httptest.NewRecorder()
	empty.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/outbox", nil))
	if recorder.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST answers %d", recorder.Code)
	}
}
