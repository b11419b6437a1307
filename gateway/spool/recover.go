package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// recover reads the segments of the folder and begins a new one if there is none. A record that was torn at the end of the last segment is cut
// off. What cannot be read elsewhere is passed over, up to the next record that can.
func (s *Spool) recover() error {
	names, err := filepath.Glob(filepath.Join(s.config.Dir, "*.spool"))
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		number, err := strconv.ParseUint(strings.TrimSuffix(filepath.Base(name), ".spool"), 16, 64)
		if err != nil {
			return fmt.Errorf("spool: %s is no file of a spool", name)
		}
		s.next = number + 1
		if err := s.read(name); err != nil {
			return err
		}
	}
	if len(s.segments) == 0 {
		return s.open()
	}
	last := s.last()
	if err := last.file.Truncate(last.size); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return s.drop()
}

// read reads one segment and applies its records.
func (s *Spool) read(name string) error {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	at := &segment{file: file}
	s.segments = append(s.segments, at)
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	damaged := int64(0) // since the last record
	for offset := 0; offset < len(data); {
		of, id, payload, size, ok := decode(data[offset:])
		if !ok {
			offset++
			damaged++
			continue
		}
		offset += size
		s.damaged += damaged
		damaged, at.size = 0, int64(offset)
		s.apply(at, of, id, payload)
	}
	s.damaged += damaged
	s.disk += at.size
	return nil
}

// apply does what a record says.
func (s *Spool) apply(at *segment, of kind, id string, payload []byte) {
	e, known := s.entries[id]
	switch of {
	case begun:
		if known { // moved: its end, which comes next, may have been torn there
			e.in = append(e.in, at)
			at.live++
			return
		}
		size := recordBytes(id, payload) + finishRoom
		s.entries[id] = &entry{Entry: Entry{ID: id, Begun: payload}, bytes: size, in: []*segment{at}}
		at.live++
		s.live += size
	case finished:
		if !known { // its beginning could not be read: its end says all that is needed
			e = &entry{Entry: Entry{ID: id}, bytes: finishRoom}
			s.entries[id] = e
			s.live += e.bytes
		}
		e.Finished = payload
		if more := recordBytes(id, payload) - finishRoom; more > 0 {
			e.bytes += more
			s.live += more
		}
		e.in = append(e.in, at)
		at.live++
	case done:
		if known {
			s.forget(e)
		}
	}
}

func (s *Spool) forget(e *entry) {
	delete(s.entries, e.ID)
	s.live -= e.bytes
	for _, in := range e.in {
		in.live--
	}
}
