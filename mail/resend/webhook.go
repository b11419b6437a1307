package resend

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"time"

	"bursar/mail"
)

const (
	maxWebhookBody = 64 << 10         // bytes of an event's body; Resend's are about 1 KiB
	bodyTimeout    = 2 * time.Second  // for a body to arrive
	noteTimeout    = 10 * time.Second // for an event to be noted; Resend waits for 15 s
	retryAfter     = "5"              // seconds, when too many events are being received
)

// WebhookConfig says how delivery events are received.
type WebhookConfig struct {
	// Secret is the endpoint's signing secret (whsec_…).
	Secret string
	// Note is given each event that Resend signed. It must take the same event any number of times.
	Note func(context.Context, mail.Event) error
	// Refused counts a refusal. nil: nobody does.
	Refused func(EventRefusal)
	// Delay waits before a refusal is answered, when there are many; it may panic with http.ErrAbortHandler instead. nil: none is delayed.
	Delay func(context.Context)
	// AddressOf returns the address that a request comes from; networks share the slots. nil: all come from one.
	AddressOf func(*http.Request) netip.Addr
	// Logger is told of refusals, at most once in 10 s, and of events that could not be noted.
	Logger *slog.Logger
}

// webhook receives delivery events.
type webhook struct {
	config   WebhookConfig
	verifier *eventVerifier
	slots    *eventSlots
	log      *refusalLog
	// bodyTimeout is the time that a body has to arrive while it holds a slot.
	bodyTimeout time.Duration
}

// NewWebhook returns the handler of Resend's delivery events. Each is checked
// against the endpoint's signing secret and its age (5 minutes at most, by this
// machine's clock), and given to Note.
//
// Anybody may send requests there. What a request's header already shows to be
// no event is refused before its body is read; the bodies of the others are 64
// KiB at most and are read a few at a time. HTTP/1 connections of refused
// requests are closed, or net/http would read what is left of their bodies.
//
// It answers 204 for what was noted and for what is no concern of ours, 401 for
// a wrong signature and for one of another time, 404 for one of our mails that
// Note does not know yet (Resend sends it again later), 413 for a body that is
// too large, 408 for one that does not arrive in time, 503 when too many are
// being read, and 500 when Note fails.
func NewWebhook(config WebhookConfig) (http.Handler, error) {
	return newWebhook(config)
}

func newWebhook(config WebhookConfig) (*webhook, error) {
	verifier, err := newEventVerifier(config.Secret)
	if err != nil {
		return nil, err
	}
	return &webhook{
		config: config, verifier: verifier, slots: newEventSlots(), log: &refusalLog{logger: config.Logger}, bodyTimeout: bodyTimeout,
	}, nil
}

// ServeHTTP implements [http.Handler].
func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, refused := h.receive(w, r)
	if refused != nil {
		h.refuse(w, r, refused)
		return
	}
	w.WriteHeader(status)
}

// receive reads, checks and notes an event, and returns the HTTP status to answer. What the header shows to be no event is refused without
// a slot; a refusal is returned after the slot is free again.
func (h *webhook) receive(w http.ResponseWriter, r *http.Request) (int, *refusal) {
	if refused := h.verifier.checkHeader(r); refused != nil {
		return 0, refused
	}
	var from netip.Addr
	if h.config.AddressOf != nil {
		from = h.config.AddressOf(r)
	}
	release, ok := h.slots.acquire(r.Context(), from)
	if !ok {
		return 0, &refusal{EventBusy, http.StatusServiceUnavailable, "too many events are being received; send it again later"}
	}
	defer release()
	body, refused := h.read(w, r)
	if refused == nil {
		refused = h.verifier.verify(body, r.Header)
	}
	if refused != nil {
		return 0, refused
	}
	ctx, cancel := context.WithTimeout(r.Context(), noteTimeout)
	defer cancel()
	return noteEvent(ctx, body, h.config.Note, h.config.Logger), nil
}

// read reads a body, which has to arrive within a time: it holds a slot.
func (h *webhook) read(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	control := http.NewResponseController(w)
	if err := control.SetReadDeadline(time.Now().Add(h.bodyTimeout)); err == nil {
		defer func() {
			// The connection goes on to be watched for the client's leaving, which cancels the request. That must not time out.
			_ = control.SetReadDeadline(time.Time{})
		}()
	} else if !errors.Is(err, http.ErrNotSupported) { // as by the recorder of a test
		return nil, &refusal{EventUnread, http.StatusBadRequest, "the event could not be read"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhookBody))
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge:
		return nil, errTooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &refusal{EventUnread, http.StatusRequestTimeout, "the event did not arrive in time"}
	case err != nil:
		return nil, &refusal{EventUnread, http.StatusBadRequest, "the event could not be read"}
	}
	return body, nil
}

// refuse counts, logs and answers a refusal, with a delay when there are many.
func (h *webhook) refuse(w http.ResponseWriter, r *http.Request, refused *refusal) {
	if h.config.Refused != nil {
		h.config.Refused(refused.reason)
	}
	h.log.note(refused)
	if h.config.Delay != nil {
		h.config.Delay(r.Context())
	}
	header := w.Header()
	if r.ProtoMajor == 1 {
		header.Set("Connection", "close") // net/http reads what is left of a body to use the connection again
	}
	if refused.reason == EventBusy {
		header.Set("Retry-After", retryAfter)
	}
	http.Error(w, refused.why, refused.status)
}
