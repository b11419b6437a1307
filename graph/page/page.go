// Package page is about the pages of lists: what part of a list a client asks for (first and after, or last and before), and the edges, cursors
// and total that it is answered with.
package page

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/selection"
	"bursar/graph/validate"
)

// Max is how many edges a page has at most.
const Max = 100

const defaultSize = 50

// Arguments are what clients give to say which part of a list they want. nil is not given.
type Arguments struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// Of is the part of a list that a client asked for. C is what the list's cursors are made of. Rows are read from After on, or with Backward
// from Before back. Number is one more than the page has rows, to see whether there are more: it is 1 for a page of none, which clients
// ask for with the total.
type Of[C any] struct {
	Number        int32
	Backward      bool
	After, Before *C
}

// Page is a part of a list that is ordered by id.
type Page = Of[uuid.UUID]

// New checks the arguments of a list that is ordered by id, and returns its page.
func New(a Arguments) (Page, error) { return Cut(a, IDOfCursor) }

// Cut checks the arguments of a list, and returns its page. parse reads a cursor; false for any text that is no cursor of the list.
func Cut[C any](a Arguments, parse func(cursor string) (C, bool)) (Of[C], error) {
	p, err := size[C](a)
	var afterErr, beforeErr error
	p.After, afterErr = cursor("after", a.After, parse)
	p.Before, beforeErr = cursor("before", a.Before, parse)
	return p, validate.Together(err, afterErr, beforeErr)
}

// size returns a page with its number of rows and its direction.
func size[C any](a Arguments) (p Of[C], err error) {
	field, wanted := "first", defaultSize
	switch {
	case a.First != nil && a.Last != nil:
		err = fault.BadInput("last", "give either first or last")
	case a.Last != nil:
		field, wanted, p.Backward = "last", *a.Last, true
	case a.First != nil:
		wanted = *a.First
	}
	p.Number = int32(min(wanted, Max)) + 1 //nolint:gosec // bounded by Max
	switch {
	case wanted < 0:
		err = fault.BadInput(field, "must be 0 to %d", Max)
	case wanted > Max:
		err = &fault.Fault{Code: fault.QueryTooComplex, Field: field, Message: field + ": a page has at most 100 edges; use cursors for more"}
	}
	return p, err
}

// cursor reads an argument that is a cursor; nil when none was given. An empty one is none.
func cursor[C any](field string, given *string, parse func(string) (C, bool)) (*C, error) {
	if given = validate.Given(given); given == nil {
		return nil, nil
	}
	c, ok := parse(*given)
	if !ok {
		return nil, fault.BadInput(field, "is no cursor of this list")
	}
	return &c, nil
}

// Connect returns the edges, the nodes and the page info of a page. rows are those that were read for it, one more than its size if there are
// more, in the direction in which they were read.
func Connect[V, E, C any](rows []*V, p Of[C], cursor func(*V) string, edge func(cursor string, node *V) *E) ([]*E, []*V, *model.PageInfo) {
	more := len(rows) == int(p.Number)
	if more {
		rows = rows[:len(rows)-1]
	}
	info := &model.PageInfo{HasNextPage: more, HasPreviousPage: p.After != nil}
	if p.Backward {
		info.HasNextPage, info.HasPreviousPage = p.Before != nil, more
		rows = slices.Clone(rows) // others may hold the rows as they were read
		slices.Reverse(rows)
	}
	edges := make([]*E, len(rows))
	for i, row := range rows {
		c := cursor(row)
		edges[i] = edge(c, row)
		if i == 0 {
			info.StartCursor = &c
		}
		info.EndCursor = &c
	}
	return edges, rows, info
}

// Total returns the totalCount of a connection if the client asked for it, and 0 otherwise: counting is a statement of its own.
func Total(ctx context.Context, count func() (int64, error)) (int, error) {
	if !selection.Has(ctx, "totalCount") {
		return 0, nil
	}
	n, err := count()
	return int(n), db.Fault(err)
}
