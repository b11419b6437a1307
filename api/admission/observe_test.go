package admission

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
)

// waits are how requests' waits ended, in order.
type waits []string

func (w *waits) WaitedForSlot(slot, outcome string, wait time.Duration) {
	if wait < 0 {
		outcome += " before it began"
	}
	*w = append(*w, slot+" "+outcome)
}

// An observer hears how each wait ended: with a slot, without one because too many wait, or because the caller left.
func TestObserverHearsOfWaits(t *testing.T) {
	t.Parallel()
	told := &waits{}
	c := NewController(NewTarpit())
	c.Observer = told
	whose := Flow{organization: uuid.New()}
	left, leave := context.WithCancel(t.Context())
	leave()
	in := &Ticket{controller: c, flow: whose}
	if err := in.acquire(t.Context(), c.small); err != nil {
		t.Fatal(err)
	}
	for range cap(c.heavy) { // of which none is free then
		<-c.heavy
	}
	if err := in.acquire(left, c.heavy); err == nil {
		t.Error("a caller who has left has a slot")
	}
	second := &Ticket{controller: c, flow: whose}
	if err := second.acquireTenantSlot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := (&Ticket{controller: c, flow: whose}).acquireTenantSlot(left); err == nil {
		t.Error("a third request has one of two slots")
	}
	c.flows[whose].queued = maxQueued
	if err := (&Ticket{controller: c, flow: whose}).acquireTenantSlot(t.Context()); err == nil {
		t.Error("more wait than may")
	}
	want := waits{"tenant admitted", "small admitted", "heavy canceled", "tenant admitted", "tenant canceled", "tenant refused"}
	if !slices.Equal(*told, want) {
		t.Errorf("told %q, want %q", *told, want)
	}
}
