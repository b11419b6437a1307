package graph

import (
	"context"
	"encoding/base64"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
)

const (
	defaultPage = 50
	maxPage     = 100
)

// pageSize returns how many edges a page has.
func pageSize(first *int) int {
	if first == nil {
		return defaultPage
	}
	return *first
}

// page is the part of a list that a client asked for. Number is one more than the page has rows, to see whether there are more: it is 1
// for a page of none, which clients ask for with the total.
type page struct {
	Number int32
	After  *uuid.UUID
}

func newPage(first *int, after *string) (page, error) {
	p := page{Number: int32(min(pageSize(first), maxPage)) + 1} //nolint:gosec // bounded by maxPage
	var firstErr error
	if pageSize(first) < 0 {
		firstErr = fault.BadInput("first", "must be 0 to %d", maxPage)
	}
	if pageSize(first) > maxPage {
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

// connect returns the edges and the page info of a page. rows are those that were read for it, one more than its size if there are more.
func connect[V, E any](rows []*V, p page, rowID func(*V) uuid.UUID, edge func(cursor string, node *V) *E) ([]*E, *model.PageInfo) {
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

// total returns the totalCount of a connection if the client asked for it, and 0 otherwise: counting is a statement of its own.
func total(ctx context.Context, count func() (int64, error)) (int, error) {
	if !selects(ctx, "totalCount") {
		return 0, nil
	}
	n, err := count()
	return int(n), db.Fault(err)
}

// selects tells whether the client asked for the field at a path below the one that is being resolved.
func selects(ctx context.Context, path ...string) bool {
	object, name := path[:len(path)-1], path[len(path)-1]
	return slices.ContainsFunc(selected(ctx, object...), func(f graphql.CollectedField) bool { return f.Name == name })
}

// selectsIDAlone tells whether the client asked for no more than the id of the object at a path, or not for the object at all.
func selectsIDAlone(ctx context.Context, path ...string) bool {
	return !slices.ContainsFunc(selected(ctx, path...), func(f graphql.CollectedField) bool {
		return f.Name != "id" && f.Name != "__typename"
	})
}

// selected returns the fields that the client asked for of the object at a path below the field that is being resolved.
func selected(ctx context.Context, path ...string) []graphql.CollectedField {
	operation, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	fields := graphql.CollectFields(operation, field.Selections, nil)
	for _, name := range path {
		var nested ast.SelectionSet
		for _, f := range fields {
			if f.Name == name {
				nested = append(nested, f.Selections...) // there may be several, with aliases
			}
		}
		fields = graphql.CollectFields(operation, nested, nil)
	}
	return fields
}
