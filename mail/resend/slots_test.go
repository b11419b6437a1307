package resend

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bursar/mail"
)

const smallEvent = `{"type":"email.delivered","data":{"email_id":"m1"}}`

// receiver is a webhook whose events wait to be noted until the test lets them, with what it has answered.
type receiver struct {
	t       *testing.T
	webhook *webhook
	noting  chan struct{} // takes one event after the other; closed: all
	mutex   sync.Mutex
	begun   int         // events that have come to be noted
	answers map[int]int // by HTTP status
	refused map[EventRefusal]int
	sent    sync.WaitGroup
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, noting: make(chan struct{}), answers: map[int]int{}, refused: map[EventRefusal]int{}}
	r.webhook = webhookWith(t, WebhookConfig{
		Note: func(ctx context.Context, _ mail.Event) error {
			r.count(func() { r.begun++ })
			select {
			case <-r.noting:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
		Refused: func(reason EventRefusal) { r.count(func() { r.refused[reason]++ }) },
		AddressOf: func(r *http.Request) netip.Addr {
			return netip.MustParseAddrPort(r.RemoteAddr).Addr()
		},
	})
	return r
}

func (r *receiver) count(what func()) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	what()
}

// send sends events that Resend signed from an address, at the same time.
func (r *receiver) send(address string, number int) {
	for range number {
		r.sent.Go(func() {
			request := httptest.NewRequestWithContext(r.t.Context(), http.MethodPost, "/webhooks/resend", strings.NewReader(smallEvent))
			request.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(address), 1).String()
			sign(r.t, request.Header, webhookSecret, time.Now(), smallEvent)
			answer := httptest.NewRecorder()
			r.webhook.ServeHTTP(answer, request)
			if late := answer.Header().Get("Retry-After") != ""; late != (answer.Code == http.StatusServiceUnavailable) {
				r.t.Errorf("%d with Retry-After %q", answer.Code, answer.Header().Get("Retry-After"))
			}
			r.count(func() { r.answers[answer.Code]++ })
		})
	}
	synctest.Wait()
}

// want checks how many events have come to be noted, and what was answered.
func (r *receiver) want(begun int, answers string) {
	r.t.Helper()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if got := fmt.Sprint(r.answers); r.begun != begun || got != "map["+answers+"]" {
		r.t.Errorf("%d events have come to be noted, answered %s, want %d, %s", r.begun, got, begun, answers)
	}
}

// Guarantee: at most 16 events are received at the same time, of one network at most 8; the others wait without being read, and all are
// noted when those before them are. A batch from Resend, at its full rate, is not refused.
func TestEventsWaitForSlots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t)
		r.send("2001:db8:1:1::1", 5)
		r.want(5, "")
		r.send("2001:db8:1:ffff::1", 395) // of the same network
		r.want(8, "")
		r.send("2001:db8:2::1", 3)
		r.want(11, "")
		r.send("192.0.2.1", 100)
		r.want(16, "")
		r.noting <- struct{}{}
		synctest.Wait()
		r.want(17, "204:1")
		close(r.noting)
		r.sent.Wait()
		r.want(503, "204:503")
		if len(r.refused) > 0 || len(r.webhook.slots.networks) > 0 {
			t.Errorf("refused %v, networks %v", r.refused, r.webhook.slots.networks)
		}
	})
}

// Guarantee: what waits too long, or behind too many of its network, is answered with 503 and Retry-After, and counted; other networks are not
// concerned. An event that takes too long to be noted gives its slot back.
func TestEventsDoNotWaitForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(t)
		r.send("192.0.2.1", maxWaitingEvents)
		r.want(8, "")
		r.send("192.0.2.1", 3)
		r.want(8, "503:3")
		r.send("192.0.2.2", 1)
		r.want(9, "503:3")
		<-time.After(slotTimeout - 1)
		synctest.Wait()
		r.want(9, "503:3")
		<-time.After(1)
		synctest.Wait()
		r.want(9, fmt.Sprintf("503:%d", 3+maxWaitingEvents-8))
		<-time.After(noteTimeout)
		r.sent.Wait()
		r.want(9, fmt.Sprintf("500:9 503:%d", 3+maxWaitingEvents-8))
		if r.refused[EventBusy] != 3+maxWaitingEvents-8 || len(r.refused) != 1 {
			t.Errorf("refused %v", r.refused)
		}
		close(r.noting)
		r.send("192.0.2.1", 8)
		r.want(17, fmt.Sprintf("204:8 500:9 503:%d", 3+maxWaitingEvents-8))
	})
}

// Guarantee: one network is an address of IPv4, and what a company is given of IPv6.
func TestNetworkOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1/32", "2001:db8:1:2::3": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
	} {
		if got := networkOf(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
	if networkOf(netip.Addr{}) != (netip.Prefix{}) {
		t.Error("what is no address is of a network")
	}
}
