package cells

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

const (
	askingInterval = 10 * time.Millisecond  // between the first questions where an organization is that is being moved, doubled up to
	longestAsking  = 100 * time.Millisecond // this
	longestMove    = 30 * time.Second       // that is waited for, where the context has no deadline
)

// question is where an organization is.
type question struct {
	organizationID uuid.UUID
	waits          bool // until a cell decides for it; otherwise all cells are asked once
}

// flight is a question that is being asked, by all who want to know it meanwhile.
type flight struct {
	answered chan struct{} // is closed when cell and err are set
	callers  int
	stop     context.CancelFunc
	cell     *Cell
	err      error
}

// ask asks where an organization is, with those who ask already. It waits until a cell decides for the organization if that is wanted, or if others wait
// for that.
func (s *Set) ask(ctx context.Context, organizationID uuid.UUID, waits bool) (*Cell, error) {
	q := question{organizationID, waits}
	s.mutex.Lock()
	if waiting := (question{organizationID, true}); s.flights[waiting] != nil {
		q = waiting
	}
	f := s.flights[q]
	if f == nil {
		f = s.start(q)
	}
	f.callers++
	s.mutex.Unlock()
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, longestMove)
		defer cancel()
	}
	select {
	case <-f.answered:
		return f.cell, f.err
	case <-ctx.Done():
		s.leave(q, f)
		if q.waits {
			return nil, fault.ErrMoved.Because(ctx.Err())
		}
		return nil, db.Fault(ctx.Err())
	}
}

// start begins to ask. The mutex must be held.
func (s *Set) start(q question) *flight {
	ctx, stop := context.WithCancel(context.Background()) // of nobody who asks: each may leave
	f := &flight{answered: make(chan struct{}), stop: stop}
	s.flights[q] = f
	go func() {
		defer stop()
		if q.waits {
			s.counts.moved.Add(1)
			f.cell, f.err = s.await(ctx, q.organizationID)
		} else {
			f.cell, f.err = s.find(ctx, q.organizationID)
		}
		s.mutex.Lock()
		s.end(q, f)
		s.mutex.Unlock()
		close(f.answered)
	}()
	return f
}

// leave ends a question that nobody asks any more.
func (s *Set) leave(q question, f *flight) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if f.callers--; f.callers == 0 {
		s.end(q, f)
		f.stop()
	}
}

// end has the next who asks ask anew. The mutex must be held.
func (s *Set) end(q question, f *flight) {
	if s.flights[q] == f {
		delete(s.flights, q)
	}
}

// await asks all cells until one decides for an organization, which is remembered.
func (s *Set) await(ctx context.Context, organizationID uuid.UUID) (*Cell, error) {
	for interval := askingInterval; ; interval = min(2*interval, longestAsking) {
		found := s.askAll(ctx, organizationID)
		switch {
		case found.here != nil:
			s.where.Add(organizationID, found.here)
			return found.here, nil
		case found.silent == nil && !found.exists:
			return nil, fault.ErrNotFound
		}
		select {
		case <-ctx.Done():
			return nil, fault.ErrMoved.Because(ctx.Err())
		case <-time.After(interval):
		}
	}
}
