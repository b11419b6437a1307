package standby

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// lookedFor is how long the last look at a standby counts.
const lookedFor = time.Second

// choose returns a standby that has all that an organization must see, up to a position; or why there is none. It waits until one has, but
// not for long.
func (s *Set) choose(ctx context.Context, organization *uuid.UUID) (*server, position, Reason) {
	timeout := time.NewTimer(catchUpTimeout)
	defer timeout.Stop()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := time.Now()
	if now.Sub(s.used) > idleAfter {
		s.hurry()
	}
	s.used = now
	seen := s.floors.of(organization)
	from := now.Add(-s.config.MaxLag)
	if seen.primary.After(from) {
		from = seen.primary
	}
	for {
		need, known := s.samples.after(from)
		need = latest(need, seen.standby)
		if known {
			if of := s.fit(need); of != nil {
				return of, need, ""
			}
		}
		if reason := s.hopeless(); reason != "" {
			return nil, position{}, reason
		}
		if !known {
			s.primary.hurry()
		}
		for _, each := range s.servers {
			each.probe.hurry()
		}
		changed := s.changed
		s.mutex.Unlock()
		late := false
		select {
		case <-changed:
		case <-ctx.Done():
			late = true
		case <-timeout.C:
			late = true
		}
		s.mutex.Lock()
		switch {
		case late && known:
			return nil, position{}, ReasonBehind
		case late:
			return nil, position{}, ReasonPrimary
		}
	}
}

// hurry has all servers looked at as soon as may be.
func (s *Set) hurry() {
	s.primary.hurry()
	for _, each := range s.servers {
		each.probe.hurry()
	}
}

// fit returns a standby that has replayed a position, each by turns; nil: none has. The mutex must be held.
func (s *Set) fit(need position) *server {
	for i := range s.servers {
		of := s.servers[(s.next+i)%len(s.servers)]
		if of.reason == nil && time.Since(of.looked) < lookedFor && of.at.timeline == need.timeline && of.at.lsn >= need.lsn {
			s.next = (s.next + i + 1) % len(s.servers)
			return of
		}
	}
	return nil
}

// hopeless returns why it is no use to wait; "": it may be some. The mutex must be held.
func (s *Set) hopeless() Reason {
	reason := ReasonLeft
	for _, of := range s.servers {
		switch {
		case of.reason != nil:
		case time.Since(of.looked) < lookedFor && s.samples.lag(of.at, time.Now()) > hopelessLag:
			reason = ReasonBehind
		default:
			return ""
		}
	}
	return reason
}
