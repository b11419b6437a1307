package live

import (
	"context"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"bursar/db"
)

// Subscribe returns a listener to the changes of the caller's organization. lastEventID is that of the last event that the caller has
// heard; "": none. With it, the first event is what has changed since, or a reset if that is not known. Whoever reads after the
// first event misses nothing. Errors are faults.
//
// Streams are opened at a bounded rate, and wait for it for at most openTimeout; there are errors at once when that would not do. Where others listen
// already, a stream that has heard nothing begins with what these know, without a look at the database. Before any other look admit is called, and what it
// returns when the look is over.
func (h *Hub) Subscribe(ctx context.Context, caller Caller, lastEventID string, admit Admit) (*Listener, error) {
	if err := h.reserve(&caller); err != nil {
		return nil, err
	}
	l := &Listener{hub: h, caller: caller, events: make(chan string, unreadEvents), ended: make(chan struct{})}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	err := h.awaitOpening(ctx, caller.OrganizationID)
	var now mark
	if err == nil {
		now, err = h.join(ctx, l, admit)
	}
	if err == nil {
		l.first, err = h.firstEvent(ctx, l, now, lastEventID, admit)
	}
	if err != nil {
		h.remove(l)
		return nil, err
	}
	return l, nil
}

// Admit waits until a look at the database may be made for a caller, and returns what ends that.
type Admit func(ctx context.Context) (release func(), err error)

// awaitOpening waits until a stream of an organization may be opened. One that has no listeners yet has no rate of its own: it needs a look.
func (h *Hub) awaitOpening(ctx context.Context, organizationID uuid.UUID) error {
	h.mutex.Lock()
	t := h.topics[organizationID]
	h.mutex.Unlock()
	limiters := []*rate.Limiter{h.opening}
	if t != nil {
		limiters = []*rate.Limiter{t.opening, h.opening}
	}
	for _, limiter := range limiters {
		switch err := limiter.Wait(ctx); {
		case err != nil && ctx.Err() != nil:
			return db.Fault(ctx.Err())
		case err != nil: // it would take too long
			return ErrOpening
		}
	}
	return nil
}

// reserve counts a stream, unless there are as many as there may be.
func (h *Hub) reserve(caller *Caller) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	identity := caller.identity()
	switch {
	case h.stopped:
		return ErrStopped
	case h.streams[caller.OrganizationID] >= h.config.OrganizationStreams,
		identity != uuid.Nil && h.streams[identity] >= h.config.CallerStreams:
		return ErrTooManyOfCaller
	case !h.config.All.take(h.config.Streams):
		return ErrTooMany
	}
	for _, counted := range caller.counted() {
		h.streams[counted]++
	}
	return nil
}

// join adds a listener to the topic of its organization, and returns up to where everything is known: what becomes visible later the topic tells.
func (h *Hub) join(ctx context.Context, l *Listener, admit Admit) (mark, error) {
	if known, joined := h.joinTopic(l, nil); joined {
		return known, nil
	}
	row, err := h.lookAt(ctx, lookKey{organizationID: l.caller.OrganizationID}, nil, admit)
	if err != nil {
		return mark{}, err
	}
	known, _ := h.joinTopic(l, row)
	return known, nil
}

// joinTopic adds a listener to the topic of its organization, and returns up to where that knows everything. Without a topic it makes one that
// begins with what a look has found; nil: none was made, and false is returned.
func (h *Hub) joinTopic(l *Listener, row *db.OrganizationChange) (known mark, joined bool) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	t, found := h.topics[l.caller.OrganizationID]
	if !found {
		if row == nil {
			return mark{}, false
		}
		t = newTopic(row)
		h.topics[t.organizationID] = t
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}
	l.topic, t.listeners[l] = t, struct{}{}
	if h.stopped { // while it waited
		h.endLocked(l, EndedByStop)
	}
	return t.known, true
}

// lookAt looks at one organization, unless somebody does: what has changed since a mark; nil: nothing, but up to where everything is known.
func (h *Hub) lookAt(ctx context.Context, key lookKey, since *mark, admit Admit) (*db.OrganizationChange, error) {
	return h.looks.share(ctx, key, func(ctx context.Context) (*db.OrganizationChange, error) {
		release, err := admit(ctx)
		if err != nil {
			return nil, leftOr(ctx, err)
		}
		defer release()
		row, err := h.lookAlone(ctx, key.organizationID, since)
		return row, leftOr(ctx, err)
	})
}

// lookAlone is lookAt for itself alone.
func (h *Hub) lookAlone(ctx context.Context, organizationID uuid.UUID, since *mark) (*db.OrganizationChange, error) {
	if err := h.refuseMoved(ctx, organizationID); err != nil {
		return nil, err
	}
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
func (h *Hub) firstEvent(ctx context.Context, l *Listener, now mark, lastEventID string, admit Admit) (string, error) {
	organizationID := l.caller.OrganizationID
	defer h.told(organizationID)
	if lastEventID == "" {
		return format("ready", now.eventID(organizationID), "{}"), nil
	}
	joined := lookKey{organizationID: organizationID, joined: now.text()}
	heard, known := parseEventID(lastEventID, organizationID, now)
	if !known { // another server may have looked since this one did
		row, err := h.lookAt(ctx, joined, nil, admit)
		if err != nil {
			return "", err
		}
		if heard, known = parseEventID(lastEventID, organizationID, markOf(row)); !known {
			return format("reset", now.eventID(organizationID), "{}"), nil
		}
	}
	joined.since = lastEventID
	row, err := h.lookAt(ctx, joined, &heard, admit)
	if err != nil {
		return "", err
	}
	missed := batch{}
	missed.add(row)
	missed.touch(organizationID) // holds may have changed, which no log has
	return format("change", markOf(row).eventID(organizationID), missed.seenBy(&l.caller).text()), nil
}
