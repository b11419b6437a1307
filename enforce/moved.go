package enforce

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// answerMoved answers a batch that was refused as a whole because organizations are moved: nothing of it has taken effect. Their calls are
// UNAVAILABLE, and the others are run again without them. Those of the operator name no organization, and so are run one by one.
func (q *queue[R]) answerMoved(batch []*call[R], moved []uuid.UUID, err error, deadline time.Time, attempt int) {
	var others, alone []*call[R]
	for _, c := range batch {
		switch {
		case len(batch) == 1 || slices.Contains(moved, c.organizationID):
			c.settle(outcome{err: err})
		case c.organizationID == uuid.Nil:
			alone = append(alone, c)
		default:
			others = append(others, c)
		}
	}
	if len(others) == len(batch) { // no batch is run twice as it is
		alone, others = others, nil
	}
	if len(others) > 0 {
		q.answer(others, deadline, attempt+1)
	}
	for _, c := range alone {
		q.answer([]*call[R]{c}, deadline, attempt+1)
	}
}
