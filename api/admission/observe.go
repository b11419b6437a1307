package admission

import (
	"context"
	"errors"
	"time"
)

// The slots that requests wait for.
const (
	tenantSlot = "tenant" // shared by a tenant's requests
	smallSlot  = "small"  // shared by all operations that ask for few values
	heavySlot  = "heavy"  // shared by all that ask for many, new documents and large bodies
)

// How a wait ends.
const (
	admitted = "admitted"
	refused  = "refused"  // too many waited, or no slot was free in time
	canceled = "canceled" // the caller left
)

// Observer times waits. Its methods are called concurrently and must not block.
type Observer interface {
	// WaitedForSlot is called when a request's wait for a slot ends. slot is tenant, small or heavy, outcome admitted, refused or
	// canceled. While slots are free, waits are short.
	WaitedForSlot(slot, outcome string, wait time.Duration)
}

func (a *Controller) waited(slot, outcome string, since time.Time) {
	if a.Observer != nil {
		a.Observer.WaitedForSlot(slot, outcome, time.Since(since))
	}
}

// slotOf returns the name of a kind of work's slots.
func (a *Controller) slotOf(kind place) string {
	if kind == a.heavy {
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
