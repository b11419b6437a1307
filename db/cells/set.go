package cells

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"bursar/db"
	"bursar/fault"
)

const (
	maxRemembered   = 65_536           // organizations whose cells are remembered
	warningInterval = 10 * time.Second // between warnings that the directory cannot be read
)

// Set is the cells of an installation. Its methods may be called concurrently.
type Set struct {
	cells []*Cell // home first
	named map[string]*Cell
	rows  map[*Cell]db.DBTX // of the operator
	lines map[*Cell]*line

	searches chan struct{} // has an element for each that asks all cells
	where    *lru.Cache[uuid.UUID, *Cell]
	logger   *slog.Logger

	warning rate.Sometimes

	mutex   sync.Mutex
	flights map[question]*flight

	counts counts
}

// counts are those of Counts.
type counts struct{ known, asked, moved atomic.Int64 }

// Counts says how organizations were found, since the set was made.
type Counts struct {
	Known int64 // calls that were told what is remembered
	Asked int64 // questions to databases where an organization is
	Moved int64 // waits for an organization that a database had refused, whoever waited together counted once
}

// New returns a set of cells, of which home is the first.
func New(logger *slog.Logger, home *Cell, others ...*Cell) *Set {
	where, err := lru.New[uuid.UUID, *Cell](maxRemembered)
	if err != nil {
		panic(err) // the size is positive
	}
	s := &Set{
		cells: append([]*Cell{home}, others...), named: map[string]*Cell{}, rows: map[*Cell]db.DBTX{}, lines: map[*Cell]*line{}, searches: make(chan struct{}, maxSearches), where: where, logger: logger,
		flights: map[question]*flight{}, warning: rate.Sometimes{First: 1, Interval: warningInterval},
	}
	for _, c := range s.cells {
		c.Enforcement = cmp.Or(c.Enforcement, c.Control)
		s.named[c.Name], s.rows[c], s.lines[c] = c, db.NewTenantDB(c.Control).For(nil), &line{slots: make(chan struct{}, maxQuestions)}
	}
	return s
}

// All returns the cells, home first.
func (s *Set) All() []*Cell { return s.cells }

// Home returns the cell that has the directory.
func (s *Set) Home() *Cell { return s.cells[0] }

// Named returns a cell; nil: there is none of that name.
func (s *Set) Named(name string) *Cell { return s.named[name] }

// Counts returns how organizations were found.
func (s *Set) Counts() Counts {
	return Counts{Known: s.counts.known.Load(), Asked: s.counts.asked.Load(), Moved: s.counts.moved.Load()}
}

// Of returns the cell in which an organization is, as far as is known; nil is the operator, who is asked for in the cell that [Choose] has named. While
// others wait for the organization to arrive (see Moved), so does who asks here. An organization that no cell has rows of is at home. Its error is UNAVAILABLE
// when a cell that may have the organization does not answer, and BAD_USER_INPUT for a cell that does not exist.
func (s *Set) Of(ctx context.Context, organizationID *uuid.UUID) (*Cell, error) {
	if len(s.cells) == 1 {
		return s.Home(), nil
	}
	if organizationID == nil {
		name, _ := ctx.Value(chosenKey{}).(string)
		if chosen := s.named[cmp.Or(name, Home)]; chosen != nil {
			return chosen, nil
		}
		return nil, fault.BadInput("Bursar-Cell", "there is no cell %q", name)
	}
	if cell, known := s.where.Get(*organizationID); known {
		s.counts.known.Add(1)
		return cell, nil
	}
	return s.ask(ctx, *organizationID, false)
}

// Moved returns the cell in which an organization is, after one has refused it: another one, or the same if it decides again. It asks until there is one,
// once for all who wait. Its error is UNAVAILABLE when the context ends before, and NOT_FOUND when every cell has answered that it has no rows of the organization.
func (s *Set) Moved(ctx context.Context, organizationID uuid.UUID, from *Cell) (*Cell, error) {
	if len(s.cells) == 1 {
		return nil, fault.ErrMoved
	}
	if cell, known := s.where.Get(organizationID); known && cell != from {
		return cell, nil // others have found it meanwhile
	}
	s.where.Remove(organizationID)
	return s.ask(ctx, organizationID, true)
}
