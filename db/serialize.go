package db

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

type serialKey struct{}

// Serialize returns a context in which statements and transactions on a [TenantDB] run one after the other, also those of different
// goroutines. So the fields of one GraphQL document, which are resolved concurrently, share one connection.
func Serialize(ctx context.Context) context.Context {
	return context.WithValue(ctx, serialKey{}, make(chan struct{}, 1))
}

// acquireSerial waits until no other statement of the context runs; it does not wait if the context is not of Serialize. The caller
// must call done; further calls of done do nothing. Returns the context's error when it ends first.
func acquireSerial(ctx context.Context) (done func(), err error) {
	running, _ := ctx.Value(serialKey{}).(chan struct{})
	if running == nil {
		return func() {}, nil
	}
	select {
	case running <- struct{}{}:
		return sync.OnceFunc(func() { <-running }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serialResults call done when they are closed.
type serialResults struct {
	pgx.BatchResults
	done func()
}

// Close implements [pgx.BatchResults].
func (r *serialResults) Close() error {
	defer r.done()
	return r.BatchResults.Close()
}
