package live

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/id"
)

// refuses is a client that does not read: writing to it fails with the deadline.
type refuses struct{ *httptest.ResponseRecorder }

func (refuses) Write([]byte) (int, error)       { return 0, os.ErrDeadlineExceeded }
func (refuses) WriteString(string) (int, error) { return 0, os.ErrDeadlineExceeded }

// reasons counts why streams end.
type reasons chan string

func (reasons) StreamOpened()               {}
func (r reasons) StreamEnded(reason string) { r <- reason }

// newListener returns a listener of a hub without a database.
func newListener(h *Hub, caller Caller) *Listener {
	t := newTopic(&db.OrganizationChange{OrganizationID: caller.OrganizationID, Snapshot: "1:1:"})
	l := &Listener{hub: h, topic: t, caller: caller, first: "first\n\n", events: make(chan string, unreadEvents), ended: make(chan struct{})}
	t.listeners[l] = struct{}{}
	h.topics[caller.OrganizationID] = t
	return l
}

// Guarantee: a listener who does not read is cut off: when what it is sent finds no room, and when it has more unread events than it may.
func TestSlowListenersAreCutOff(t *testing.T) {
	t.Parallel()
	ended := make(reasons, 1)
	h := NewHub(Config{Observer: ended})
	l := newListener(h, Caller{OrganizationID: uuid.New()})
	l.Stream(t.Context(), refuses{httptest.NewRecorder()})
	if reason := <-ended; reason != EndedBySlow || len(h.topics) != 0 {
		t.Errorf("a client that does not read ends as %q, %d topics", reason, len(h.topics))
	}
	l = newListener(h, Caller{OrganizationID: uuid.New()})
	for range unreadEvents + 1 {
		l.offer("event\n\n")
	}
	l.Stream(t.Context(), httptest.NewRecorder())
	if reason := <-ended; reason != EndedBySlow {
		t.Errorf("a listener that is behind ends as %q", reason)
	}
}

// Guarantee: a stream ends at the instant at which the token of a person who has signed in expires.
func TestStreamsEndWithSignIn(t *testing.T) {
	t.Parallel()
	ended := make(reasons, 1)
	h, recorder := NewHub(Config{Observer: ended}), httptest.NewRecorder()
	newListener(h, Caller{OrganizationID: uuid.New(), MemberID: uuid.New(), ExpiresAt: time.Now()}).Stream(t.Context(), recorder)
	if reason := <-ended; reason != EndedByCaller || !strings.HasSuffix(recorder.Body.String(), "\n\nfirst\n\n") {
		t.Errorf("it ends as %q after %q", reason, recorder.Body)
	}
}

// Guarantee: no organization, token or person has more streams than it may, and what ends makes room.
func TestReservationsOfStreams(t *testing.T) {
	t.Parallel()
	h := NewHub(Config{Streams: 4, OrganizationStreams: 3, CallerStreams: 2})
	organization, token := uuid.New(), uuid.New()
	for i, test := range []struct {
		caller Caller
		want   error
	}{
		{Caller{OrganizationID: organization, TokenID: token}, nil}, {Caller{OrganizationID: organization, TokenID: token}, nil},
		{Caller{OrganizationID: organization, TokenID: token}, ErrTooManyOfCaller}, {Caller{OrganizationID: organization}, nil},
		{Caller{OrganizationID: organization, TokenID: uuid.New()}, ErrTooManyOfCaller}, {Caller{OrganizationID: uuid.New()}, nil},
		{Caller{OrganizationID: uuid.New()}, ErrTooMany},
	} {
		if err := h.reserve(&test.caller); !errors.Is(err, test.want) {
			t.Errorf("%d: %v, want %v", i, err, test.want)
		}
	}
	h.remove(&Listener{caller: Caller{OrganizationID: organization, TokenID: token}})
	if err := h.reserve(&Caller{OrganizationID: organization, TokenID: token}); err != nil {
		t.Errorf("there is no room again: %v", err)
	}
	h.Stop()
	if err := h.reserve(&Caller{OrganizationID: uuid.New()}); !errors.Is(err, ErrStopped) {
		t.Errorf("a hub that stops takes a listener: %v", err)
	}
}

// Guarantee: an event id is that of its organization and of one run of PostgreSQL, and of a snapshot that was taken before; what is none is
// known as such.
func TestEventIDs(t *testing.T) {
	t.Parallel()
	organization, started := uuid.New(), time.Now()
	now := mark{startedAt: started, snapshot: "100:120:100,105", position: 7}
	for _, known := range []mark{now, {startedAt: started, snapshot: "90:90:", position: 0}, {startedAt: started, snapshot: "90:120:90", position: 7}} {
		if got, ok := parseEventID(known.eventID(organization), organization, now); !ok || got.snapshot != known.snapshot || got.position != known.position {
			t.Errorf("%+v is read as %+v, %t", known, got, ok)
		}
	}
	crowded := mark{startedAt: started, snapshot: "50:120:50" + strings.Repeat(",60", 30), position: 7}
	if got, ok := parseEventID(crowded.eventID(organization), organization, now); !ok || got.snapshot != "50:50:" {
		t.Errorf("many running transactions are read as %+v, %t", got, ok)
	}
	for what, unknown := range map[string]mark{
		"another run": {startedAt: started.Add(time.Second), snapshot: "90:90:"}, "a later snapshot": {startedAt: started, snapshot: "90:121:"},
		"a later position": {startedAt: started, snapshot: "90:90:", position: 8},
	} {
		if _, ok := parseEventID(unknown.eventID(organization), organization, now); ok {
			t.Errorf("%s is known", what)
		}
	}
	if _, ok := parseEventID(now.eventID(uuid.New()), organization, now); ok {
		t.Error("another organization's id is known")
	}
}

// Guarantee: an organization whose lock was taken counts as changed until the transaction that took it is known to be over; one that was not
// does not. Where several had it at once, which gives no transaction's number, it counts for five looks.
func TestLocks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks [][3]int64 // by whom, and the oldest transaction at the last look and at this one
		want  []bool
	}{
		"nobody":                 {[][3]int64{{50, 100, 100}, {50, 100, 110}}, []bool{false, false}},
		"over at once":           {[][3]int64{{105, 100, 110}, {105, 110, 120}}, []bool{true, false}},
		"over later":             {[][3]int64{{105, 100, 104}, {105, 104, 105}, {105, 105, 106}, {105, 106, 110}}, []bool{true, true, true, false}},
		"again":                  {[][3]int64{{105, 100, 110}, {112, 110, 120}, {112, 120, 120}}, []bool{true, true, false}},
		"several":                {[][3]int64{{7, 100, 110}, {7, 110, 110}, {7, 110, 110}, {7, 110, 110}, {7, 110, 110}, {7, 110, 110}}, []bool{true, true, true, true, true, false}},
		"numbers begin anew":     {[][3]int64{{3, 1<<32 - 2, 1<<32 + 5}, {3, 1<<32 + 5, 1<<32 + 9}}, []bool{true, false}},
		"beyond 32 bits":         {[][3]int64{{7, 5<<32 + 5, 5<<32 + 8}, {7, 5<<32 + 8, 5<<32 + 9}}, []bool{true, false}},
		"nobody, beyond 32 bits": {[][3]int64{{50, 5<<32 + 100, 5<<32 + 100}, {50, 5<<32 + 100, 5<<32 + 100}}, []bool{false, false}},
	} {
		l := lock{by: 50, over: true}
		for i, look := range test.looks {
			if got := l.look(look[0], look[1], look[2]); got != test.want[i] {
				t.Errorf("%s: look %d finds %t", name, i, got)
			}
		}
	}
}

// Guarantee: when there is more than an event may name, it says so with the types that may have changed: to a MEMBER those that members see.
func TestEventsAreBounded(t *testing.T) {
	t.Parallel()
	b, member := batch{}, uuid.New()
	for range mostRows + 1 {
		b.put(thing{id.APIKey, uuid.New()}, member)
	}
	all := b.seenBy(&Caller{})
	if len(all.IDs) != 0 || !all.More || !slices.Contains(all.Types, "AuditEntry") {
		t.Errorf("%d ids, more %t, types %v", len(all.IDs), all.More, all.Types)
	}
	own := b.seenBy(&Caller{OwnKeysOnly: true, MemberID: member})
	if len(own.IDs) != 0 || slices.Contains(own.Types, "AuditEntry") || slices.Contains(own.Types, "AccessToken") {
		t.Errorf("a member: %d ids, types %v", len(own.IDs), own.Types)
	}
	few := batch{}
	few.put(thing{id.APIKey, uuid.New()}, member)
	if few.seenBy(&Caller{OwnKeysOnly: true, MemberID: uuid.New()}) != nil {
		t.Error("another member is told")
	}
}

// Guarantee: after a restart of PostgreSQL each listener is told to read everything again, and what was known before is forgotten.
func TestRestartsReset(t *testing.T) {
	t.Parallel()
	organization := uuid.New()
	row := func(started time.Time, snapshot string, prefixes ...string) *db.OrganizationChange {
		r := &db.OrganizationChange{OrganizationID: organization, ServerStartedAt: started, Snapshot: snapshot, LockedBy: 90, Prefixes: prefixes}
		for range prefixes {
			r.IDs, r.MemberIDs = append(r.IDs, uuid.New()), append(r.MemberIDs, uuid.Nil)
		}
		return r
	}
	before := time.Now()
	topic := newTopic(row(before, "100:100:"))
	l := &Listener{}
	topic.listeners[l] = struct{}{}
	topic.add(row(before, "110:110:", "key"))
	topic.add(row(before.Add(time.Hour), "50:50:", "key"))
	deliveries := topic.publish(time.Now())
	if len(deliveries) != 1 || !strings.Contains(deliveries[0].event, "event: reset\n") {
		t.Fatalf("%+v", deliveries)
	}
	if topic.isDue(time.Now().Add(time.Hour)) || topic.known.snapshot != "50:50:" {
		t.Errorf("after the reset: %+v", topic)
	}
}

// Guarantee: the header of a stream keeps proxies from storing, transforming and holding it back.
func TestHeader(t *testing.T) {
	t.Parallel()
	header := http.Header{"Content-Type": {"application/json"}}
	setHeader(header)
	if header.Get("Content-Type") != "text/event-stream" || header.Get("X-Accel-Buffering") != "no" || header.Get("Cache-Control") != "no-store, no-transform" {
		t.Error(header)
	}
}
