package live

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
)

// Subscribe returns a listener to the changes of the caller's organization. lastEventID is that of the last event that the caller has
// heard; "": none. With it, the first event is what has changed since, or a reset if that is not known. Whoever reads after the
// first event misses nothing. Errors are faults.
func (h *Hub) Subscribe(ctx context.Context, caller Caller, lastEventID string) (*Listener, error) {
	if err := h.reserve(&caller); err != nil {
		return nil, err
	}
	l := &Listener{hub: h, caller: caller, events: make(chan string, unreadEvents), ended: make(chan struct{})}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	now, err := h.join(ctx, l)
	if err == nil {
		l.first, err = h.firstEvent(ctx, l, now, lastEventID)
	}
	if err != nil {
		h.remove(l)
		return nil, err
	}
	return l, nil
}

// reserve counts a stream, unless there are as many as there may be.
func (h *Hub) reserve(caller *Caller) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	identity := caller.identity()
	switch {
	case h.stopped:
		return ErrStopped
	case h.streams[uuid.Nil] >= h.config.Streams:
		return ErrTooMany
	case h.streams[caller.OrganizationID] >= h.config.OrganizationStreams,
		identity != uuid.Nil && h.streams[identity] >= h.config.CallerStreams:
		return ErrTooManyOfCaller
	}
	for _, counted := range caller.counted() {
		h.streams[counted]++
	}
	return nil
}

// join adds a listener to the topic of its organization, and returns up to where everything was known after that: what becomes visible
// later the topic tells.
func (h *Hub) join(ctx context.Context, l *Listener) (mark, error) {
	for {
		joined := h.joinTopic(l, nil)
		row, err := h.lookAt(ctx, l.caller.OrganizationID, nil)
		if err != nil {
			return mark{}, err
		}
		// the topic of a first listener begins with what was known; one that another listener has made meanwhile may begin later
		if joined || h.joinTopic(l, row) {
			return markOf(row), nil
		}
	}
}

// joinTopic adds a listener to the topic of its organization. Without one it makes one that begins with what a look has found; nil: none.
// False when the listener was not added to what the look was about.
func (h *Hub) joinTopic(l *Listener, row *db.OrganizationChange) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	t, found := h.topics[l.caller.OrganizationID]
	if found == (row != nil) {
		return false
	}
	if !found {
		t = newTopic(row)
		h.topics[t.organizationID] = t
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}
	l.topic, t.listeners[l] = t, struct{}{}
	return true
}

// lookAt looks at one organization: what has changed since a mark; nil: nothing, but up to where everything is known.
func (h *Hub) lookAt(ctx context.Context, organizationID uuid.UUID, since *mark) (*db.OrganizationChange, error) {
	params := &db.ListChangesParams{
		OrganizationIDs: []uuid.UUID{organizationID}, Snapshots: []string{}, Positions: []int64{}, Most: mostRows,
	}
	if since != nil {
		params.Snapshots, params.Positions = []string{since.snapshot}, []int64{since.position}
	}
	rows, err := h.queries.ListChanges(ctx, h.rows.For(&organizationID), params)
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(rows) == 0 {
		return nil, ErrNoOrganization
	}
	return rows[0], nil
}

// firstEvent returns the event with which a stream begins.
func (h *Hub) firstEvent(ctx context.Context, l *Listener, now mark, lastEventID string) (string, error) {
	organizationID := l.caller.OrganizationID
	if lastEventID == "" {
		return format("ready", now.eventID(organizationID), "{}"), nil
	}
	heard, known := parseEventID(lastEventID, organizationID, now)
	if !known {
		return format("reset", now.eventID(organizationID), "{}"), nil
	}
	row, err := h.lookAt(ctx, organizationID, &heard)
	if err != nil {
		return "", err
	}
	missed := batch{}
	missed.add(row)
	missed.touch(organizationID) // holds may have changed, which no log has
	return format("change", markOf(row).eventID(organizationID), missed.seenBy(&l.caller).text()), nil
}
