package move

import (
	"context"
	"errors"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: when the connections to the target are lost while the organization stands still, or the command is stopped, the source decides again before the command
// ends; when the answer to the commit alone is lost, the target is asked, and the move goes on to its end.
func TestLostConnections(t *testing.T) {
	t.Parallel()
	home, eu := server.New(t), server.Pool(t, server.NewURL(t))
	first := newFixtureIn(t, home, eu)
	for name, c := range map[string]struct {
		at   step
		lose func(f *fixture, stop func())
	}{
		"the target's while the rest is copied": {stepLeaving, func(f *fixture, _ func()) { f.cutOff() }},
		"the target's before the commit":        {stepWritten, func(f *fixture, _ func()) { f.cutOff() }},
		"the command is stopped":                {stepLeaving, func(_ *fixture, stop func()) { stop() }},
	} {
		f := &fixture{Tenant: dbtest.NewTenant(t, home), cells: first.cells, eu: eu}
		f.budget(db.LimitPeriodMONTHLY, 1000)
		f.traffic(home, "before", 2)
		ctx, stop := context.WithCancel(t.Context())
		m, lost := f.begin("eu"), false
		m.after = func(s step) error {
			if s == c.at && !lost {
				lost = true
				c.lose(f, stop)
			}
			return nil
		}
		if err := m.Run(ctx); err == nil {
			t.Errorf("%s: it ended without an error", name)
		}
		stop()
		eu.Reset()
		equal(t, "who decides after "+name, f.residences(), "HERE ARRIVING")
		f.traffic(home, "goes on", 2)
		f.move("eu")
		equal(t, "who decides in the end", f.residences(), "LEFT HERE")
	}

	f := &fixture{Tenant: dbtest.NewTenant(t, home), cells: first.cells, eu: eu}
	m := f.begin("eu")
	m.after = func(s step) error {
		if s == stepWritten { // the move's own commit fails then: what it had to commit is committed
			_, err := m.target.Exec(context.Background(), `commit`)
			return errors.Join(err, m.target.Close(context.Background()))
		}
		return nil
	}
	if err := m.Run(t.Context()); err != nil {
		t.Errorf("when the answer is lost, the move ends with %v", err)
	}
	equal(t, "who decides", f.residences(), "LEFT HERE")
	first.verified()
}

// cutOff ends the connections of moves to eu.
func (f *fixture) cutOff() {
	f.T.Helper()
	exec(f.T, f.eu, `select pg_terminate_backend(a.pid) from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid()`)
}
