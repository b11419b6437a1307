package admission

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

const (
	workShare   = 0.25                  // of the time of one operation, that it works at once while gateways call
	breakAfter  = 5 * time.Millisecond  // of work, for less of it is not worth a rest
	longestWork = 10 * time.Millisecond // that one rest pays for: what has taken longer has waited for PostgreSQL
	breakFields = 32                    // that are there already, until the clock is looked at again
)

// breaks has an operation rest while it is resolved: one that takes long would keep gateways from the processor for as long.
type breaks struct {
	admission *Controller

	mutex  sync.Mutex // held during rests, for the operation rests as a whole
	since  time.Time  // when it began to work
	free   time.Duration
	fields int
	rested time.Duration
}

// takeBreaks has an operation rest from now on, once it has used up what is free.
func takeBreaks(operation *graphql.OperationContext, a *Controller, free time.Duration) *breaks {
	b := &breaks{admission: a, since: time.Now(), free: free}
	resolve := operation.ResolverMiddleware
	operation.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		b.field(ctx)
		return resolve(ctx, next)
	}
	return b
}

// field rests before a field, if it is time to.
func (b *breaks) field(ctx context.Context) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.fields++; b.fields%breakFields != 0 && !graphql.GetFieldContext(ctx).IsResolver {
		return
	}
	began := time.Now()
	worked := began.Sub(b.since)
	if worked < breakAfter {
		return
	}
	b.since = began
	if b.free >= worked || b.admission.enforcing.Load() == 0 {
		b.free -= min(worked, b.free)
		return
	}
	b.free = 0
	rest := time.Duration(float64(min(worked, longestWork)) * (1/workShare - 1))
	select {
	case <-ctx.Done():
	case <-time.After(rest):
	}
	b.since = time.Now()
	b.rested += b.since.Sub(began)
}

// restedFor returns how long the operation has rested.
func (b *breaks) restedFor() time.Duration {
	if b == nil {
		return 0
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.rested
}
