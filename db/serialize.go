package db

import (
	"cmp"
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/confirmed"
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

// serialResults release their connection and call done when they are closed.
type serialResults struct {
	pgx.BatchResults
	ctx        context.Context
	connection *pgxpool.Conn
	done       func()
	closed     bool
	err        error // of the first Close
}

// Close implements [pgx.BatchResults]. Its error is also that of a success that does not count (see [confirmed.Check]).
func (r *serialResults) Close() error {
	if r.closed {
		return r.err
	}
	defer r.done()
	r.closed, r.err = true, r.BatchResults.Close()
	r.err = cmp.Or(r.err, confirmed.Check(r.ctx, r.connection.Conn()))
	r.connection.Release()
	return r.err
}
