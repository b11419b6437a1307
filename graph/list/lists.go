// Package list reads the pages of the schema's lists, and usage reports: what may be asked for, the rows, their cursors and their number.
package list

import (
	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/coalesce"
	"bursar/graph/lookup"
	"bursar/graph/placement"
)

// Lists reads pages of lists.
type Lists struct {
	*caller.DB
	find        *lookup.Finder
	places      *placement.Places
	reportShare func() *float32
	reports     coalesce.Group[[]*db.UsageBucket] // by the arguments of db.ListUsage or db.SumUsage
}

// New returns the lists. reportShare returns the share of the time, from 0 to 1, that PostgreSQL may work on a usage report; nil is all of it.
func New(find *lookup.Finder, places *placement.Places, reportShare func() *float32) *Lists {
	return &Lists{DB: find.DB, find: find, places: places, reportShare: reportShare}
}
