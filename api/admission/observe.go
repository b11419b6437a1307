package admission

import (
	"context"
	"errors"
	"time"
)

// The slots that requests wait for.
const (
	tenantSlot = "tenant" // of a flow
	smallSlot  = "small"  // of a priority level
	heavySlot  = "heavy"
)

// How a wait ends.
const (
	admitted = "admitted"
	refused  = "refused"  // the queue was full, or no slot was free in time
	canceled = "canceled" // the caller left
)

// Observer times waits. Its methods are called concurrently and must not block.
type Observer interface {
	// WaitedForSlot is called when a request's wait for a slot ends. slot is tenant, small or heavy, outcome admitted, refused or
	// canceled. While slots are free, waits are short.
	WaitedForSlot(slot, outcome string, wait time.Duration)
}

func (c *Controller) observe(slot, outcome string, since time.Time) {
	if c.Observer != nil {
		c.Observer.WaitedForSlot(slot, outcome, time.Since(since))
	}
}

// nameOf returns the name of a priority level's slots.
func (c *Controller) nameOf(level slots) string {
	if level == c.heavy {
		return heavySlot
	}
	return smallSlot
}

// outcomeOf returns how a wait ended whose context has ended.
func outcomeOf(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.Canceled) {
		return canceled
	}
	return refused
}
