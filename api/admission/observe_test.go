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

// Guarantee: an observer hears how each wait ended: with a slot, without one because too many wait, or because the caller left.
func TestObserverHearsOfWaits(t *testing.T) {
	t.Parallel()
	told := &waits{}
	a := NewController(NewTarpit())
	a.Observer = told
	whose := Flow{organization: uuid.New()}
	left, leave := context.WithCancel(t.Context())
	leave()
	in := &Ticket{admission: a, tenant: whose}
	if err := in.enter(t.Context(), a.small); err != nil {
		t.Fatal(err)
	}
	for range cap(a.heavy) { // of which none is free then
		<-a.heavy
	}
	if err := in.enter(left, a.heavy); err == nil {
		t.Error("a caller who has left has a slot")
	}
	second := &Ticket{admission: a, tenant: whose}
	if err := second.takeTurn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := (&Ticket{admission: a, tenant: whose}).takeTurn(left); err == nil {
		t.Error("a third request has one of two slots")
	}
	a.tenants[whose].waiting = maxWaiting
	if err := (&Ticket{admission: a, tenant: whose}).takeTurn(t.Context()); err == nil {
		t.Error("more wait than may")
	}
	want := waits{"tenant admitted", "small admitted", "heavy canceled", "tenant admitted", "tenant canceled", "tenant refused"}
	if !slices.Equal(*told, want) {
		t.Errorf("told %q, want %q", *told, want)
	}
}
