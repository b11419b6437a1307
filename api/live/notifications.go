package live

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// listenStatement is the statement after which a connection gets the notifications of the trigger notify_changes.
const listenStatement = "listen bursar_changes"

// listen notes notifications of organizations that have listeners until ctx ends. They bring the next look forward, so one that is lost
// delays events and loses none: what is looked for does not depend on them.
func (h *Hub) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := h.listenOnce(ctx); err != nil {
			h.logFailure(ctx, "cannot listen for notifications of changes; trying again", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(reconnectDelay):
		}
	}
}

// listenOnce listens on one connection until that is lost or ctx ends.
func (h *Hub) listenOnce(ctx context.Context) error {
	pooled, err := h.config.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	connection := pooled.Hijack() // it listens, so it must not go back to the pool
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = connection.Close(closing) // it may be broken already
	}()
	if _, err := connection.Exec(ctx, listenStatement); err != nil {
		return err
	}
	for {
		notification, err := connection.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if organizationID, err := uuid.Parse(notification.Payload); err == nil && h.hasTopic(organizationID) {
			h.notified.Store(true)
		}
	}
}

// hasTopic tells whether anybody listens to an organization's changes.
func (h *Hub) hasTopic(organizationID uuid.UUID) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	_, found := h.topics[organizationID]
	return found
}
