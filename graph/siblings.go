package graph

import (
	"context"
	"sync"

	"bursar/db"
)

// siblings are rows that were read together: a page, or what one look-up found. What hangs on one of them is read for all of
// them, in one statement, by whoever asks first; so the number of statements depends on the document alone, never on how
// many rows there are or how busy the machine is.
type siblings struct {
	rows  any // []*V
	reads map[any]func() (any, error)
}

// families knows the siblings of every row that a request has read, by the rows' pointers. It ends with the request, and a
// row that is read again has new siblings: nothing is answered from an older read.
type families struct {
	mutex sync.Mutex
	of    map[any]*siblings // nil until the first: enforcement reads none
}

// familiesOf returns the request's families.
func familiesOf(ctx context.Context) *families { return &visitOf(ctx).families }

// together notes that rows were read by one statement, and returns them.
func together[V any](ctx context.Context, rows []*V) []*V {
	known, family := familiesOf(ctx), &siblings{rows: rows, reads: map[any]func() (any, error){}}
	known.mutex.Lock()
	defer known.mutex.Unlock()
	for _, row := range rows {
		known.add(row, family)
	}
	return rows
}

// add notes the siblings of a row; the mutex is locked.
func (f *families) add(row any, family *siblings) {
	if f.of == nil {
		f.of = map[any]*siblings{}
	}
	f.of[row] = family
}

// know notes what was read of rows together with the rows themselves, so that forAll need not read it.
func know[V any](ctx context.Context, rows []*V, what, result any) {
	if len(rows) > 0 { // any of them stands for all
		familiesOf(ctx).once(rows[0], what, rows, func(any) (any, error) { return result, nil })
	}
}

// forAll returns what read finds for a row and all of its siblings. It is called once for all of them and for each
// value of what, which names it: its field, and its arguments if it has any. Errors are returned as faults.
func forAll[V, R any](ctx context.Context, row *V, what any, read func(rows []*V) (R, error)) (R, error) {
	result, err := familiesOf(ctx).once(row, what, []*V{row}, func(rows any) (any, error) {
		result, err := read(rows.([]*V)) //nolint:forcetypeassert // together stored the rows of a *V as []*V
		return result, db.Fault(err)
	})()
	if err != nil {
		var none R
		return none, err
	}
	return result.(R), nil //nolint:forcetypeassert // what names one read, which has one type of result
}

// once returns the function that reads something for a row's siblings, once; alone are the siblings of a row that nobody
// knows.
func (f *families) once(row, what, alone any, read func(rows any) (any, error)) func() (any, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	family := f.of[row]
	if family == nil {
		family = &siblings{rows: alone, reads: map[any]func() (any, error){}}
		f.add(row, family)
	}
	if family.reads[what] == nil {
		family.reads[what] = sync.OnceValues(func() (any, error) { return read(family.rows) })
	}
	return family.reads[what]
}
