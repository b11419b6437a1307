package admission

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

const (
	workShare     = 0.25                  // of the time that an operation is resolved, while enforcement calls are being executed
	minYieldWork  = 5 * time.Millisecond  // of work before a pause
	maxYieldWork  = 10 * time.Millisecond // that a pause counts: work that took longer has waited for PostgreSQL
	fieldsPerLook = 32                    // fields without a resolver between two looks at the clock
)

// yielder pauses an operation while it is resolved, so that a long one does not keep the processor from enforcement calls.
type yielder struct {
	controller *Controller

	mutex     sync.Mutex    // held during a pause, for the operation pauses as a whole
	since     time.Time     // when the work since the last pause began
	allowance time.Duration // of work before the first pause
	fields    int
	paused    time.Duration
}

// newYielder has an operation pause from now on, once it has used its allowance.
func newYielder(operation *graphql.OperationContext, c *Controller, allowance time.Duration) *yielder {
	y := &yielder{controller: c, since: time.Now(), allowance: allowance}
	resolve := operation.ResolverMiddleware
	operation.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		y.beforeField(ctx)
		return resolve(ctx, next)
	}
	return y
}

// beforeField pauses before a field is resolved, if the operation has worked for long enough.
func (y *yielder) beforeField(ctx context.Context) {
	y.mutex.Lock()
	defer y.mutex.Unlock()
	if y.fields++; y.fields%fieldsPerLook != 0 && !graphql.GetFieldContext(ctx).IsResolver {
		return
	}
	now := time.Now()
	worked := now.Sub(y.since)
	if worked < minYieldWork {
		return
	}
	y.since = now
	if y.allowance >= worked || !y.controller.throttles() {
		y.allowance -= min(worked, y.allowance)
		return
	}
	y.allowance = 0
	pause := time.Duration(float64(min(worked, maxYieldWork)) * (1/workShare - 1))
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
	y.since = time.Now()
	y.paused += y.since.Sub(now)
}

// yielded returns for how long the operation has paused; 0 for nil.
func (y *yielder) yielded() time.Duration {
	if y == nil {
		return 0
	}
	y.mutex.Lock()
	defer y.mutex.Unlock()
	return y.paused
}
