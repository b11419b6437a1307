package db

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

type turnKey struct{}

// OneAtATime returns a context in which what is sent to a [Confined] waits until what was sent before has been answered, and
// a transaction has ended. A document may ask for many things at once; its caller is not to have as many connections, and
// PostgreSQL's processors, for it.
func OneAtATime(ctx context.Context) context.Context {
	return context.WithValue(ctx, turnKey{}, make(chan struct{}, 1))
}

// takeTurn waits for the context's turn, if it has any. Whoever has it calls done, once or more often.
func takeTurn(ctx context.Context) (done func(), err error) {
	turn, _ := ctx.Value(turnKey{}).(chan struct{})
	if turn == nil {
		return func() {}, nil
	}
	select {
	case turn <- struct{}{}:
		return sync.OnceFunc(func() { <-turn }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inTurn are results that end a turn.
type inTurn struct {
	pgx.BatchResults
	done func()
}

// Close implements [pgx.BatchResults].
func (r *inTurn) Close() error {
	defer r.done()
	return r.BatchResults.Close()
}
