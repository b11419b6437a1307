package loader

import (
	"context"

	"bursar/fault"
)

// maxListed is how many values an operation is answered in lists that have no pages: a page of 100 API keys of two fields of 200 recipients
// each. What such lists have is not known before they are read, so it is counted then.
const maxListed = 40_000

// ListNumber returns how many rows a statement is to read for a list without pages of which the client asked for so many fields: one more than
// the operation may still be answered.
func ListNumber(ctx context.Context, fields int) int32 {
	l := loadersOf(ctx)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return int32((maxListed-l.listed)/max(fields, 1) + 1) //nolint:gosec // bounded by maxListed
}

// CheckList refuses what a statement has read with ListNumber if there were more rows than the operation may be answered.
func CheckList(rows int, number int32) error {
	if rows >= int(number) {
		return tooManyListed()
	}
	return nil
}

// CountList counts the rows of a list without pages, each with so many fields, that an operation is answered. It fails with
// QUERY_TOO_COMPLEX when they are too many.
func CountList(ctx context.Context, rows, fields int) error {
	l := loadersOf(ctx)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.listed += rows * fields; l.listed > maxListed {
		l.listed = maxListed
		return tooManyListed()
	}
	return nil
}

func tooManyListed() error {
	return fault.New(fault.QueryTooComplex, "the lists in the answer have more than %d values in all; ask for smaller pages of what has them", maxListed)
}
