package resend

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bursar/mail"
)

// webhookWith returns a webhook with the secret of the tests, and without a logger unless the configuration has one.
func webhookWith(t *testing.T, config WebhookConfig) *webhook {
	t.Helper()
	config.Secret = webhookSecret
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	handler, err := newWebhook(config)
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// unread is a body that fails the test when it is read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// signedHeader returns the header of an event that Resend signed now.
func signedHeader(t *testing.T, body string) http.Header {
	t.Helper()
	header := http.Header{}
	sign(t, header, webhookSecret, time.Now(), body)
	return header
}

// Guarantee: a request whose header shows that Resend did not sign it just now, or whose body is too large, is refused before any of its body
// is read, and counted once under its reason; nothing is noted.
func TestWebhookRefusesByTheHeader(t *testing.T) {
	t.Parallel()
	signature := signedHeader(t, smallEvent).Get("svix-signature")
	for name, test := range map[string]struct {
		header, value string // "": left out
		length        int64
		want          EventRefusal
		status        int
	}{
		"no id":                     {"svix-id", "", 50, EventHeaders, 401},
		"a long id":                 {"svix-id", strings.Repeat("m", 257), 50, EventHeaders, 401},
		"an id with a blank":        {"svix-id", "msg 1", 50, EventHeaders, 401},
		"no time":                   {"svix-timestamp", "", 50, EventHeaders, 401},
		"a time in words":           {"svix-timestamp", "now", 50, EventHeaders, 401},
		"a time beyond 64 bits":     {"svix-timestamp", "99999999999999999999", 50, EventHeaders, 401},
		"an hour old":               {"svix-timestamp", fmt.Sprint(time.Now().Add(-time.Hour).Unix()), 50, EventTooOld, 401},
		"of 1970":                   {"svix-timestamp", "0", 50, EventTooOld, 401},
		"of the year 1":             {"svix-timestamp", "-62135596800", 50, EventHeaders, 401},
		"an hour ahead":             {"svix-timestamp", fmt.Sprint(time.Now().Add(time.Hour).Unix()), 50, EventInFuture, 401},
		"of the end of time":        {"svix-timestamp", "9223372036854775807", 50, EventInFuture, 401},
		"no signature":              {"svix-signature", "", 50, EventHeaders, 401},
		"a signature of no version": {"svix-signature", strings.TrimPrefix(signature, "v1,AAAA v1,"), 50, EventHeaders, 401},
		"another version's":         {"svix-signature", strings.ReplaceAll(signature, "v1,", "v1a,"), 50, EventHeaders, 401},
		"a short signature":         {"svix-signature", "v1,AAAA", 50, EventHeaders, 401},
		"no base 64":                {"svix-signature", "v1,!" + signature[len("v1,AAAA v1,")+1:], 50, EventHeaders, 401},
		"many signatures":           {"svix-signature", strings.Repeat("v1,AAAA ", 400) + signature, 50, EventHeaders, 401},
		"250 KB without a header":   {"svix-signature", "", 250_000, EventHeaders, 401},
		"250 KB":                    {"svix-id", "msg_1", 250_000, EventTooLarge, 413},
		"a byte too many":           {"svix-id", "msg_1", maxWebhookBody + 1, EventTooLarge, 413},
	} {
		refused := []EventRefusal{}
		handler := webhookOf(t, func(context.Context, mail.Event) error { t.Errorf("%s: noted", name); return nil },
			func(reason EventRefusal) { refused = append(refused, reason) })
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/resend", unread{t})
		request.Header, request.ContentLength = signedHeader(t, smallEvent), test.length
		if request.Header.Set(test.header, test.value); test.value == "" {
			request.Header.Del(test.header)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != test.status || len(refused) != 1 || refused[0] != test.want || answer.Header().Get("Connection") != "close" {
			t.Errorf("%s: %d, refused %v, connection %q; want %d, %s", name, answer.Code, refused, answer.Header().Get("Connection"), test.status, test.want)
		}
	}
}

// served is a webhook behind net/http on this machine.
func served(t *testing.T, handler http.Handler) (address string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// begin sends the header of a request and, of its body, what is given, and returns the connection.
func begin(t *testing.T, address string, header http.Header, length int, body string) net.Conn {
	t.Helper()
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	var text bytes.Buffer
	fmt.Fprintf(&text, "POST /webhooks/resend HTTP/1.1\r\nHost: bursar\r\n")
	if err := header.Write(&text); err != nil {
		t.Fatal(err)
	}
	if length < 0 {
		fmt.Fprintf(&text, "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	} else {
		fmt.Fprintf(&text, "Content-Length: %d\r\n\r\n%s", length, body)
	}
	if _, err := connection.Write(text.Bytes()); err != nil {
		t.Fatal(err)
	}
	return connection
}

// answered reads the answer from a connection, which must come soon, and returns its status and whether the connection ends after it.
func answered(t *testing.T, connection net.Conn) (status int, ends bool) {
	t.Helper()
	if err := connection.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Close
}

// Guarantee: net/http does not read the body of a refused request either: it is answered though its body never comes, and its connection is
// closed. A body without a length is read to 64 KiB. A right event of 64 KiB passes, and its connection stays.
func TestWebhookDoesNotReadRefusedBodies(t *testing.T) {
	t.Parallel()
	address := served(t, webhookOf(t, func(context.Context, mail.Event) error { return nil }, nil))
	largest := smallEvent + strings.Repeat(" ", maxWebhookBody-len(smallEvent))
	old := signedHeader(t, "")
	old.Set("svix-timestamp", "1")
	for name, test := range map[string]struct {
		header http.Header
		length int
		body   string
		status int
		ends   bool
	}{
		"no header, no body":         {http.Header{}, 250_000, "", 401, true},
		"no header, half a body":     {http.Header{}, 250_000, strings.Repeat("x", 1000), 401, true},
		"an old header":              {old, 1000, "", 401, true},
		"250 KB":                     {signedHeader(t, largest), 250_000, "", 413, true},
		"too large without a length": {signedHeader(t, largest), -1, largest + " ", 413, true},
		"the largest":                {signedHeader(t, largest), len(largest), largest, 204, false},
		"it without a length":        {signedHeader(t, largest), -1, largest, 204, false},
		"another's":                  {signedHeader(t, "another"), len(largest), largest, 401, true},
	} {
		if status, ends := answered(t, begin(t, address, test.header, test.length, test.body)); status != test.status || ends != test.ends {
			t.Errorf("%s: %d, connection ends: %t; want %d, %t", name, status, ends, test.status, test.ends)
		}
	}
}

// Guarantee: a network from which bodies do not arrive holds half of the slots, each for a short time: events from elsewhere are received
// meanwhile, those from the same network after it. A body that does not arrive is refused with 408.
func TestSlowBodiesLeaveSlots(t *testing.T) {
	t.Parallel()
	var unread atomic.Int32
	handler := webhookWith(t, WebhookConfig{
		Note:    func(context.Context, mail.Event) error { return nil },
		Refused: func(reason EventRefusal) { unread.Add(map[EventRefusal]int32{EventUnread: 1}[reason]) },
		AddressOf: func(r *http.Request) netip.Addr {
			return netip.MustParseAddr(r.Header.Get("From-Address"))
		},
	})
	handler.bodyTimeout = time.Second
	address := served(t, handler)
	from := func(address string) http.Header {
		header := signedHeader(t, smallEvent)
		header.Set("From-Address", address)
		return header
	}
	slow := []net.Conn{}
	for range 3 * maxNetworkEvents {
		slow = append(slow, begin(t, address, from("192.0.2.1"), len(smallEvent), smallEvent[:10]))
	}
	for range 20 {
		if status, _ := answered(t, begin(t, address, from("192.0.2.2"), len(smallEvent), smallEvent)); status != http.StatusNoContent {
			t.Errorf("an event from elsewhere: %d", status)
		}
	}
	if unread.Load() == int32(len(slow)) {
		t.Error("the slow bodies were over before the events from elsewhere were received")
	}
	if status, _ := answered(t, begin(t, address, from("192.0.2.1"), len(smallEvent), smallEvent)); status != http.StatusNoContent {
		t.Errorf("an event from the same network: %d", status)
	}
	for _, connection := range slow {
		if status, ends := answered(t, connection); status != http.StatusRequestTimeout || !ends {
			t.Errorf("a slow body: %d, connection ends: %t", status, ends)
		}
	}
}

// Guarantee: an event may take longer to be noted than its body to arrive.
func TestBodyTimeoutEndsWithTheBody(t *testing.T) {
	t.Parallel()
	var handler *webhook
	handler = webhookWith(t, WebhookConfig{Note: func(ctx context.Context, _ mail.Event) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(3 * handler.bodyTimeout):
			return nil
		}
	}})
	handler.bodyTimeout = 100 * time.Millisecond
	if status, _ := answered(t, begin(t, served(t, handler), signedHeader(t, smallEvent), len(smallEvent), smallEvent)); status != http.StatusNoContent {
		t.Errorf("answered %d", status)
	}
}

// logText is what has been logged since it was last taken.
type logText struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *logText) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(line)
}

func (l *logText) take() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	defer l.text.Reset()
	return strings.Split(strings.TrimSuffix(l.text.String(), "\n"), "\n")
}

// Guarantee: each refusal goes through the tarpit, without a slot. The log has the first at once and the others in a line every 10 s, which says
// how many there were of each reason; none is missing there, or counted twice.
func TestRefusalsAreLoggedInLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logText
		refused, delayed := 0, 0
		handler := webhookWith(t, WebhookConfig{
			Refused: func(EventRefusal) { refused++ }, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			Delay: func(context.Context) {
				delayed++
				<-time.After(time.Millisecond)
			},
		})
		for range 2000 { // for 4 s
			answerTo(t, handler, "whsec_b3RoZXI=", time.Now(), smallEvent)
			answerTo(t, handler, webhookSecret, time.Now().Add(-time.Hour), smallEvent)
		}
		if got := log.take(); len(got) != 1 || !strings.HasSuffix(got[0], " signature=1") {
			t.Errorf("at once: %q", got)
		}
		<-time.After(7 * time.Second)
		synctest.Wait()
		if got := log.take(); len(got) != 1 || !strings.HasSuffix(got[0], " signature=1999 too_old=2000") || !strings.Contains(got[0], "reason=too_old") {
			t.Errorf("after 10 s: %q", got)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if got := log.take(); len(got) != 1 || got[0] != "" {
			t.Errorf("when there are none any more: %q", got)
		}
		answerTo(t, handler, "whsec_b3RoZXI=", time.Now(), smallEvent)
		if got := log.take(); len(got) != 1 || !strings.HasSuffix(got[0], " signature=1") {
			t.Errorf("a minute later: %q", got)
		}
		if refused != 4001 || delayed != 4001 || len(handler.slots.networks) != 0 {
			t.Errorf("counted %d, delayed %d, networks %v", refused, delayed, handler.slots.networks)
		}
	})
}
