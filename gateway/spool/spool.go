// Package spool keeps what must not be lost before somebody else has it: entries that are begun, finished and done, in files that outlive the
// process. It is append-only, checksummed and bounded: an entry that there is no room for is refused before it begins.
//
// An entry survives the end of the process at any instant. It survives the end of the machine once it was synced, which happens within
// Config.SyncEvery.
package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Defaults and bounds of a Config.
const (
	DefaultMaxBytes  = 64 << 20
	MinMaxBytes      = 64 << 10
	DefaultSyncEvery = 200 * time.Millisecond

	maxSegmentBytes = 1 << 20
	finishRoom      = 1 << 10 // kept free for the end of each entry that is begun
)

// Config says where a Spool is and how large it may become.
type Config struct {
	Dir string // made if it is missing, for this user alone; a Spool of another process may not be in it
	// MaxBytes bounds the files together. Half of it may be entries that are not done. Default: 64 MiB; at least 64 KiB.
	MaxBytes int64
	// SyncEvery is how soon after a write the file is synced to the disk. Default: 200 ms.
	SyncEvery time.Duration
	// Failed is told of writes to the disk that failed in the background; nil: nobody is.
	Failed func(error)
}

// ErrFull says that there is no room for another entry until others are done.
var ErrFull = errors.New("spool: full")

// Entry is an entry that is not done.
type Entry struct {
	ID       string
	Begun    []byte // what Begin was given
	Finished []byte // what Finish was given; nil: it has not been called
}

// Stats is how full a Spool is.
type Stats struct {
	Entries   int   // that are not done
	LiveBytes int64 // of entries that are not done, with the room that is kept for their end
	MaxLive   int64 // at which entries are refused
	DiskBytes int64 // of the files
	Damaged   int64 // bytes that Open could not read
}

// Spool is an open spool. It is safe for concurrent use.
type Spool struct {
	config Config
	unlock func() error

	mu       sync.Mutex
	segments []*segment // the oldest first; the last is written to
	entries  map[string]*entry
	live     int64 // bytes of entries, with their room
	disk     int64
	damaged  int64
	next     uint64 // number of the next segment
	dirty    bool   // since the last sync was begun
	syncing  *time.Timer
	failure  error // of the last sync; entries are refused until one succeeds
	closed   bool
}

// entry is an Entry and where it is.
type entry struct {
	Entry
	bytes int64
	in    []*segment // that hold a record of it which counts
}

// Open opens the spool in a folder and reads what is there. Entries that were not done are in Entries.
func Open(config Config) (*Spool, error) {
	if config.MaxBytes == 0 {
		config.MaxBytes = DefaultMaxBytes
	}
	if config.MaxBytes < MinMaxBytes {
		return nil, fmt.Errorf("spool: %d bytes are too few, want %d at least", config.MaxBytes, MinMaxBytes)
	}
	if config.SyncEvery <= 0 {
		config.SyncEvery = DefaultSyncEvery
	}
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	unlock, err := lock(filepath.Join(config.Dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("spool: %s: %w", config.Dir, err)
	}
	s := &Spool{config: config, unlock: unlock, entries: map[string]*entry{}}
	if err := s.recover(); err != nil {
		s.closeFiles()
		return nil, errors.Join(err, unlock())
	}
	return s, nil
}

// Begin notes an entry before its work is begun. The id must be new. An error means that nothing was noted and the work must not begin.
func (s *Spool) Begin(id string, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return os.ErrClosed
	}
	if s.failure != nil {
		return s.failure
	}
	if _, known := s.entries[id]; known {
		return fmt.Errorf("spool: %s was begun before", id)
	}
	size := recordBytes(id, payload) + finishRoom
	if s.live+size > s.maxLive() {
		return ErrFull
	}
	at, err := s.append(begun, id, payload)
	if err != nil {
		return err
	}
	s.entries[id] = &entry{Entry: Entry{ID: id, Begun: payload}, bytes: size, in: []*segment{at}}
	at.live++
	s.live += size
	return nil
}

// Finish notes how an entry ended. There is room for it however full the spool is. After an error it is noted in memory, so that Entries has it, and
// is lost with the process.
func (s *Spool) Finish(id string, payload []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.entries[id]
	if !known {
		return fmt.Errorf("spool: %s was not begun", id)
	}
	if more := recordBytes(id, payload) - finishRoom; more > 0 && e.Finished == nil {
		e.bytes += more
		s.live += more
	}
	e.Finished = payload
	at, err := s.append(finished, id, payload)
	if err != nil {
		return err
	}
	e.in = append(e.in, at)
	at.live++
	return nil
}

// Done forgets an entry. One that is not known was forgotten before. After an error it may be there again when the spool is opened.
func (s *Spool) Done(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.entries[id]
	if !known {
		return nil
	}
	_, err := s.append(done, id, nil)
	delete(s.entries, id)
	s.live -= e.bytes
	for _, in := range e.in {
		in.live--
	}
	return errors.Join(err, s.drop())
}

// Sync syncs what was written so far: it survives the end of the machine then.
func (s *Spool) Sync() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return os.ErrClosed
	}
	file := s.last().file // those before it were synced when it was begun
	s.mu.Unlock()
	if err := file.Sync(); err != nil && !errors.Is(err, os.ErrClosed) { // dropped meanwhile: nothing in it counts
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// Close syncs and closes the files. Entries that are not done stay in them.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.syncing != nil {
		s.syncing.Stop()
	}
	err := s.last().file.Sync()
	s.closeFiles()
	return errors.Join(err, s.unlock())
}

func (s *Spool) maxLive() int64 { return s.config.MaxBytes / 2 }

func (s *Spool) last() *segment { return s.segments[len(s.segments)-1] }

func (s *Spool) closeFiles() {
	for _, each := range s.segments {
		_ = each.file.Close() // it was synced, or is not needed any more
	}
}

// drop deletes the oldest segments that no entry is in. Only the oldest: a later one may say of an entry in an earlier one that it is done.
func (s *Spool) drop() error {
	for len(s.segments) > 1 && s.segments[0].live == 0 {
		oldest := s.segments[0]
		if err := errors.Join(oldest.file.Close(), os.Remove(oldest.file.Name())); err != nil {
			return fmt.Errorf("spool: %w", err)
		}
		s.segments = slices.Delete(s.segments, 0, 1)
		s.disk -= oldest.size
	}
	return nil
}
