package standby

import (
	"cmp"
	"time"
)

// position is a place in the write-ahead log. A later timeline comes after all of an earlier one.
type position struct {
	timeline int32
	lsn      int64
}

// compare is negative if p is before other, and 0 if they are the same.
func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.timeline, other.timeline), cmp.Compare(p.lsn, other.lsn))
}

func latest(a, b position) position {
	if a.compare(b) < 0 {
		return b
	}
	return a
}

// pageHeader is the size of the header of most pages of the log.
const pageHeader = 24

// insertPosition returns the end of the last record before a position at which the next one is inserted, by the size of pages. The two differ at the
// begin of a page alone: a record is inserted behind the header, and the last one ended before it.
func insertPosition(timeline int32, lsn, pageSize int64) position {
	if lsn%pageSize == pageHeader {
		lsn -= pageHeader
	}
	return position{timeline, lsn}
}

// sample is that the primary was at a position, or before it, at a time of this machine's clock.
type sample struct {
	began    time.Time // when it was asked for
	position position
}

// samples are those of the time that is looked at, the oldest first.
type samples struct {
	system int64 // the identifier of the database cluster; 0: not known yet
	all    []sample
}

const (
	samplesSpacing = 100 * time.Millisecond // of samples that are kept
	samplesAge     = time.Minute
)

// add adds the newest sample. Of those that come faster one after the other than the spacing, the last is kept.
func (s *samples) add(system int64, newest sample) {
	if system != s.system {
		s.system, s.all = system, nil
	}
	if last := len(s.all) - 1; last > 0 && newest.began.Sub(s.all[last-1].began) < samplesSpacing {
		s.all = s.all[:last]
	}
	s.all = append(s.all, newest)
	for len(s.all) > 2 && newest.began.Sub(s.all[0].began) > samplesAge {
		s.all = s.all[1:]
	}
}

// after returns the oldest sample that was asked for at a time or later: all that was committed before the time is before its position.
func (s *samples) after(from time.Time) (position, bool) {
	for _, each := range s.all {
		if !each.began.Before(from) {
			return each.position, true
		}
	}
	return position{}, false
}

// lag returns how long ago the oldest sample was that is after a position; 0: none is.
func (s *samples) lag(at position, now time.Time) time.Duration {
	for _, each := range s.all {
		if each.position.compare(at) > 0 {
			return now.Sub(each.began)
		}
	}
	return 0
}
