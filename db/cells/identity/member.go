package identity

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/cells"
	"bursar/db/session"
	"bursar/fault"
)

// errUnknown is why no cell is asked before home has answered once.
var errUnknown = fault.ErrUnavailable.Because(errors.New("home has not said yet what it knows of the cell"))

// verdict is whether a cell may be asked.
type verdict struct {
	expected session.Identity // that its connections must find; the zero value, of home: home, or none
	refused  error            // nil: it may be asked
}

func (v verdict) isRefused() bool { return v.refused != nil }

// member is a cell that is guarded. It implements [session.Cell].
type member struct {
	name  string
	pool  *pgxpool.Pool
	known atomic.Pointer[verdict]
}

func newMember(name string, pool *pgxpool.Pool) *member {
	m := &member{name: name, pool: pool}
	m.known.Store(&verdict{refused: errUnknown})
	return m
}

// decide takes a verdict over, and logs it if it is another.
func (m *member) decide(ctx context.Context, v verdict, logger *slog.Logger) {
	before := m.known.Swap(&v)
	switch was := before.refused; {
	case v.refused != nil && (was == nil || was.Error() != v.refused.Error()):
		logger.ErrorContext(ctx, "a cell is refused", "cell", m.name, "error", v.refused)
	case v.refused == nil && was != nil && !errors.Is(was, errUnknown):
		logger.InfoContext(ctx, "a cell is asked again", "cell", m.name)
	}
}

// Refused implements [session.Cell].
func (m *member) Refused() error { return m.known.Load().refused }

// Check implements [session.Cell].
func (m *member) Check(found session.Identity) error {
	v := m.known.Load()
	switch {
	case errors.Is(v.refused, errUnknown):
		return v.refused
	case m.name == cells.Home && v.expected.Name == "" && (found.Name == "" || found.Name == cells.Home):
		return nil
	case v.expected.Name == "" && v.refused != nil:
		return v.refused
	}
	return Compare(m.name, v.expected, found)
}

// tool is a cell that a command looks after.
type tool struct{ *member }

// Refused implements [session.Cell].
func (tool) Refused() error { return nil }

// Check implements [session.Cell].
func (t tool) Check(found session.Identity) error {
	expected := t.known.Load().expected
	if expected.Name == "" { // home does not know the cell, or cannot say
		if found.Name == "" {
			return nil
		}
		expected = found
		expected.Name = t.name
	}
	expected.Moves = 0
	return Compare(t.name, expected, found)
}
