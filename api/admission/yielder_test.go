package admission

import (
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// While gateways call, an operation pauses before a field once it has worked for longer than its allowance, three times as long as it
// worked; not before, and not while no gateway calls.
func TestOperationsYield(t *testing.T) {
	t.Parallel()
	field := graphql.WithFieldContext(t.Context(), &graphql.FieldContext{IsResolver: true})
	for _, c := range []struct {
		name              string
		exempt            int64
		allowance, worked time.Duration
		least, most       time.Duration // of the pause
	}{
		{"worked", 1, 0, 8 * time.Millisecond, 24 * time.Millisecond, time.Minute},
		{"waited for PostgreSQL", 1, 0, time.Hour, maxYieldWork * 3, time.Minute},
		{"too little", 1, 0, 0, 0, 0},
		{"within the allowance", 1, burst, burst / 2, 0, 0},
		{"beyond the allowance", 1, burst, 2 * burst, maxYieldWork * 3, time.Minute},
		{"no gateways", 0, 0, time.Hour, 0, 0},
	} {
		controller := NewController(NewTarpit())
		controller.exempt.Store(c.exempt)
		y := &yielder{controller: controller, since: time.Now().Add(-c.worked), allowance: c.allowance}
		y.beforeField(field)
		if paused := y.yielded(); paused < c.least || paused > c.most {
			t.Errorf("%s: paused for %v, want %v to %v", c.name, paused, c.least, c.most)
		}
	}
}

// Fields without a resolver do not each cost a look at the clock.
func TestYielderLooksAtTheClockNowAndThen(t *testing.T) {
	t.Parallel()
	c := NewController(NewTarpit())
	c.exempt.Store(1)
	y := &yielder{controller: c, since: time.Now().Add(-time.Hour)}
	ctx := graphql.WithFieldContext(t.Context(), &graphql.FieldContext{})
	for range fieldsPerLook - 1 {
		y.beforeField(ctx)
	}
	if paused := y.yielded(); paused != 0 {
		t.Errorf("paused for %v after %d fields", paused, fieldsPerLook-1)
	}
	if y.beforeField(ctx); y.yielded() == 0 {
		t.Errorf("did not pause after %d fields", fieldsPerLook)
	}
}
