package resend

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"bursar/mail"
)

// Guarantee: the first mail after a quiet time is sent. The provider closes a connection that was kept for long, and the request that
// is written to it at that moment is lost; it is made again on another connection, with the same idempotency key and the same bytes.
func TestResendSendsOnAConnectionThatWasClosed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		messages int
		answer   string
	}{
		"one mail": {1, `{"id":"1"}`},
		"a batch":  {2, `{"data":[{"id":"1"},{"id":"2"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider := newClosingProvider(t, test.answer)
			sender, err := New("re_secret", "http://"+provider.Addr().String(), &http.Client{Transport: &http.Transport{}})
			if err != nil {
				t.Fatal(err)
			}
			messages := make([]mail.Message, test.messages)
			for i := range messages {
				messages[i] = testMessage()
			}
			for _, key := range []string{"first", "after-a-quiet-time"} {
				results, err := sender.Send(t.Context(), key, messages)
				if err != nil || len(results) != test.messages || results[0].ProviderID != "1" {
					t.Fatalf("%s: %+v, %v", key, results, err)
				}
			}
			close(provider.requests)
			var requests []string
			for request := range provider.requests {
				requests = append(requests, request)
			}
			if len(requests) != 3 || requests[1] != requests[2] || requests[0] == requests[1] {
				t.Errorf("these requests arrived: %q; want the second one twice", requests)
			}
		})
	}
}

// closingProvider is a provider that answers one request on each connection, and closes the connection without an answer when it has
// read another.
type closingProvider struct {
	net.Listener
	requests chan string // key and body of each
}

func newClosingProvider(t *testing.T, answer string) *closingProvider {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &closingProvider{listener, make(chan string, 10)}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // the test has ended
			}
			p.serve(connection, answer)
		}
	}()
	return p
}

// serve serves one connection to its end.
func (p *closingProvider) serve(connection net.Conn, answer string) {
	defer func() { _ = connection.Close() }()
	reader := bufio.NewReader(connection)
	for answered := false; ; answered = true {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return // the client has closed it
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		p.requests <- request.Header.Get("Idempotency-Key") + " " + string(body)
		if answered {
			return
		}
		response := &http.Response{
			ProtoMajor: 1, ProtoMinor: 1, StatusCode: http.StatusOK, ContentLength: int64(len(answer)),
			Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer)),
		}
		if response.Write(connection) != nil {
			return
		}
	}
}
