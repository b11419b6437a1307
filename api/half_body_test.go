package api_test

import (
	"fmt"
	"net"
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
