package admission

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
)

// Heavy operations, of whichever organizations, have few places, and those that wait for one keep nobody from a small one. A
// place is free again once its visitor has left.
func TestHeavyOperationsLeaveRoomForSmallOnes(t *testing.T) {
	t.Parallel()
	a := NewController(NewTarpit())
	few := cap(a.heavy)
	inside := make([]*Ticket, few)
	for i := range inside {
		inside[i] = &Ticket{admission: a, tenant: Flow{organization: uuid.New()}}
		if err := inside[i].enter(t.Context(), a.heavy); err != nil {
			t.Fatal(err)
		}
	}
	entered := make(chan error, 1)
	waiting := &Ticket{admission: a, tenant: Flow{organization: uuid.New()}}
	go func() { entered <- waiting.enter(t.Context(), a.heavy) }()
	small := &Ticket{admission: a, tenant: Flow{organization: uuid.New()}}
	if err := small.enter(t.Context(), a.small); err != nil {
		t.Errorf("a small operation: %v", err)
	}
	small.leave()
	select {
	case err := <-entered:
		t.Fatalf("one more than %d heavy operations entered: %v", few, err)
	default:
	}
	inside[0].leave()
	if err := <-entered; err != nil {
		t.Errorf("the one that waited: %v", err)
	}
	waiting.leave()
	for _, v := range inside[1:] {
		v.leave()
	}
	if len(a.heavy) != few || len(a.small) != cap(a.small) {
		t.Errorf("%d of %d and %d of %d places are free", len(a.heavy), few, len(a.small), cap(a.small))
	}
	forgotten(t, a)
}

// A document that is new takes a place before anything of it is looked at, one that will be refused too: to refuse costs as much
// as to parse. One that is known, and a gateway's that is short, takes none.
func TestNewDocumentsTakeAPlaceBeforeTheyAreParsed(t *testing.T) {
	t.Parallel()
	a := NewController(NewTarpit())
	deep := strings.Repeat("{a", 20_000)
	rules := Extension{
		Controller: a,
		Known:      func(_ context.Context, document string) bool { return document == "{known}" },
		Check: func(document string) error {
			if document == deep {
				return errors.New("too deep")
			}
			return nil
		},
	}
	for _, c := range []struct {
		document string
		gateways bool
		heavy    bool
		refused  bool
	}{{deep, false, true, true}, {deep, true, true, true}, {"{new}", false, true, false}, {"{new}", true, false, false}, {"{known}", false, false, false}} {
		v := &Ticket{admission: a, tenant: Flow{organization: uuid.New(), gateways: c.gateways}}
		ctx := context.WithValue(t.Context(), contextKey{}, v)
		err := rules.MutateOperationParameters(ctx, &graphql.RawParams{Query: c.document})
		if heavy := v.place != nil; heavy != c.heavy || (err != nil) != c.refused {
			t.Errorf("%.10s of gateways %t: took a place %t, want %t; refused: %v, want %t", c.document, c.gateways, heavy, c.heavy, err, c.refused)
		}
		v.leave()
	}
	forgotten(t, a)
}

// Where portals wait for a turn, further ones of their organization do so before anything of their body is looked at, and who
// leaves meanwhile is gone; gateways are not asked to, and neither is another organization.
func TestPortalsQueueBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	a := NewController(NewTarpit())
	organization := uuid.New()
	of := func(gateways bool) *Ticket {
		return &Ticket{admission: a, tenant: Flow{organization: organization, gateways: gateways}}
	}
	first, second := of(false), of(false)
	for _, v := range []*Ticket{first, second} {
		if err := errors.Join(v.AdmitBody(t.Context(), 100), v.enter(t.Context(), a.small)); err != nil {
			t.Fatal(err)
		}
	}
	waiting, entered := of(false), make(chan error, 1)
	go func() { entered <- waiting.enter(t.Context(), a.small) }()
	for !a.crowded(waiting.tenant) {
		if t.Context().Err() != nil {
			t.Fatal("nobody waits")
		}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if err := of(false).AdmitBody(left, 100); !errors.Is(err, Busy) {
		t.Errorf("one more portal, that leaves: %v", err)
	}
	other := &Ticket{admission: a, tenant: Flow{organization: uuid.New()}}
	if err := errors.Join(of(true).AdmitBody(left, 100), other.AdmitBody(left, 100)); err != nil {
		t.Errorf("a gateway and another organization: %v", err)
	}
	first.leave()
	if err := <-entered; err != nil {
		t.Error(err)
	}
	second.leave()
	waiting.leave()
	forgotten(t, a)
}

// forgotten waits until no tenant is remembered, as none is whose work is paid for.
func forgotten(t *testing.T, a *Controller) {
	t.Helper()
	remembered := func() int {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		return len(a.tenants)
	}
	for began := time.Now(); remembered() > 0; runtime.Gosched() {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("%d tenants are remembered", remembered())
		}
	}
}
