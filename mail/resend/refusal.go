package resend

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// EventRefusal is why a delivery event was refused.
type EventRefusal string

// The reasons. All but EventSignature are told before the body is read or
// verified: anybody can cause them.
const (
	EventHeaders   EventRefusal = "headers"         // one of svix-id, svix-timestamp and svix-signature is missing or malformed
	EventSignature EventRefusal = "signature"       // it is wrong
	EventTooOld    EventRefusal = "too_old"         // signed too long ago
	EventInFuture  EventRefusal = "from_the_future" // signed at a time that this machine's clock has not reached
	EventTooLarge  EventRefusal = "too_large"       // the body
	EventUnread    EventRefusal = "unread"          // the body did not arrive in time, or its connection broke
	EventBusy      EventRefusal = "busy"            // too many are being received
)

// EventRefusals returns all reasons.
func EventRefusals() []EventRefusal {
	return []EventRefusal{EventHeaders, EventSignature, EventTooOld, EventInFuture, EventTooLarge, EventUnread, EventBusy}
}

// refusal is an event that is refused.
type refusal struct {
	reason EventRefusal
	status int    // of HTTP
	why    string // which is told to the client and the log
}

func errTooLarge() *refusal {
	return &refusal{EventTooLarge, http.StatusRequestEntityTooLarge, fmt.Sprintf("the event has more than %d bytes", maxWebhookBody)}
}

// refusalLogInterval is the time between two lines of the log on refusals.
const refusalLogInterval = 10 * time.Second

// refusalLog logs refusals: the first at once, those of the interval after it in one line, with how many there were of each reason.
type refusalLog struct {
	logger *slog.Logger

	mutex   sync.Mutex
	waiting bool                 // for the end of an interval
	counts  map[EventRefusal]int // not logged yet
	last    *refusal             // of these
}

// note logs a refusal, or counts it for the next line.
func (l *refusalLog) note(refused *refusal) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.counts == nil {
		l.counts = map[EventRefusal]int{}
	}
	l.counts[refused.reason]++
	l.last = refused
	if !l.waiting {
		l.write()
	}
}

// write logs what has been counted and waits for the next interval. The mutex must be held.
func (l *refusalLog) write() {
	attributes := []any{"reason", l.last.reason, "error", l.last.why}
	for _, reason := range EventRefusals() {
		if count := l.counts[reason]; count > 0 {
			attributes = append(attributes, string(reason), count)
		}
	}
	l.logger.Warn("delivery events refused", attributes...)
	clear(l.counts)
	l.waiting = true
	time.AfterFunc(refusalLogInterval, func() {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		if l.waiting = false; len(l.counts) > 0 {
			l.write()
		}
	})
}
