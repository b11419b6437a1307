// Package page is about the pages of lists: what part of a list a client asks for (first, after), and the edges, cursors and total that it is
// answered with.
package page

import (
	"context"
	"encoding/base64"
	"strconv"

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

// size returns how many edges a page has.
func size(first *int) int {
	if first == nil {
		return defaultSize
	}
	return *first
}

// Page is the part of a list that a client asked for. Number is one more than the page has rows, to see whether there are more: it is 1
// for a page of none, which clients ask for with the total.
type Page struct {
	Number int32
	After  *uuid.UUID
}

// New checks the arguments first and after of a list, and returns its page.
func New(first *int, after *string) (Page, error) {
	p := Page{Number: int32(min(size(first), Max)) + 1} //nolint:gosec // bounded by Max
	var firstErr error
	if size(first) < 0 {
		firstErr = fault.BadInput("first", "must be 0 to %d", Max)
	}
	if size(first) > Max {
		firstErr = &fault.Fault{Code: fault.QueryTooComplex, Field: "first", Message: "first: a page has at most 100 edges; use endCursor for more"}
	}
	if after = validate.Given(after); after != nil {
		bytes, err := base64.RawURLEncoding.DecodeString(*after)
		cursor, parseErr := uuid.FromBytes(bytes)
		if err != nil || parseErr != nil || cursorOf(cursor) != *after {
			return p, validate.Together(firstErr, fault.BadInput("after", "is no cursor of this list"))
		}
		p.After = &cursor
	}
	return p, firstErr
}

func cursorOf(rowID uuid.UUID) string { return base64.RawURLEncoding.EncodeToString(rowID[:]) }

// Connect returns the edges and the page info of a page. rows are those that were read for it, one more than its size if there are more.
func Connect[V, E any](rows []*V, p Page, rowID func(*V) uuid.UUID, edge func(cursor string, node *V) *E) ([]*E, *model.PageInfo) {
	info := &model.PageInfo{HasPreviousPage: p.After != nil}
	if len(rows) == int(p.Number) {
		info.HasNextPage, rows = true, rows[:len(rows)-1]
	}
	edges := make([]*E, len(rows))
	for i, row := range rows {
		cursor := cursorOf(rowID(row))
		edges[i] = edge(cursor, row)
		if i == 0 {
			info.StartCursor = &cursor
		}
		info.EndCursor = &cursor
	}
	return edges, info
}

// Total returns the totalCount of a connection if the client asked for it, and 0 otherwise: counting is a statement of its own.
func Total(ctx context.Context, count func() (int64, error)) (int, error) {
	if !selection.Has(ctx, "totalCount") {
		return 0, nil
	}
	n, err := count()
	return int(n), db.Fault(err)
}

// CursorOfNumber returns the cursor of a row that a number names within its list, such as a budget's period.
func CursorOfNumber(number int32) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(int(number))))
}

// NumberOfCursor returns the number that CursorOfNumber has made a cursor of; BAD_USER_INPUT about after for any other text.
func NumberOfCursor(cursor string) (int32, error) {
	bytes, err := base64.RawURLEncoding.DecodeString(cursor)
	number, parseErr := strconv.ParseInt(string(bytes), 10, 32)
	if err != nil || parseErr != nil || number < 1 || CursorOfNumber(int32(number)) != cursor {
		return 0, fault.BadInput("after", "is no cursor of this list")
	}
	return int32(number), nil
}
