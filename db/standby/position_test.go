package standby

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
)

// Guarantee: a sample proves what was committed before it was asked for, and nothing later; those that are dropped are never replaced by an earlier
// one.
func TestSamples(t *testing.T) {
	t.Parallel()
	var s samples
	began := time.Now()
	for i := range 1000 {
		s.add(1, sample{began.Add(time.Duration(i) * 10 * time.Millisecond), position{1, int64(i)}})
	}
	for i := range 1000 {
		at, known := s.after(began.Add(time.Duration(i) * 10 * time.Millisecond))
		if !known || at.lsn < int64(i) || at.lsn > int64(i)+20 {
			t.Fatalf("after sample %d comes %d, %t", i, at.lsn, known)
		}
	}
	if _, known := s.after(began.Add(time.Minute)); known {
		t.Error("a sample is known that was not taken")
	}
	if len(s.all) > 250 {
		t.Errorf("%d samples are kept of 10 s", len(s.all))
	}
	if lag := s.lag(position{1, 999}, began.Add(time.Minute)); lag != 0 {
		t.Errorf("a standby in step has a lag of %v", lag)
	}
	if s.add(2, sample{began, position{1, 5}}); len(s.all) != 1 {
		t.Error("samples of another cluster are kept")
	}
}

// Guarantee: positions of a later timeline come after all of an earlier one, and the place behind a page's header is the end of the record before
// it.
func TestPositions(t *testing.T) {
	t.Parallel()
	if (position{1, 100}).compare(position{2, 50}) >= 0 || latest(position{1, 100}, position{2, 50}).timeline != 2 {
		t.Error("a later timeline is not later")
	}
	for lsn, want := range map[int64]int64{8192 + 24: 8192, 8192 + 25: 8192 + 25, 8192: 8192, 24 + 3*8192: 3 * 8192} {
		if got := insertPosition(1, lsn, 8192).lsn; got != want {
			t.Errorf("the record before %d ends at %d, want %d", lsn, got, want)
		}
	}
}

// Guarantee: memory for what organizations have seen is bounded; what was forgotten of one counts for all. The operator's changes count for all,
// an organization's for the operator.
func TestFloors(t *testing.T) {
	t.Parallel()
	f, now := newFloors(), time.Now()
	first, other := uuid.New(), uuid.New()
	f.change(&first, now)
	if f.of(&first).primary != now || f.of(nil).primary != now || !f.of(&other).primary.IsZero() {
		t.Errorf("a change counts for %v, %v, %v", f.of(&first), f.of(nil), f.of(&other))
	}
	f.raise(&first, floor{primary: now.Add(-time.Second), standby: position{1, 7}})
	if got := f.of(&first); got.primary != now || got.standby.lsn != 7 {
		t.Errorf("a floor was lowered to %v", got)
	}
	for range maxFloors + 1 {
		organization := uuid.New()
		f.raise(&organization, floor{primary: now})
	}
	if f.byOrganization.Len() > maxFloors || f.of(&other).primary != now || f.of(&first).standby.lsn != 7 {
		t.Errorf("of %d floors, one that was forgotten is %v", f.byOrganization.Len(), f.of(&first))
	}
	f.change(nil, now.Add(time.Second))
	if f.of(&other).primary != now.Add(time.Second) {
		t.Error("the operator's change does not count for an organization")
	}
}

// Guarantee: a standby that has lost what it had replayed, as after a crash, or was promoted, is not believed: each statement is held against what
// the standby says in its own transaction.
func TestChecks(t *testing.T) {
	t.Parallel()
	s := &Set{floors: newFloors()}
	organization := uuid.New()
	r := &Reading{operation: &Operation{set: s, need: position{1, 100}}, organization: &organization}
	for name, c := range map[string]struct {
		said checks
		want error
	}{
		"in step":   {checks{before: 100, after: 120, recovers: true}, nil},
		"went back": {checks{before: 99, after: 120, recovers: true}, errBehind},
		"promoted":  {checks{before: 100, after: 100}, errPromoted},
	} {
		if err := r.check(c.said); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if got := s.floors.of(&organization).standby; got != (position{1, 120}) {
		t.Errorf("the organization has seen %v, want what the standby had at the end", got)
	}
}
