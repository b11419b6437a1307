package cells

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

const (
	maxQuestions    = 2                      // to one cell at a time
	maxSearches     = 8                      // of all cells for organizations at a time
	soon            = 100 * time.Millisecond // is an answer of the directory, or of the cell that it names, before all cells are asked
	questionTimeout = 2 * time.Second        // of one question to one cell
)

// line is that of the questions to a cell.
type line struct {
	slots    chan struct{} // has an element for each that is under way
	answered atomic.Int64  // how many were, but with an error
}

var errSilent = fmt.Errorf("the cell answers nothing that was asked before: %w", context.DeadlineExceeded)

// acquire waits for a slot for as long as the cell answers: until it has answered nothing for a time. So many questions at the same time are
// not taken for a cell that is silent.
func (l *line) acquire(ctx context.Context, patience time.Duration) error {
	for {
		answered := l.answered.Load()
		waited := time.NewTimer(patience)
		select {
		case l.slots <- struct{}{}:
			waited.Stop()
			return nil
		case <-ctx.Done():
			waited.Stop()
			return ctx.Err()
		case <-waited.C:
			if l.answered.Load() == answered {
				return errSilent
			}
		}
	}
}

// found is what cells have said of an organization.
type found struct {
	here   *Cell // that decides for it; nil: none does that has answered
	exists bool  // whether any has rows of it
	silent error // of one that has not answered; nil: all have
}

// find asks the cell that the directory names whether it decides for an organization, and otherwise all cells. One that decides is remembered; what is not
// known is not. An organization that is on its way is where the directory says: there it is refused, and waited for.
func (s *Set) find(ctx context.Context, organizationID uuid.UUID) (*Cell, error) {
	first := s.look(ctx, organizationID)
	if first.here {
		return first.cell, nil
	}
	select {
	case s.searches <- struct{}{}:
		defer func() { <-s.searches }()
	case <-ctx.Done():
		return nil, db.Fault(ctx.Err())
	}
	if first.silent != nil && first.silent.answered.Load() > first.before { // as after a start, when many ask and connections are being made
		if first = s.look(ctx, organizationID); first.here {
			return first.cell, nil
		}
	}
	all := s.askAll(ctx, organizationID)
	switch {
	case all.here != nil:
		s.where.Add(organizationID, all.here)
		return all.here, nil
	case all.silent != nil:
		return nil, db.Fault(all.silent)
	case first.cell != nil:
		return first.cell, nil
	}
	return s.Home(), nil
}

// looked is what the directory, and the cell that it names, have said of an organization.
type looked struct {
	cell   *Cell // that it names; nil: none
	here   bool  // whether that decides for it
	silent *line // of the one that has not answered soon; nil: none
	before int64 // what that had answered
}

// look asks the directory, and the cell that it names; one that decides is remembered.
func (s *Set) look(ctx context.Context, organizationID uuid.UUID) (l looked) {
	asked := func(cell *Cell) { l.silent, l.before = s.lines[cell], s.lines[cell].answered.Load() }
	asked(s.Home())
	name, err := inCell(ctx, s, s.Home(), soon, func(ctx context.Context, on db.DBTX) (string, error) {
		return db.New().FindCell(ctx, on, organizationID)
	})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		l.silent = nil
		return l
	case err != nil:
		if !errors.Is(err, context.Canceled) {
			s.warning.Do(func() {
				s.logger.WarnContext(ctx, "the directory of cells cannot be read, so all cells are asked", "error", err)
			})
		}
		return l
	}
	if l.cell = s.named[name]; l.cell == nil {
		l.silent = nil
		return l
	}
	asked(l.cell)
	residence, err := s.residence(ctx, l.cell, soon, organizationID)
	if err != nil {
		return l
	}
	l.silent, l.here = nil, residence == db.ResidenceHERE
	if l.here {
		s.where.Add(organizationID, l.cell)
	}
	return l
}

// residence returns whether a cell decides for an organization; "": it has no rows of it.
func (s *Set) residence(ctx context.Context, cell *Cell, patience time.Duration, organizationID uuid.UUID) (db.Residence, error) {
	residence, err := inCell(ctx, s, cell, patience, func(ctx context.Context, on db.DBTX) (db.Residence, error) {
		return db.New().FindResidence(ctx, on, organizationID)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return residence, err
}

// askAll asks all cells at once whether they decide for an organization. It returns as soon as one does, however long others take.
func (s *Set) askAll(ctx context.Context, organizationID uuid.UUID) (all found) {
	ctx, cancel := context.WithTimeout(ctx, questionTimeout)
	defer cancel()
	type answer struct {
		cell      *Cell
		residence db.Residence
		err       error
	}
	answers := make(chan answer, len(s.cells))
	for _, cell := range s.cells {
		go func() {
			residence, err := s.residence(ctx, cell, questionTimeout, organizationID)
			answers <- answer{cell, residence, err}
		}()
	}
	for range s.cells {
		a := <-answers
		switch {
		case a.err != nil:
			all.silent = a.err
		case a.residence == db.ResidenceHERE:
			all.here = a.cell
			return all
		case a.residence != "":
			all.exists = true
		}
	}
	return all
}

// inCell asks a cell as the operator, when fewer than maxQuestions are under way there, so that one that hangs takes few connections. The cell may take
// its time for the answer, and to answer what others have asked before. The end of that time, or of the context, ends the wait for the answer, not the question:
// a statement that is cancelled costs a connection.
func inCell[T any](ctx context.Context, s *Set, cell *Cell, patience time.Duration, ask func(ctx context.Context, on db.DBTX) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	line := s.lines[cell]
	if err := line.acquire(ctx, patience); err != nil {
		return none, err
	}
	s.counts.asked.Add(1)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-line.slots }()
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), questionTimeout)
		defer cancel()
		value, err := ask(asking, s.rows[cell])
		if err == nil || errors.Is(err, pgx.ErrNoRows) {
			line.answered.Add(1)
		}
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
