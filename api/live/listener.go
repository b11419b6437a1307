package live

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// Listener is one stream. Its Stream must be called, which ends it.
type Listener struct {
	hub    *Hub
	topic  *topic
	caller Caller
	first  string        // the first event
	events chan string   // that are to be written
	ended  chan struct{} // closed when the hub ends it, with why in reason
	reason string
}

// delivery is an event for one listener.
type delivery struct {
	listener *Listener
	event    string
}

// format returns an event as it is written. No part of it has a line break.
func format(name, eventID, data string) string {
	return fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", eventID, name, data)
}

// Stream writes events to a response until the listener leaves, reads too slowly, may not listen any more, or the hub stops. The
// response's header must not have been written.
func (l *Listener) Stream(ctx context.Context, w http.ResponseWriter) {
	l.hub.observeOpened()
	defer func() {
		l.hub.end(l, EndedByClient)
		l.hub.remove(l)
		l.hub.observeEnded(l.reason)
	}()
	expired := make(<-chan time.Time)
	if !l.caller.ExpiresAt.IsZero() {
		timer := time.NewTimer(time.Until(l.caller.ExpiresAt))
		defer timer.Stop()
		expired = timer.C
	}
	silence := time.NewTicker(keepAlive)
	defer silence.Stop()
	controller := http.NewResponseController(w)
	_ = controller.SetReadDeadline(time.Time{}) // the server's would end the request's context; a writer without it has none
	setHeader(w.Header())
	// a random time, so that listeners of a server that has stopped do not come back at once
	text := fmt.Sprintf("retry: %d\n\n%s", 1000+rand.IntN(4000), l.first) //nolint:gosec // it keeps no secret
	for {
		if !write(w, controller, text) {
			if ctx.Err() == nil {
				l.hub.end(l, EndedBySlow)
			}
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-l.ended:
			return
		case <-expired:
			l.hub.end(l, EndedByCaller)
			return
		case text = <-l.events:
			silence.Reset(keepAlive)
		case <-silence.C:
			text = ": keep-alive\n\n"
		}
	}
}

// setHeader sets the header of a stream. Proxies must neither store nor transform nor buffer it; X-Accel-Buffering says so to nginx and
// those who follow it.
func setHeader(header http.Header) {
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no")
}

// write sends a text at once, and tells whether that could be done in time.
func write(w io.Writer, controller *http.ResponseController, text string) bool {
	_ = controller.SetWriteDeadline(time.Now().Add(writeTimeout)) // a writer without deadlines is a test's
	if _, err := io.WriteString(w, text); err != nil {
		return false
	}
	return controller.Flush() == nil
}

// offer gives the listener an event. One who has not read the last ones is ended.
func (l *Listener) offer(event string) {
	select {
	case l.events <- event:
	default:
		l.hub.end(l, EndedBySlow)
	}
}
