package spool

import "os"

// Has says whether an entry is not done.
func (s *Spool) Has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.entries[id]
	return known
}

// Entries returns the entries that are not done, in no order.
func (s *Spool) Entries() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Entry, 0, len(s.entries))
	for _, e := range s.entries {
		all = append(all, e.Entry)
	}
	return all
}

// Stats returns how full the spool is.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{Entries: len(s.entries), LiveBytes: s.live, MaxLive: s.maxLive(), DiskBytes: s.disk, Damaged: s.damaged}
}

// Check returns the error that a small entry would be refused with; nil: there is room.
func (s *Spool) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return os.ErrClosed
	case s.failure != nil:
		return s.failure
	case s.live+2*finishRoom > s.maxLive():
		return ErrFull
	}
	return nil
}
