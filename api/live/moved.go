package live

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// Count is how many streams hubs have together. The zero value is none.
type Count struct{ streams atomic.Int64 }

// take counts a stream, unless there are as many as there may be.
func (c *Count) take(most int) bool {
	if c.streams.Add(1) > int64(most) {
		c.streams.Add(-1)
		return false
	}
	return true
}

func (c *Count) give() { c.streams.Add(-1) }

// checkMoved ends the streams of organizations that are in another database, where their listeners go on. If the database cannot be asked, the next check finds them.
func (h *Hub) checkMoved(ctx context.Context) {
	if !h.config.Several {
		return
	}
	h.mutex.Lock()
	ids := slices.Collect(maps.Keys(h.topics))
	h.mutex.Unlock()
	asking, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	elsewhere, err := h.queries.ListElsewhere(asking, h.rows.For(nil), ids)
	if err != nil {
		h.logFailure(ctx, "cannot look whether organizations with listeners have moved; trying again", err)
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, organizationID := range elsewhere {
		if t := h.topics[organizationID]; t != nil {
			for l := range t.listeners {
				h.endLocked(l, EndedByMove)
			}
		}
	}
}

// refuseMoved returns [fault.ErrMoved] for an organization that is in another database.
func (h *Hub) refuseMoved(ctx context.Context, organizationID uuid.UUID) error {
	if !h.config.Several {
		return nil
	}
	elsewhere, err := h.queries.ListElsewhere(ctx, h.rows.For(nil), []uuid.UUID{organizationID})
	if err == nil && len(elsewhere) > 0 {
		return fault.ErrMoved
	}
	return db.Fault(err)
}
