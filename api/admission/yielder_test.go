package admission

import (
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// While gateways call, an operation rests before a field once it has worked for longer than is free, three times as long as it worked;
// not before, and not while no gateway calls.
func TestOperationsTakeBreaks(t *testing.T) {
	t.Parallel()
	field := graphql.WithFieldContext(t.Context(), &graphql.FieldContext{IsResolver: true})
	for _, c := range []struct {
		name         string
		gateways     int64
		free, worked time.Duration
		least, most  time.Duration // of the rest
	}{
		{"worked", 1, 0, 8 * time.Millisecond, 24 * time.Millisecond, time.Minute},
		{"waited for PostgreSQL", 1, 0, time.Hour, longestWork * 3, time.Minute},
		{"too little", 1, 0, 0, 0, 0},
		{"free", 1, burst, burst / 2, 0, 0},
		{"no longer free", 1, burst, 2 * burst, longestWork * 3, time.Minute},
		{"no gateways", 0, 0, time.Hour, 0, 0},
	} {
		a := NewController(NewTarpit())
		a.enforcing.Store(c.gateways)
		b := &breaks{admission: a, since: time.Now().Add(-c.worked), free: c.free}
		b.field(field)
		if rested := b.restedFor(); rested < c.least || rested > c.most {
			t.Errorf("%s: rested for %v, want %v to %v", c.name, rested, c.least, c.most)
		}
	}
}

// Fields that are there already do not each cost a look at the clock.
func TestBreaksLookAtTheClockNowAndThen(t *testing.T) {
	t.Parallel()
	a := NewController(NewTarpit())
	a.enforcing.Store(1)
	b := &breaks{admission: a, since: time.Now().Add(-time.Hour)}
	ctx := graphql.WithFieldContext(t.Context(), &graphql.FieldContext{})
	for range breakFields - 1 {
		b.field(ctx)
	}
	if rested := b.restedFor(); rested != 0 {
		t.Errorf("rested for %v after %d fields", rested, breakFields-1)
	}
	if b.field(ctx); b.restedFor() == 0 {
		t.Errorf("did not rest after %d fields", breakFields)
	}
}
