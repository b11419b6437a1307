package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/graph/graphtest"
)

// halfBody is a request whose body does not end.
type halfBody struct {
	t          *testing.T
	connection net.Conn
}

// newHalfBody sends more than a small body has, of one that is said to be longer still, and waits until the server reads it.
func newHalfBody(t *testing.T, a *graphtest.API, bytes int) *halfBody {
	t.Helper()
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(a.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: bursar\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", a.Viewer, bytes)
	if err != nil {
		t.Fatal(err)
	}
	answered := make([]byte, len("HTTP/1.1 100"))
	if err := connection.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := connection.Read(answered); err != nil || string(answered) != "HTTP/1.1 100" {
		t.Fatalf("answered %q: %v", answered, err)
	}
	return &halfBody{t, connection}
}

func (h *halfBody) close() {
	h.t.Helper()
	if err := h.connection.Close(); err != nil {
		h.t.Error(err)
	}
}

// Guarantee: the body of a request without a valid token is not read, by net/http neither: such a request is answered though its body never comes,
// and its connection is closed. One with a small body keeps its connection, for a gateway whose token has expired.
func TestBodiesOfAnonymousCallersAreNotRead(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, test := range map[string]struct {
		token, framing, body string
		ends                 bool
	}{
		"without a token":        {"", "Content-Length: 250000", "", true},
		"with a wrong token":     {"bst_wrong", "Content-Length: 100000", strings.Repeat(" ", 1000), true},
		"without a length":       {"", "Transfer-Encoding: chunked", "", true},
		"a small body":           {"bst_wrong", "Content-Length: 2", "{}", false},
		"a byte more than small": {"", "Content-Length: 4097", "{}", true},
	} {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(a.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		_, err = fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: bursar\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s\r\n\r\n%s",
			test.token, test.framing, test.body)
		if err != nil {
			t.Fatal(err)
		}
		if err := connection.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || !strings.Contains(string(body), "UNAUTHENTICATED") || response.Close != test.ends {
			t.Errorf("%s: %s, %v, the connection ends: %t", name, body, err, response.Close)
		}
	}
}
