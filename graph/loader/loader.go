// Package loader reads a field of many rows in one statement, as DataLoader does: rows that were read together are a batch, and what
// hangs on one of them is read for the whole batch.
package loader

import (
	"context"
	"sync"

	"bursar/db"
)

// batch is the rows that one statement returned: a page, or the result of one look-up. A field of one of these rows is read for
// all of them, in one statement, by the resolver that asks first. So the number of statements depends on the document alone, not
// on the number of rows nor on how resolvers are scheduled.
type batch struct {
	rows    any                         // []*V
	results map[any]func() (any, error) // by what was read
}

// loaders holds the batch of every row that an operation has read, by the row's pointer. It lives as long as the operation. A row
// that is read again is in a new batch, so nothing is answered from an older read.
type loaders struct {
	mutex   sync.Mutex
	batches map[any]*batch // nil until the first row
	listed  int            // values of lists without pages that were answered
}

type loadersKey struct{}

// NewContext returns a context with loaders of its own, for one operation.
func NewContext(ctx context.Context) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{})
}

func loadersOf(ctx context.Context) *loaders {
	l, _ := ctx.Value(loadersKey{}).(*loaders) // NewContext has put it there
	return l
}

// Loaded notes that one statement returned these rows, and returns them.
func Loaded[V any](ctx context.Context, rows []*V) []*V {
	l, b := loadersOf(ctx), &batch{rows: rows, results: map[any]func() (any, error){}}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, row := range rows {
		l.add(row, b)
	}
	return rows
}

// add notes the batch of a row. The mutex must be held.
func (l *loaders) add(row any, b *batch) {
	if l.batches == nil {
		l.batches = map[any]*batch{}
	}
	l.batches[row] = b
}

// Prime stores what was read together with the rows themselves, so that Load does not read it again.
func Prime[V any](ctx context.Context, rows []*V, what, result any) {
	if len(rows) > 0 { // any row of the batch names it
		loadersOf(ctx).once(rows[0], what, rows, func(any) (any, error) { return result, nil })
	}
}

// Load returns what read finds for a row and the other rows of its batch. read is called once per batch and value of what, which
// names it: the field, and its arguments if it has any. Errors are returned as faults.
func Load[V, R any](ctx context.Context, row *V, what any, read func(rows []*V) (R, error)) (R, error) {
	result, err := loadersOf(ctx).once(row, what, []*V{row}, func(rows any) (any, error) {
		result, err := read(rows.([]*V)) //nolint:forcetypeassert // Loaded stored the rows of a *V as []*V
		return result, db.Fault(err)
	})()
	if err != nil {
		var none R
		return none, err
	}
	return result.(R), nil //nolint:forcetypeassert // what names one read, which has one type of result
}

// once returns the function that reads something for the batch of a row. It reads at most once. A row that is in no batch becomes
// one of its own: alone.
func (l *loaders) once(row, what, alone any, read func(rows any) (any, error)) func() (any, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	b := l.batches[row]
	if b == nil {
		b = &batch{rows: alone, results: map[any]func() (any, error){}}
		l.add(row, b)
	}
	if b.results[what] == nil {
		b.results[what] = sync.OnceValues(func() (any, error) { return read(b.rows) })
	}
	return b.results[what]
}
