// Package resendtest stands in for Resend in tests: its HTTP API as far as Bursar uses it, and the mailboxes behind it.
//
// It keeps to what Resend documents: one mail or a batch of at most 100, an idempotency key whose answer is repeated for
// the same contents and refused with 409 for others or while the first request goes on, and a batch that is refused as a
// whole or, asked to be permissive, per mail. On top of that it has faults, which a test schedules.
package resendtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// maxBatch is the most mails of a batch.
const maxBatch = 100

// Mail is a mail as a mailbox gets it.
type Mail struct {
	ID      string            `json:"-"` // Resend's
	From    string            `json:"from"`
	To      []string          `json:"to"`
	Subject string            `json:"subject"`
	HTML    string            `json:"html"`
	Text    string            `json:"text"`
	Tags    []Tag             `json:"tags"`
	ByName  map[string]string `json:"-"` // the tags
}

// Tag is a tag of a mail.
type Tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Request is a request that has arrived.
type Request struct {
	Number int    // from 1, in the order of arrival
	APIKey string // of whoever makes it
	Key    string // its idempotency key
	Mails  []Mail
}

// Fault is what goes wrong with a request.
type Fault int

// The faults. Those before Accepted leave every mailbox as it is.
const (
	None        Fault = iota
	Limited           // 429; see Server.RetryAfter
	QuotaUsedUp       // the same, by the day's quota of mails
	Broken            // 500
	Unreachable       // the connection ends without an answer
	Accepted          // what follows happens after the mails are in their mailboxes
	AcceptedBroken
	AcceptedUnreachable
	AcceptedHanging // no answer until the client gives up
)

// Server is the stand-in. Its fields are set before the first request.
type Server struct {
	*httptest.Server
	// Fault decides what goes wrong with a request; nil: nothing.
	Fault func(Request) Fault
	// OnAccepted is called when the mails of a request are in their mailboxes and nothing is answered yet.
	OnAccepted func(Request)
	// Bad tells which addresses Resend finds fault with besides those of the wrong form; nil: none.
	Bad func(address string) bool
	// Strict refuses a batch as a whole whatever it asks for, as Resend did before it knew another way.
	Strict bool
	// RetryAfter is the header of that name beside a 429; "" leaves it out.
	RetryAfter string

	mutex    sync.Mutex
	requests int
	busy     map[string]bool // idempotency keys whose first request goes on
	known    map[string]exchange
	inbox    map[string][]Mail // by address, in lower case
}

// exchange is an idempotency key with what came and what was answered.
type exchange struct {
	contents string
	answer   []byte
}

// New starts a stand-in that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{busy: map[string]bool{}, known: map[string]exchange{}, inbox: map[string][]Mail{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// Inbox returns what an address has got.
func (s *Server) Inbox(address string) []Mail {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]Mail{}, s.inbox[strings.ToLower(address)]...)
}

// Inboxes returns what everybody has got.
func (s *Server) Inboxes() map[string][]Mail {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	all := map[string][]Mail{}
	for address, mails := range s.inbox {
		all[address] = append([]Mail{}, mails...)
	}
	return all
}

// Requests returns how many requests have arrived.
func (s *Server) Requests() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.requests
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client left
	}
	request := Request{APIKey: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), Key: r.Header.Get("Idempotency-Key")}
	batch := r.URL.Path == "/emails/batch"
	if r.Method != http.MethodPost || !batch && r.URL.Path != "/emails" {
		refuse(w, http.StatusNotFound, "not_found", "there is no such endpoint")
		return
	}
	if request.APIKey == "" {
		refuse(w, http.StatusUnauthorized, "missing_api_key", "Missing API key in the authorization header.")
		return
	}
	if request.Mails, err = parse(body, batch); err != nil {
		refuse(w, http.StatusUnprocessableEntity, "validation_error", err.Error())
		return
	}
	s.mutex.Lock()
	s.requests++
	request.Number = s.requests
	s.mutex.Unlock()
	fault := None
	if s.Fault != nil {
		fault = s.Fault(request)
	}
	switch fault {
	case Limited, QuotaUsedUp:
		if s.RetryAfter != "" {
			w.Header().Set("Retry-After", s.RetryAfter)
		}
		if fault == QuotaUsedUp {
			refuse(w, http.StatusTooManyRequests, "daily_quota_exceeded", "You have reached your daily email sending quota.")
			return
		}
		refuse(w, http.StatusTooManyRequests, "rate_limit_exceeded", "Too many requests.")
	case Broken:
		refuse(w, http.StatusInternalServerError, "internal_server_error", "Something went wrong.")
	case Unreachable:
		panic(http.ErrAbortHandler)
	default:
		permissive := batch && !s.Strict && r.Header.Get("x-batch-validation") == "permissive"
		s.accept(w, r, request, string(body), batch, permissive, fault)
	}
}

// accept does what the request asks for and answers, unless the fault says otherwise.
func (s *Server) accept(w http.ResponseWriter, r *http.Request, request Request, contents string, batch, permissive bool, fault Fault) {
	if !s.occupy(request.Key) {
		refuse(w, http.StatusConflict, "concurrent_idempotent_requests", "Same idempotency key used while original request is still in progress.")
		return
	}
	defer s.vacate(request.Key)
	answer, refusal := s.deliver(request, r.URL.Path+contents, batch, permissive)
	if refusal != nil {
		refuse(w, refusal.status, refusal.name, refusal.message)
		return
	}
	if s.OnAccepted != nil {
		s.OnAccepted(request)
	}
	switch fault {
	case AcceptedBroken:
		refuse(w, http.StatusBadGateway, "internal_server_error", "Something went wrong, but late.")
	case AcceptedUnreachable:
		panic(http.ErrAbortHandler)
	case AcceptedHanging:
		<-r.Context().Done()
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer) // the client may have left
	}
}

func refuse(w http.ResponseWriter, status int, name, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"statusCode": status, "name": name, "message": message}) // the client may have left
}

func parse(body []byte, batch bool) ([]Mail, error) {
	var mails []Mail
	var err error
	if batch {
		err = json.Unmarshal(body, &mails)
	} else {
		mails = make([]Mail, 1)
		err = json.Unmarshal(body, &mails[0])
	}
	if err == nil && (len(mails) == 0 || len(mails) > maxBatch) {
		err = fmt.Errorf("a batch has 1 to %d emails, this one has %d", maxBatch, len(mails))
	}
	for i := range mails {
		mails[i].ByName = map[string]string{}
		for _, tag := range mails[i].Tags {
			mails[i].ByName[tag.Name] = tag.Value
		}
	}
	return mails, err
}

// faultOf returns what is wrong with a mail; "" when nothing is.
func faultOf(mail Mail) string {
	switch {
	case mail.From == "":
		return "Missing `from` field."
	case len(mail.To) != 1 || !strings.Contains(mail.To[0], "@") || strings.ContainsAny(mail.To[0], " \r\n"):
		return "Invalid `to` field. The email address needs to follow the `email@example.com` format."
	}
	return cmp.Or(missing("subject", mail.Subject), missing("html", mail.HTML+mail.Text))
}

func missing(field, value string) string {
	if value == "" {
		return "Missing `" + field + "` field."
	}
	return ""
}
