package standby

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// History is a table that is only added to, whose rows have ids that are drawn at random. A server that has a row was a part of the history of
// the one that has made it: a copy of a disk has the same system identifier and timeline, and goes on with rows of its own.
type History interface {
	// Newest returns the id of the newest row; uuid.Nil: there is none.
	Newest(ctx context.Context, on *pgxpool.Pool) (uuid.UUID, error)
	// Has tells whether there is a row with an id.
	Has(ctx context.Context, on *pgxpool.Pool, row uuid.UUID) (bool, error)
}

// mark is a row that the primary had at a time.
type mark struct {
	row uuid.UUID
	at  time.Time // zero: none
}

// verify fails unless a standby at a position has the primary's newest row, and the primary the standby's. It takes two looks: the standby must
// have replayed what it is asked for.
func (s *Set) verify(ctx context.Context, of *server, at position) error {
	s.mutex.Lock()
	marked := of.mark
	need, known := s.samples.after(marked.at)
	used := of.reason == nil
	s.mutex.Unlock()
	history := s.config.History
	if used || history == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if !marked.at.IsZero() {
		if !known || at.compare(need) < 0 {
			return errNotYet
		}
		of.mark = mark{}
		return s.share(ctx, of.pool, marked.row)
	}
	newest, err := history.Newest(ctx, of.pool)
	if err != nil {
		return err
	}
	if err := s.share(ctx, s.config.Primary, newest); err != nil {
		return err
	}
	if newest, err = history.Newest(ctx, s.config.Primary); err != nil {
		return err
	}
	of.mark = mark{newest, time.Now()}
	s.hurry()
	return errNotYet
}

// share fails unless a server has a row.
func (s *Set) share(ctx context.Context, on *pgxpool.Pool, row uuid.UUID) error {
	if row == uuid.Nil {
		return nil
	}
	has, err := s.config.History.Has(ctx, on, row)
	if err == nil && !has {
		return errOtherPast
	}
	return err
}
