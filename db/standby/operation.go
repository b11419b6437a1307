package standby

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
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

// Reading is a statement on a standby.
type Reading struct {
	operation    *Operation
	organization *uuid.UUID
	server       *server
	session      context.Context
}

// Pool has the connections to the standby.
func (r *Reading) Pool() *pgxpool.Pool { return r.server.pool }

// Context returns a context that ends with another, and when the standby is left. stop must be called.
func (r *Reading) Context(ctx context.Context) (reading context.Context, stop func()) {
	reading, cancel := context.WithCancelCause(ctx)
	unhook := context.AfterFunc(r.session, func() { cancel(context.Cause(r.session)) })
	return reading, func() { unhook(); cancel(nil) }
}

// Checks is what a standby says of itself before and after a statement, in its transaction.
type Checks struct {
	Before   int64 // what it had replayed
	After    int64
	Recovers bool // after it
}

// Check returns an error unless the answer with these checks is one that the caller may be given. What it has seen is noted then.
func (r *Reading) Check(c Checks) error {
	switch {
	case !c.Recovers:
		return errPromoted
	case c.Before < r.operation.need.lsn:
		return errBehind
	}
	s := r.operation.set
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.floors.raise(r.organization, floor{standby: position{r.operation.need.timeline, c.After}})
	return nil
}

// Fail has the primary go on with the operation. lost says that the standby is not to be asked again before it was looked at.
func (r *Reading) Fail(err error, lost bool) {
	o := r.operation
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.server != r.server {
		return
	}
	o.server = nil
	reason := ReasonError
	if errors.Is(err, errBehind) {
		reason = ReasonBehind
	}
	o.set.config.Observer.FellBack(reason)
	if lost || errors.Is(err, errBehind) || errors.Is(err, errPromoted) {
		o.set.mutex.Lock()
		defer o.set.mutex.Unlock()
		if r.server.session == r.session && r.server.reason == nil {
			o.set.leaveLocked(r.server, err)
			r.server.probe.hurry()
		}
	}
}
