package standby

import (
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// floor is what a reader has seen: an answer must not be older.
type floor struct {
	primary time.Time // when the primary answered the reader last, or changed something for it
	standby position  // of the last answer of a standby
}

func (f floor) with(other floor) floor {
	if other.primary.After(f.primary) {
		f.primary = other.primary
	}
	f.standby = latest(f.standby, other.standby)
	return f
}

// maxFloors is how many organizations are told apart. What more of them have seen counts for all, which makes some reads of theirs the
// primary's, and none older.
const maxFloors = 10_000

// floors are the floors of organizations. The operator, whose organization is nil, reads and changes those of all.
type floors struct {
	byOrganization *simplelru.LRU[uuid.UUID, floor]
	all            floor // of every organization and the operator
}

func newFloors() *floors {
	f := &floors{}
	byOrganization, err := simplelru.NewLRU(maxFloors, func(_ uuid.UUID, forgotten floor) { f.all = f.all.with(forgotten) })
	if err != nil {
		panic(err) // the size is positive
	}
	f.byOrganization = byOrganization
	return f
}

// of returns the floor of an organization; nil: the operator.
func (f *floors) of(organization *uuid.UUID) floor {
	own, _ := f.byOrganization.Get(key(organization))
	return own.with(f.all)
}

// raise notes what an organization, or the operator, has seen.
func (f *floors) raise(organization *uuid.UUID, seen floor) {
	own, _ := f.byOrganization.Get(key(organization))
	f.byOrganization.Add(key(organization), own.with(seen))
}

// change notes that something was changed for an organization, which the operator is to see as well; by the operator: for all.
func (f *floors) change(organization *uuid.UUID, at time.Time) {
	if organization == nil {
		f.all = f.all.with(floor{primary: at})
		return
	}
	f.raise(organization, floor{primary: at})
	f.raise(nil, floor{primary: at})
}

// key returns the key of an organization; no organization has the operator's.
func key(organization *uuid.UUID) uuid.UUID {
	if organization == nil {
		return uuid.Nil
	}
	return *organization
}
