package live

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"bursar/db"
)

// looks are the looks at single organizations that are under way, so that those who need the same one share it.
type looks struct {
	mutex sync.Mutex
	under map[lookKey]*sharedLook // under way
}

// lookKey says what a look is for. Whoever shares a look must have joined a topic at the same mark, or none: a look that began when more was
// unknown than when they joined would leave out what has become known in between.
type lookKey struct {
	organizationID uuid.UUID
	since          string // the event id; "": none
	joined         string // the mark of the topic that was joined; "": none
}

// sharedLook is a look that is under way. What it has found is set before done is closed.
type sharedLook struct {
	done chan struct{}
	row  *db.OrganizationChange
	err  error
}

// share returns what a look finds. The first to ask looks, others wait for it. If the first leaves meanwhile, another one looks.
func (l *looks) share(ctx context.Context, key lookKey, look func(ctx context.Context) (*db.OrganizationChange, error)) (*db.OrganizationChange, error) {
	for {
		shared, first := l.join(key)
		if first {
			shared.row, shared.err = look(ctx)
			l.finish(key, shared)
			return shared.row, shared.err
		}
		select {
		case <-ctx.Done():
			return nil, db.Fault(ctx.Err())
		case <-shared.done:
		}
		if !errors.Is(shared.err, errLeft) {
			return shared.row, shared.err
		}
	}
}

// join returns the look with a key, and whether the caller has to do it.
func (l *looks) join(key lookKey) (shared *sharedLook, first bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	shared, found := l.under[key]
	if !found {
		shared = &sharedLook{done: make(chan struct{})}
		l.under[key] = shared
	}
	return shared, !found
}

// finish tells those who wait what a look has found.
func (l *looks) finish(key lookKey, shared *sharedLook) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delete(l.under, key)
	close(shared.done)
}

// errLeft is the error of a look whose caller has left.
var errLeft = errors.New("the listener has left")

// leftOr returns an error of a look of a caller: errLeft, with it, if the caller has left.
func leftOr(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%w: %w", errLeft, err)
	}
	return err
}
