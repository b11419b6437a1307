package standby

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Operation is what a caller asks for at once: all of it is read from one server, but for what is left when a standby is lost.
type Operation struct {
	set *Set

	mutex   sync.Mutex
	decided bool
	server  *server // nil: the primary
	need    position
}

type operationKey struct{}

// Begin returns a context in which reads are one operation's, and may be answered by a standby.
func (s *Set) Begin(ctx context.Context) context.Context {
	return s.begin(ctx, &Operation{set: s})
}

// BeginExact returns a context in which the primary answers, and which notes what the caller has seen and changed there.
func (s *Set) BeginExact(ctx context.Context) context.Context {
	return s.begin(ctx, &Operation{set: s, decided: true})
}

func (s *Set) begin(ctx context.Context, o *Operation) context.Context {
	if s == nil {
		return ctx
	}
	return context.WithValue(ctx, operationKey{}, o)
}

// Of returns the operation of a context; nil: there are no standbys, or what is read must be exact and leaves no trace. Its methods do nothing on nil.
func Of(ctx context.Context) *Operation {
	o, _ := ctx.Value(operationKey{}).(*Operation)
	return o
}

// ReadPrimary notes that the primary has answered a statement.
func (o *Operation) ReadPrimary(organization *uuid.UUID) {
	if o == nil {
		return
	}
	o.set.mutex.Lock()
	defer o.set.mutex.Unlock()
	o.set.floors.raise(organization, floor{primary: time.Now()})
}

// Told notes that an organization and the operator are told that something has changed, which they must see from now on.
func (s *Set) Told(organization uuid.UUID) {
	if s == nil {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.floors.change(&organization, time.Now())
}

// Changed notes that a transaction has ended, whether or not it is known how.
func (o *Operation) Changed(organization *uuid.UUID) {
	if o == nil {
		return
	}
	o.set.mutex.Lock()
	defer o.set.mutex.Unlock()
	o.set.floors.change(organization, time.Now())
}

// Choose returns how the standby is read that answers the operation; nil: the primary does. The first call decides, and may wait for a standby
// for 0.1 s.
func (o *Operation) Choose(ctx context.Context, organization *uuid.UUID) *Reading {
	if o == nil {
		return nil
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if !o.decided {
		o.decided = true
		var reason Reason
		if o.server, o.need, reason = o.set.choose(ctx, organization); o.server == nil {
			o.set.config.Observer.FellBack(reason)
		}
		o.set.config.Observer.Read(o.server != nil)
	}
	if o.server == nil {
		return nil
	}
	o.set.mutex.Lock()
	defer o.set.mutex.Unlock()
	return &Reading{operation: o, organization: organization, server: o.server, session: o.server.session}
}
