package live

import (
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"bursar/db"
	"bursar/id"
)

// mostLockLooks is in how many looks in a row an organization counts as changed whose lock does not change any more, and of which it is
// not known whether the transaction that had it is over. Enforcement does not take as long.
const mostLockLooks = 5

// topic is an organization that has listeners.
type topic struct {
	organizationID uuid.UUID
	listeners      map[*Listener]struct{}
	known          mark
	lock           lock
	pending        batch
	publishedAt    time.Time
	reset          bool          // whether it is not known what listeners have missed
	recheck        bool          // whether tokens or members have changed
	opening        *rate.Limiter // of streams that begin
}

// newTopic returns the topic of an organization of which is known what a look has found.
func newTopic(row *db.OrganizationChange) *topic {
	t := &topic{organizationID: row.OrganizationID, listeners: map[*Listener]struct{}{}, known: markOf(row),
		opening: rate.NewLimiter(organizationOpenRate, openBurst)}
	t.lock.look(row.LockedBy, 0, t.known.oldest())
	return t
}

// add notes what a look has found.
func (t *topic) add(row *db.OrganizationChange) {
	next := markOf(row)
	if !next.startedAt.Equal(t.known.startedAt) {
		t.reset, t.recheck, t.pending, t.known, t.lock = true, true, batch{}, next, lock{}
		return
	}
	if t.lock.look(row.LockedBy, t.known.oldest(), next.oldest()) {
		t.pending.touch(t.organizationID)
	}
	for _, prefix := range row.Prefixes {
		t.recheck = t.recheck || id.Prefix(prefix) == id.AccessToken || id.Prefix(prefix) == id.Member
	}
	t.recheck = t.recheck || row.More
	t.pending.add(row)
	t.known = next
}

// isDue tells whether listeners are to be told.
func (t *topic) isDue(now time.Time) bool {
	return t.reset || !t.pending.isEmpty() && now.Sub(t.publishedAt) >= publishInterval
}

// publish returns what each listener is told, and has them told by that: later changes are for the next event.
func (t *topic) publish(now time.Time) []delivery {
	deliveries, texts := make([]delivery, 0, len(t.listeners)), map[uuid.UUID]string{}
	eventID := t.known.eventID(t.organizationID)
	for l := range t.listeners {
		if t.reset {
			deliveries = append(deliveries, delivery{l, format("reset", eventID, "{}")})
			continue
		}
		who := uuid.Nil
		if l.caller.OwnKeysOnly {
			who = l.caller.MemberID
		}
		text, formatted := texts[who]
		if !formatted {
			if seen := t.pending.seenBy(&l.caller); seen != nil {
				text = format("change", eventID, seen.text())
			}
			texts[who] = text
		}
		if text != "" {
			deliveries = append(deliveries, delivery{l, text})
		}
	}
	t.pending, t.reset, t.publishedAt = batch{}, false, now
	return deliveries
}

// lock tells from the lock of an organization's row whether enforcement has changed something in the organization. Each function that
// changes a counter locks the row, which leaves its transaction in xmax, or a number for several transactions (a multixact) if others had
// locked it. So that holds are told, which are in no log, without a write by enforcement.
type lock struct {
	by    int64 // xmax
	looks int   // in a row in which it was the same
	over  bool  // whether its transaction was over at the last look
}

// look notes who has the lock, at a look between whose snapshot and the last one's the oldest running transactions are given, and tells whether
// something may have changed that the last look did not see.
func (l *lock) look(by, before, oldest int64) bool {
	if by != l.by {
		l.by, l.looks, l.over = by, 0, false
	}
	if l.over || l.looks == mostLockLooks {
		return false
	}
	l.looks++
	// These are the low 32 bits of transactions' numbers. Whoever has taken the lock since the last look was not over then: a smaller number
	// is no transaction but a multixact, of which nothing more is known.
	isTransaction := uint32(by)-uint32(before) < 1<<31
	l.over = isTransaction && uint32(oldest)-uint32(by)-1 < 1<<31
	return true
}
