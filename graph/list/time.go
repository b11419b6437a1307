package list

import (
	"time"

	"github.com/google/uuid"

	"bursar/id"
)

// idsOf returns the bounds of the ids that rows from a time on and before another may have: ids begin with the time at which they were
// generated, which is at most slack before or after the row's own. nil for no bound.
func idsOf(from, to *time.Time, slack time.Duration) (fromID, toID *uuid.UUID) {
	if from != nil {
		fromID = new(id.FirstAt(from.Add(-slack)))
	}
	if to != nil {
		toID = new(id.FirstAt(to.Add(slack)))
	}
	return fromID, toID
}
