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
	"github.com/vektah/gqlparser/v2/ast"
)

// newTicket returns a ticket of an organization of its own.
func newTicket(c *Controller) *Ticket {
	return &Ticket{controller: c, flow: Flow{organization: uuid.New()}}
}

// Heavy operations, of whichever organizations, have few slots, and those that wait for one keep nobody from a small one. A slot is
// free again once its request has ended.
func TestHeavyOperationsLeaveRoomForSmallOnes(t *testing.T) {
	t.Parallel()
	c := NewController(NewTarpit())
	few := cap(c.heavy)
	inside := make([]*Ticket, few)
	for i := range inside {
		inside[i] = newTicket(c)
		if err := inside[i].acquire(t.Context(), c.heavy); err != nil {
			t.Fatal(err)
		}
	}
	acquired := make(chan error, 1)
	waiting := newTicket(c)
	go func() { acquired <- waiting.acquire(t.Context(), c.heavy) }()
	small := newTicket(c)
	if err := small.acquire(t.Context(), c.small); err != nil {
		t.Errorf("a small operation: %v", err)
	}
	small.release()
	select {
	case err := <-acquired:
		t.Fatalf("one more than %d heavy operations have slots: %v", few, err)
	default:
	}
	inside[0].release()
	if err := <-acquired; err != nil {
		t.Errorf("the one that waited: %v", err)
	}
	waiting.release()
	for _, ticket := range inside[1:] {
		ticket.release()
	}
	if len(c.heavy) != few || len(c.small) != cap(c.small) {
		t.Errorf("%d of %d and %d of %d slots are free", len(c.heavy), few, len(c.small), cap(c.small))
	}
	forgotten(t, c)
}

// A document that is new gets a slot before anything of it is looked at, one that will be refused too: to refuse costs as much as to
// parse. One that is known, and a gateway's that is short, gets none.
func TestNewDocumentsNeedASlotBeforeTheyAreParsed(t *testing.T) {
	t.Parallel()
	c := NewController(NewTarpit())
	deep := strings.Repeat("{a", 20_000)
	for _, test := range []struct {
		document string
		gateways bool
		heavy    bool
		refused  bool
	}{{deep, false, true, true}, {deep, true, true, true}, {"{new}", false, true, false}, {"{new}", true, false, false}, {"{known}", false, false, false}} {
		ticket := &Ticket{controller: c, flow: Flow{organization: uuid.New(), gateways: test.gateways}}
		ctx := context.WithValue(t.Context(), contextKey{}, ticket)
		checked := false
		extension := Extension{
			Controller: c,
			Known:      func(_ context.Context, document string) bool { return document == "{known}" },
			Check: func(document string) error {
				if checked = true; test.heavy != (ticket.slot != nil) {
					t.Errorf("%.10s of gateways %t is looked at with a slot: %t, want %t", document, test.gateways, !test.heavy, test.heavy)
				}
				if document == deep {
					return errors.New("too deep")
				}
				return nil
			},
		}
		err := extension.MutateOperationParameters(ctx, &graphql.RawParams{Query: test.document})
		if heavy := ticket.slot != nil; heavy != test.heavy || (err != nil) != test.refused || checked == (test.document == "{known}") {
			t.Errorf("%.10s of gateways %t: got a slot %t, want %t; refused: %v, want %t", test.document, test.gateways, heavy, test.heavy, err, test.refused)
		}
		ticket.release()
	}
	forgotten(t, c)
}

// An exempt operation has no slot while it is executed, and gives back those that its document needed; any other has one until it has
// been executed. Both are counted no longer afterwards.
func TestExemptOperationsHaveNoSlot(t *testing.T) {
	t.Parallel()
	c := NewController(NewTarpit())
	for _, exempt := range []bool{true, false} {
		ticket := newTicket(c)
		ctx := context.WithValue(t.Context(), contextKey{}, ticket)
		extension := Extension{
			Controller: c, Known: func(context.Context, string) bool { return false }, Check: func(string) error { return nil },
			Exempt: func(*ast.OperationDefinition) bool { return exempt },
		}
		if err := extension.MutateOperationParameters(ctx, &graphql.RawParams{Query: "{new}"}); err != nil {
			t.Fatal(err)
		}
		if err := extension.MutateOperationContext(ctx, &graphql.OperationContext{}); err != nil {
			t.Fatal(err)
		}
		if counted := c.exempt.Load() == 1; counted != exempt || (ticket.slot == nil) != exempt || (ticket.tenantSlot == nil) != exempt {
			t.Errorf("exempt %t: counted %t, has a slot %t and a tenant slot %t", exempt, counted, ticket.slot != nil, ticket.tenantSlot != nil)
		}
		executed := extension.InterceptResponse(ctx, func(context.Context) *graphql.Response { return &graphql.Response{} })
		if executed == nil || c.exempt.Load() != 0 || ticket.slot != nil || ticket.tenantSlot != nil {
			t.Errorf("exempt %t: afterwards %d are counted, with a slot %t", exempt, c.exempt.Load(), ticket.slot != nil)
		}
	}
	forgotten(t, c)
}

// Where portals wait for a tenant slot, further ones of their organization do so before anything of their body is looked at, and who
// leaves meanwhile is gone; gateways are not asked to, and neither is another organization.
func TestPortalsQueueBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	c := NewController(NewTarpit())
	organization := uuid.New()
	of := func(gateways bool) *Ticket {
		return &Ticket{controller: c, flow: Flow{organization: organization, gateways: gateways}}
	}
	first, second := of(false), of(false)
	for _, ticket := range []*Ticket{first, second} {
		if err := errors.Join(ticket.AdmitBody(t.Context(), 100), ticket.acquire(t.Context(), c.small)); err != nil {
			t.Fatal(err)
		}
	}
	waiting, acquired := of(false), make(chan error, 1)
	go func() { acquired <- waiting.acquire(t.Context(), c.small) }()
	for !c.hasQueue(waiting.flow) {
		if t.Context().Err() != nil {
			t.Fatal("nobody waits")
		}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if err := of(false).AdmitBody(left, 100); !errors.Is(err, ErrBusy) {
		t.Errorf("one more portal, that leaves: %v", err)
	}
	if err := errors.Join(of(true).AdmitBody(left, 100), newTicket(c).AdmitBody(left, 100)); err != nil {
		t.Errorf("a gateway and another organization: %v", err)
	}
	first.release()
	if err := <-acquired; err != nil {
		t.Error(err)
	}
	second.release()
	waiting.release()
	forgotten(t, c)
}

// forgotten waits until no flow is remembered, as none is whose work fits into its share.
func forgotten(t *testing.T, c *Controller) {
	t.Helper()
	remembered := func() int {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		return len(c.flows)
	}
	for began := time.Now(); remembered() > 0; runtime.Gosched() {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("%d flows are remembered", remembered())
		}
	}
}
