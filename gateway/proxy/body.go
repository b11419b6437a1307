package proxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"bursar/gateway/wire"
)

// patient is the body of a provider's answer, whose reads end after a time without a byte.
type patient struct {
	io.ReadCloser
	watch *watch
	idle  time.Duration
	timer *time.Timer
}

// Read implements [io.Reader].
func (p *patient) Read(buffer []byte) (int, error) {
	if p.timer == nil {
		p.timer = time.AfterFunc(p.idle, func() { p.watch.cancel(errIdle) })
	} else {
		p.timer.Reset(p.idle)
	}
	n, err := p.ReadCloser.Read(buffer)
	p.timer.Stop() // a caller who takes long is not the provider's fault
	return n, err
}

// ended is what the caller reads. When the provider's answer ends too early it tells the caller so, in the way that the dialect has for it, or by the error
// that breaks the connection: a clean end would read as success.
type ended struct {
	exchange *exchange
	watch    *watch
	body     *wire.Body
	last     *bytes.Reader // the event that tells of the failure
}

// Read implements [io.Reader].
func (b *ended) Read(buffer []byte) (int, error) {
	if b.last != nil {
		return b.last.Read(buffer)
	}
	n, err := b.body.Read(buffer)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && !b.cut():
		return n, io.EOF
	}
	return b.broken(buffer, n, err)
}

// broken is given what was read last of an answer that ended too early, and its error.
func (b *ended) broken(buffer []byte, n int, err error) (int, error) {
	e := b.exchange
	if b.watch.ctx.Err() != nil && !errors.Is(context.Cause(b.watch.ctx), errIdle) { // the caller has left
		e.seen.Outcome = Left
		return n, err
	}
	e.seen.Outcome = Failed
	e.proxy.logger.Warn("a provider's answer ended too early", "provider", e.provider.Name, "request", e.id, "error", err)
	message := "The provider broke off in the middle of its answer."
	if errors.Is(context.Cause(b.watch.ctx), errIdle) {
		message = "The provider sent nothing for " + e.times.Idle.String() + " in the middle of its answer."
	}
	event := b.body.ErrorEvent(wire.Failure{Status: http.StatusBadGateway, Reason: "PROVIDER_FAILED", Message: message, RequestID: e.id})
	if event == nil {
		return n, io.ErrUnexpectedEOF
	}
	b.last = bytes.NewReader(event)
	if n == 0 {
		return b.last.Read(buffer)
	}
	return n, nil
}

// cut says whether an answer that ended in order lacks its end: a stream without its terminal event.
func (b *ended) cut() bool {
	seen := b.body.Seen()
	return b.exchange.call.Stream && !seen.Ended && !seen.Failed && seen.Bytes > 0 && b.exchange.streams
}

// Close implements [io.Closer].
func (b *ended) Close() error { return b.body.Close() }

// isStream says whether an answer is a stream of events.
func isStream(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && kind == "text/event-stream"
}

// writer writes to the caller, who has a time to take each piece.
type writer struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	set     time.Time // when the deadline was set
	begun   bool      // whether the header was sent
}

// deadlineParts is in how many parts of its timeout a deadline is set once: setting it for each event would cost as much as a part of the event.
const deadlineParts = 16

// deadline gives the caller the timeout, and up to one part more, from now on.
func (w *writer) deadline() {
	part := w.timeout / deadlineParts
	if now := time.Now(); now.Sub(w.set) >= part {
		w.set = now
		_ = w.control.SetWriteDeadline(now.Add(w.timeout + part)) // a test's writer has none
	}
}

// Write implements [io.Writer].
func (w *writer) Write(data []byte) (int, error) {
	w.deadline()
	return w.ResponseWriter.Write(data)
}

// FlushError sends what was written.
func (w *writer) FlushError() error {
	w.deadline()
	if w.begun {
		return w.control.Flush()
	}
	w.begun = true
	var err error
	aside(func() { err = w.control.Flush() }) // which writes the header
	return err
}

// Unwrap returns the server's own, for [http.ResponseController].
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// deadline gives the caller the time to take an answer of the gateway's own, whenever it comes.
func (e *exchange) deadline(w http.ResponseWriter) {
	timeout := e.Timeouts.Write
	if e.times.Write > 0 {
		timeout = e.times.Write
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout)) // a test's writer has none
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (r *recorder) Header() http.Header { return r.header }

// Write implements [http.ResponseWriter].
func (r *recorder) Write(data []byte) (int, error) { return r.body.Write(data) }

// WriteHeader implements [http.ResponseWriter]; the status is known to who reads it.
func (r *recorder) WriteHeader(int) {}
