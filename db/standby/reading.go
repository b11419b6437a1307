package standby

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Reading is a statement on a standby.
type Reading struct {
	operation    *Operation
	organization *uuid.UUID
	server       *server
	session      context.Context
}

// during returns a context that ends with another, and when the standby is left. stop must be called.
func (r *Reading) during(ctx context.Context) (reading context.Context, stop func()) {
	reading, cancel := context.WithCancelCause(ctx)
	unhook := context.AfterFunc(r.session, func() { cancel(context.Cause(r.session)) })
	return reading, func() { unhook(); cancel(nil) }
}

// Query returns all rows of a statement, so that no error comes after the first of them. Before it, in the same transaction, a setting is made by
// a statement whose parameter is a value. done is called when the rows are closed, and on an error.
func (r *Reading) Query(ctx context.Context, setting, value, statement string, arguments []any, done func()) (_ pgx.Rows, err error) {
	during, stop := r.during(ctx)
	connection, err := r.server.pool.Acquire(during)
	if err != nil {
		stop()
		done()
		return nil, err
	}
	read := &rows{connection: connection, release: func() { connection.Release(); stop(); done() }, at: -1}
	defer func() {
		if err != nil {
			read.Close()
		}
	}()
	const replayed = `(coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0')::bigint`
	batch, said := &pgx.Batch{}, checks{}
	batch.Queue(setting+`, `+replayed, value).QueryRow(func(row pgx.Row) error { return row.Scan(nil, &said.before) })
	batch.Queue(statement, arguments...).Query(read.take)
	batch.Queue(`select ` + replayed + `, pg_is_in_recovery()`).QueryRow(func(row pgx.Row) error { return row.Scan(&said.after, &said.recovers) })
	if err := connection.SendBatch(during, batch).Close(); err != nil {
		return nil, err
	}
	return read, r.check(said)
}

// checks are what a standby says of itself before and after a statement, in the same transaction.
type checks struct {
	before   int64 // what it had replayed
	after    int64
	recovers bool // after it
}

// check returns an error unless the answer with these checks is one that the caller may be given. What it has seen is noted then.
func (r *Reading) check(c checks) error {
	switch {
	case !c.recovers:
		return errPromoted
	case c.before < r.operation.need.lsn:
		return errBehind
	}
	s := r.operation.set
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.floors.raise(r.organization, floor{standby: position{r.operation.need.timeline, c.after}})
	return nil
}

// Fail has the primary go on with the operation. A standby that is lost, and not only has not answered, is looked at before it is asked again.
func (r *Reading) Fail(err error) {
	o := r.operation
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.server != r.server {
		return
	}
	o.server = nil
	reason := ReasonError
	if errors.Is(err, errBehind) {
		reason = ReasonBehind
	}
	o.set.config.Observer.FellBack(reason)
	if isLost(err) || errors.Is(err, errBehind) || errors.Is(err, errPromoted) {
		o.set.mutex.Lock()
		defer o.set.mutex.Unlock()
		if r.server.session == r.session && r.server.reason == nil {
			o.set.leaveLocked(r.server, err)
			r.server.probe.hurry()
		}
	}
}

// isLost tells whether an error of a standby means more than that it did not answer one statement.
func isLost(err error) bool {
	answer, answered := errors.AsType[*pgconn.PgError](err)
	return !answered || strings.EqualFold(answer.Severity, "FATAL")
}
