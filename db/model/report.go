package model

import "github.com/google/uuid"

// Report is usage that has happened.
type Report struct {
	Organization                          uuid.UUID // as in Estimate
	Key                                   uuid.UUID
	Secret                                []byte // hash; in place of the key
	Reservation                           uuid.UUID
	ID                                    string // for repetitions; empty for none
	Requests                              int64  // NotGiven
	Input, Output, Cached, Written, Nanos int64  // NotGiven nano-dollars are computed
	Provider, Model                       string
	User                                  string // in the metadata; empty: not told
	Parts                                 Parts
}

// Parts are those of the tokens that have prices of their own, and what was used beside tokens.
type Parts struct {
	Written1h, AudioInput  int64 // of Written, and of Input
	Reasoning, AudioOutput int64 // of Output
	Images, Searches       int64
	Tier                   string // empty: not told
}

// repeats tells whether a report has the contents of another, whoever sent it.
func (r Report) repeats(other Report) bool {
	contents := func(r Report) [11]any {
		return [11]any{r.User, r.Reservation, r.Requests, r.Input, r.Output, r.Cached, r.Written, r.Nanos, r.Provider, r.Model, r.Parts}
	}
	return contents(r) == contents(other)
}
