// Package lookup finds rows that callers may see: by the ids that they give, and those that other rows name, for all rows of a batch in one
// statement.
package lookup

import (
	"errors"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
)

// Finder finds rows that callers may see.
type Finder struct{ *caller.DB }

// New returns a finder.
func New(database *caller.DB) *Finder { return &Finder{database} }

// Found returns the only row of a look-up; NOT_FOUND about a field of the input when there is none.
func Found[T any](rows []*T, err error, field, what string) (*T, error) {
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(rows) == 0 {
		return nil, NotFound(field, what)
	}
	return rows[0], nil
}

// Missing turns the absence of a changed row into NOT_FOUND about a field of the input. Other errors are returned as they are.
func Missing(err error, field, what string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return NotFound(field, what)
	}
	return err
}

// NotFound is the answer about a field of the input that names nothing that the caller may know of.
func NotFound(field, what string) *fault.Fault {
	return &fault.Fault{Code: fault.NotFound, Field: field, Message: field + ": no such " + what}
}
