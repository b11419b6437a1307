package delivery

import (
	"testing"

	"github.com/google/uuid"

	"bursar/mail"
)

// The outbox keeps each idempotency key once, as it was first sent, and answers the same id again: as Resend does.
func TestOutboxKeepsOnce(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	sender := NewOutbox(pool)
	message := mail.Message{From: "b@acme.test", To: "a@acme.test", Subject: "first", HTML: "<p>", Text: "text"}
	first, err := keep(t, sender, "key", message)
	must(t, err)
	message.Subject = "second"
	again, err := keep(t, sender, "key", message)
	must(t, err)
	if first != again {
		t.Errorf("ids %s and %s, want one", first, again)
	}
	mails, err := ListMails(pool)(t.Context(), 10, "")
	must(t, err)
	if len(mails) != 1 || mails[0].Subject != "first" || mails[0].To != "a@acme.test" || mails[0].ID != first {
		t.Fatalf("kept %+v, want the first alone", mails)
	}
}

// Paging through the outbox shows every mail once, newest first.
func TestOutboxPages(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	sender := NewOutbox(pool)
	var newestFirst []string
	for _, key := range []string{"a", "b", "c"} {
		kept, err := keep(t, sender, key, mail.Message{To: "a@acme.test", Subject: key})
		must(t, err)
		newestFirst = append([]string{kept}, newestFirst...)
	}
	seen := map[string]int{}
	before := ""
	for range newestFirst {
		page, err := ListMails(pool)(t.Context(), 1, before)
		must(t, err)
		if len(page) != 1 {
			t.Fatalf("a page of %d mails, want 1", len(page))
		}
		before = page[0].ID
		seen[before]++
	}
	if len(seen) != 3 {
		t.Fatalf("saw %v, want each of %v once", seen, newestFirst)
	}
	page, err := ListMails(pool)(t.Context(), 1, before)
	if err != nil || len(page) != 0 {
		t.Fatalf("%d mails after the last, error %v", len(page), err)
	}
}

// A mail is found by its id; an id of none, and what is no id, is no error.
func TestGetMail(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	kept, err := keep(t, NewOutbox(pool), "key", mail.Message{To: "a@acme.test", Text: "text", HTML: "<p>"})
	must(t, err)
	found, err := GetMail(pool)(t.Context(), kept)
	if err != nil || found == nil || found.HTML != "<p>" || found.Text != "text" || found.SentAt.IsZero() {
		t.Fatalf("found %+v, error %v", found, err)
	}
	for _, unknown := range []string{"", "nonsense", uuid.NewString()} {
		if found, err := GetMail(pool)(t.Context(), unknown); found != nil || err != nil {
			t.Errorf("%q found %+v, error %v, want neither", unknown, found, err)
		}
	}
}

// keep sends one message and returns its id.
func keep(t *testing.T, sender mail.Sender, key string, message mail.Message) (string, error) {
	t.Helper()
	results, err := sender.Send(t.Context(), key, []mail.Message{message})
	if err != nil {
		return "", err
	}
	return results[0].ProviderID, results[0].Refusal
}
