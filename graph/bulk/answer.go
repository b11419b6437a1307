package bulk

import "bursar/db"

// Payload is the answer to a request.
type Payload struct{ Answers []*Answer }

// Answer is the answer to one of its calls: what the database has answered, or an error.
type Answer struct {
	Answered *db.UsageAnswer // nil: Failed is set
	Failed   *Error
}

// Error is the error of one call, as clients see it.
type Error struct {
	Code, Message string
	Field         *string // nil: it is about none
}

// Replayed tells whether the call was answered before.
func (a *Answer) Replayed() bool { return a.Answered != nil && a.Answered.Replayed }

// Decision returns the decision; nil for an error.
func (a *Answer) Decision() *db.UsageAnswer { return a.Answered }

// Reservation returns the hold; nil when there is none.
func (a *Answer) Reservation() *db.Reservation {
	if a.Answered == nil {
		return nil
	}
	return a.Answered.Reservation
}

// UsageEvent returns the row of the ledger; nil for an error.
func (a *Answer) UsageEvent() *db.UsageEvent {
	if a.Answered == nil {
		return nil
	}
	return a.Answered.UsageEvent
}

// Limits returns how the key's limits stand; none for an error.
func (a *Answer) Limits() []*db.LimitStatus {
	if a.Answered == nil {
		return nil
	}
	return a.Answered.Limits
}

// Error returns the error; nil for an answer.
func (a *Answer) Error() *Error { return a.Failed }
