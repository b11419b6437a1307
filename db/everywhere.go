package db

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/fanout"
)

// asked is a database that is asked for what may be in any.
type asked struct {
	on    *TenantDB
	slots chan struct{} // has an element for each question that it has not answered
	found atomic.Int64  // how often its answer was the one that was looked for
}

const (
	minAsked = 2               // questions at a time to one database
	maxAsk   = 5 * time.Second // for an answer, where the context has no deadline
)

func newAsked(pool *pgxpool.Pool) *asked {
	return &asked{on: NewTenantDB(pool), slots: make(chan struct{}, max(minAsked, pool.Config().MaxConns/5))} // most connections are for others
}

// In returns the database that decides for an organization, for ForAccessToken, ForEmail and ForInvitations: their answer is what holds, also that there is no
// row. Where there is one database, it is that one.
func (d *TenantDB) In(organizationID uuid.UUID) *TenantDB {
	if d.several == nil {
		return d
	}
	return &TenantDB{several: d.several, organizationID: &organizationID}
}

// IsSeveral tells whether there are several databases.
func (d *TenantDB) IsSeveral() bool { return d.several != nil }

// Everywhere asks all databases, many of them at the same time, and yields their answers in the order in which they come. Those are asked first in which most was
// found before, and no more once the caller has heard enough. A database that does not answer holds up neither the others nor who has heard enough; its answer is an
// error when the context ends. Where there is one database, it is asked and nothing else.
func Everywhere[T any](ctx context.Context, d *TenantDB, ask func(ctx context.Context, on *TenantDB) (T, error)) iter.Seq2[T, error] {
	type answer struct {
		from  *asked
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		if d.several == nil {
			yield(ask(ctx, d))
			return
		}
		var none T
		done, err := acquireSerial(ctx)
		if err != nil {
			yield(none, err)
			return
		}
		defer done()
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, serialKey{}, nil), maxAsk) // no later than the context's own deadline
		defer cancel()
		answers := make(chan answer, len(d.several.each))
		go fanout.Each(ctx, d.several.each, func(database *asked) int64 { return database.found.Load() }, func(database *asked) {
			a := answer{from: database}
			a.err = database.ask(ctx, func(ctx context.Context) (err error) { a.value, err = ask(ctx, database.on); return err })
			answers <- a
		})
		for range d.several.each {
			select {
			case a := <-answers:
				if !yield(a.value, a.err) {
					a.from.found.Add(1)
					return
				}
			case <-ctx.Done():
				yield(none, ctx.Err())
				return
			}
		}
	}
}

// acquire waits for a slot, until the context ends. Whoever has one must release it.
func (a *asked) acquire(ctx context.Context) (release func(), err error) {
	select {
	case a.slots <- struct{}{}:
		return func() { <-a.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask runs a question when there is a slot. The context may end the wait for that, not the question: a statement that is cancelled costs a connection.
func (a *asked) ask(ctx context.Context, question func(ctx context.Context) error) error {
	release, err := a.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	deadline, _ := ctx.Deadline()
	asking, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	return question(asking)
}
