package live

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
)

// end has a listener's stream end, and says why. It does nothing for one that ends already.
func (h *Hub) end(l *Listener, reason string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.endLocked(l, reason)
}

// endLocked is end for whoever has the hub's mutex.
func (h *Hub) endLocked(l *Listener, reason string) {
	if l.reason == "" {
		l.reason = reason
		close(l.ended)
	}
}

// remove forgets a listener, whose stream is over or has not begun.
func (h *Hub) remove(l *Listener) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.config.All.give()
	for _, counted := range l.caller.counted() {
		if h.streams[counted]--; h.streams[counted] == 0 {
			delete(h.streams, counted)
		}
	}
	if l.topic == nil {
		return
	}
	delete(l.topic.listeners, l)
	if len(l.topic.listeners) == 0 && h.topics[l.topic.organizationID] == l.topic {
		delete(h.topics, l.topic.organizationID)
	}
}

// Stop ends all streams, and has further ones refused: a server that drains would wait for them.
func (h *Hub) Stop() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.stopped = true
	for _, t := range h.topics {
		for l := range t.listeners {
			h.endLocked(l, EndedByStop)
		}
	}
}

// checkCallers ends the streams of those who may not listen any more, or have another role: of organizations whose tokens or members have
// changed, or of all. If the database cannot be asked, the next check finds them.
func (h *Hub) checkCallers(ctx context.Context, all bool) {
	listeners := h.takeUnchecked(all)
	if len(listeners) == 0 {
		return
	}
	params, numbers := callersOf(listeners)
	asking, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	indexes, err := h.queries.ListValidCallers(asking, h.rows.For(nil), params)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if err != nil {
		for _, l := range listeners {
			l.topic.recheck = true
		}
		h.logFailure(ctx, "cannot look whether listeners may still listen; trying again", err)
		return
	}
	valid := make([]bool, len(numbers))
	for _, index := range indexes {
		valid[index-1] = true
	}
	for _, l := range listeners {
		if !valid[numbers[l.caller]] {
			h.endLocked(l, EndedByCaller)
		}
	}
}

// callersOf returns the callers of listeners, and the index of each among them: many listeners may be the same caller.
func callersOf(listeners []*Listener) (params *db.ListValidCallersParams, numbers map[Caller]int) {
	params, numbers = &db.ListValidCallersParams{}, map[Caller]int{}
	for _, l := range listeners {
		if _, found := numbers[l.caller]; found {
			continue
		}
		numbers[l.caller] = len(numbers)
		params.OrganizationIDs = append(params.OrganizationIDs, l.caller.OrganizationID)
		params.TokenIDs = append(params.TokenIDs, l.caller.TokenID)
		params.MemberIDs = append(params.MemberIDs, l.caller.MemberID)
		params.MemberRoles = append(params.MemberRoles, l.caller.MemberRole)
	}
	return params, numbers
}

// takeUnchecked returns the listeners whose callers are to be checked: of the organizations that ask for it, or all.
func (h *Hub) takeUnchecked(all bool) (listeners []*Listener) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, t := range h.topics {
		if !all && !t.recheck {
			continue
		}
		t.recheck = false
		for l := range t.listeners {
			if l.caller.identity() != uuid.Nil {
				listeners = append(listeners, l)
			}
		}
	}
	return listeners
}

func (h *Hub) observeOpened() {
	if h.config.Observer != nil {
		h.config.Observer.StreamOpened()
	}
}

func (h *Hub) observeEnded(reason string) {
	if h.config.Observer != nil {
		h.config.Observer.StreamEnded(reason)
	}
}
