package resend_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"bursar/mail"
	"bursar/mail/resend"
	"bursar/mail/resend/resendtest"
)

func batchOf(addresses ...string) []mail.Message {
	messages := make([]mail.Message, len(addresses))
	for i, address := range addresses {
		messages[i] = mail.Message{From: "bursar@acme.test", To: address, Subject: "Subject", Text: address}
	}
	return messages
}

func senderTo(t *testing.T, server *resendtest.Server) *resend.Sender {
	t.Helper()
	sender, err := resend.New("re_test", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

// Guarantee: a batch is one request, everybody gets their mail, and each id is that of the message in its place, also when
// Resend or this package finds fault with some of the others.
func TestBatchAnswersForEachMessage(t *testing.T) {
	t.Parallel()
	server := resendtest.New(t)
	addresses := []string{"bad", "a@acme.test", "evil\n@acme.test", "b@acme.test", "worse", "c@acme.test"}
	results, err := senderTo(t, server).Send(t.Context(), "key", batchOf(addresses...))
	if err != nil {
		t.Fatal(err)
	}
	for i, address := range addresses {
		inbox := server.Inbox(address)
		if i%2 == 0 {
			if !mail.Permanent(results[i].Refusal) || results[i].ProviderID != "" || len(inbox) != 0 {
				t.Errorf("%q: %+v, %d mails, want it refused for good", address, results[i], len(inbox))
			}
			continue
		}
		if results[i].Refusal != nil || len(inbox) != 1 || inbox[0].ID != results[i].ProviderID || inbox[0].Text != address {
			t.Errorf("%q: %+v, inbox %+v, want its own mail under the id", address, results[i], inbox)
		}
	}
	if server.Requests() != 1 {
		t.Errorf("%d requests, want 1", server.Requests())
	}
}

// Guarantee: a batch that arrived and whose answer was lost, however it was, arrives once, and its second answer is the first.
func TestBatchIsRepeatable(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]resendtest.Fault{
		"answered with an error": resendtest.AcceptedBroken, "cut off": resendtest.AcceptedUnreachable, "hanging": resendtest.AcceptedHanging,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := resendtest.New(t)
			ctx, giveUp := context.WithCancel(t.Context())
			server.Fault = func(request resendtest.Request) resendtest.Fault {
				if request.Number == 1 {
					return fault
				}
				return resendtest.None
			}
			server.OnAccepted = func(resendtest.Request) {
				if fault == resendtest.AcceptedHanging {
					giveUp()
				}
			}
			sender := senderTo(t, server)
			if _, err := sender.Send(ctx, "key", batchOf("a@acme.test", "bad", "b@acme.test")); !mail.Accepted(err) || mail.Permanent(err) {
				t.Fatalf("the first attempt: %v, want an error that leaves it open", err)
			}
			giveUp()
			results := settle(t, func() ([]mail.Result, error) {
				return sender.Send(t.Context(), "key", batchOf("a@acme.test", "bad", "b@acme.test"))
			})
			for i, address := range []string{"a@acme.test", "", "b@acme.test"} {
				if address != "" && (len(server.Inbox(address)) != 1 || server.Inbox(address)[0].ID != results[i].ProviderID) {
					t.Errorf("%s got %+v, answered %+v", address, server.Inbox(address), results[i])
				}
			}
			if results[1].Refusal == nil {
				t.Error("the bad address was accepted")
			}
			_, err := sender.Send(t.Context(), "key", batchOf("b@acme.test", "a@acme.test"))
			if !mail.AlreadyAccepted(err) {
				t.Errorf("other contents under the key: %v", err)
			}
		})
	}
}

// settle repeats a call while the provider is still busy with the one before.
func settle(t *testing.T, send func() ([]mail.Result, error)) []mail.Result {
	t.Helper()
	for {
		results, err := send()
		if answer, ok := errors.AsType[*resend.Error](err); ok && answer.Code == "concurrent_idempotent_requests" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
}

// Guarantee: what no provider should answer is no success: nobody's mail is noted under another's id.
func TestBatchAnswerThatMakesNoSense(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":[{"id":"1"}]}`, `{"data":[{"id":"1"},{"id":""}]}`, `{"data":[{"id":"1"}],"errors":[{"index":2}]}`} {
		server := answering(t, body)
		sender, err := resend.New("re_test", server, nil)
		if err != nil {
			t.Fatal(err)
		}
		results, err := sender.Send(t.Context(), "key", batchOf("a@acme.test", "b@acme.test"))
		if err == nil || mail.Permanent(err) || !mail.Accepted(err) {
			t.Errorf("%s: %s, %v; want an error that leaves it open", body, fmt.Sprint(results), err)
		}
	}
}

func answering(t *testing.T, body string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body)) // the client reads it
	}))
	t.Cleanup(server.Close)
	return server.URL
}
