package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/api/admission"
	"bursar/auth"
	"bursar/fault"
	"bursar/graph/lookup"
)

// fake is an export of pages of a text.
type fake struct {
	text  string
	pages int
	read  *atomic.Int32                          // pages that were read
	fail  func(ctx context.Context, n int) error // before a page is read, with its number from 1; nil: nothing fails
}

func (f *fake) name() string { return "fake.csv" }
func (*fake) header(p *page) { p.row("text") }
func (f *fake) next(ctx context.Context, _ *lookup.Finder, p *page) (bool, error) {
	n := int(f.read.Add(1))
	if f.fail != nil {
		if err := f.fail(ctx, n); err != nil {
			return false, err
		}
	}
	p.row(f.text)
	return n < f.pages, nil
}

// site serves one fake export.
type site struct {
	*httptest.Server
	*fake
	exports *Exports
	noted   atomic.Int32 // errors after which exports were cut off
	caller  atomic.Pointer[auth.Principal]
}

// serveFake serves a fake export to a caller.
func serveFake(t *testing.T, config Config, f *fake) *site {
	t.Helper()
	f.read = &atomic.Int32{}
	s := &site{fake: f}
	s.caller.Store(&auth.Principal{Role: auth.RoleRoot})
	config.Refuse = func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, string(fault.CodeOf(err)), http.StatusTeapot)
	}
	config.Note = func(context.Context, error) { s.noted.Add(1) }
	config.Caller = func(*http.Request) (*auth.Principal, error) { return s.caller.Load(), nil }
	s.exports = New(config)
	k := kind{field: "auditLog", prepare: func(context.Context, *lookup.Finder, *query) (export, error) { return f, nil }}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.exports.serve(w, r, k) })
	controller := admission.NewController(admission.NewTarpit())
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		controller.Handler(handler).ServeHTTP(w, r.WithContext(auth.WithPrincipal(r.Context(), s.caller.Load(), nil)))
	}))
	s.Config.ReadTimeout, s.Config.WriteTimeout = time.Second, time.Second // of short answers
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// get requests the export, and returns the status and the body as far as it comes.
func (s *site) get(t *testing.T) (status int, body string, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// stalled requests the export and reads its header alone. What follows stays in the sockets' buffers, which have a few MB.
func (s *site) stalled(t *testing.T) *bufio.Reader {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if _, err := fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(connection)
	if line, err := reader.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 200") {
		t.Fatalf("%q, %v", line, err)
	}
	return reader
}

// An export is streamed for longer than the server lets a short answer take, as long as its client takes page after page.
func TestExportsLast(t *testing.T) {
	t.Parallel()
	late := func(ctx context.Context, n int) error {
		if n > 1 { // the server's own limits are over with the second page
			select {
			case <-time.After(1100 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	s := serveFake(t, Config{}, &fake{text: "x", pages: 3, fail: late})
	status, body, err := s.get(t)
	if status != http.StatusOK || err != nil || body != "text\r\nx\r\nx\r\nx\r\n" {
		t.Errorf("status %d, %q, %v", status, body, err)
	}
}

// No page is read before the client has taken the one before it, and a client that takes none is cut off: an export holds one page in memory,
// whatever its length and its client. The room of one that is cut off is free for others.
func TestClientsThatStopReadingAreCutOff(t *testing.T) {
	t.Parallel()
	s := serveFake(t, Config{WriteTimeout: 200 * time.Millisecond}, &fake{text: strings.Repeat("x", 1<<20), pages: 1000})
	first, second := s.stalled(t), s.stalled(t)
	if status, body, _ := s.get(t); status != http.StatusTeapot || body != "UNAVAILABLE\n" {
		t.Errorf("a third export of a flow: status %d, %.20q", status, body)
	}
	for s.running() > 0 { // until both are cut off
		runtime.Gosched()
	}
	for _, reader := range []*bufio.Reader{first, second} {
		response, err := http.ReadResponse(bufio.NewReader(io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\n"), reader)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); !errors.Is(err, io.ErrUnexpectedEOF) && !isReset(err) {
			t.Errorf("the answer ends with %v", err)
		}
		_ = response.Body.Close()
	}
	if n := s.read.Load(); n > 100 {
		t.Errorf("%d pages of 1 MiB were read for clients that took none", n)
	}
	if s.noted.Load() != 0 {
		t.Error("a client that left is an error in the log")
	}
}

func isReset(err error) bool {
	_, network := errors.AsType[*net.OpError](err)
	return network
}

func (s *site) running() int {
	s.exports.mutex.Lock()
	defer s.exports.mutex.Unlock()
	return s.exports.total
}

// What fails before the first page is an error with its status. What fails later closes the connection, so that nobody takes a part for the
// whole, and is noted.
func TestFailuresShow(t *testing.T) {
	t.Parallel()
	failing := func(at int) func(context.Context, int) error {
		return func(_ context.Context, n int) error {
			if n == at {
				return fault.ErrUnavailable
			}
			return nil
		}
	}
	s := serveFake(t, Config{}, &fake{text: "x", pages: 3, fail: failing(1)})
	if status, body, err := s.get(t); status != http.StatusTeapot || body != "UNAVAILABLE\n" || err != nil {
		t.Errorf("at the first page: status %d, %q, %v", status, body, err)
	}
	s = serveFake(t, Config{}, &fake{text: "x", pages: 3, fail: failing(2)})
	if status, _, err := s.get(t); status != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) || s.noted.Load() != 1 {
		t.Errorf("at the second page: status %d, %v, %d noted", status, err, s.noted.Load())
	}
}

// An export ends when its caller's token is revoked, or their role changes, while it is sent.
func TestCallersAreConfirmed(t *testing.T) {
	t.Parallel()
	f := &fake{text: "x", pages: 1000}
	s := serveFake(t, Config{ConfirmInterval: time.Nanosecond}, f)
	f.fail = func(_ context.Context, n int) error {
		if n == 10 {
			s.caller.Store(&auth.Principal{Role: auth.RoleGateway})
		}
		return nil
	}
	if _, _, err := s.get(t); !errors.Is(err, io.ErrUnexpectedEOF) || f.read.Load() != 10 {
		t.Errorf("%v after %d pages", err, f.read.Load())
	}
}
