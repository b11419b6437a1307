package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// segment is one of the files.
type segment struct {
	file *os.File
	size int64 // up to which it is written
	live int   // records of entries that are not done
}

// kind is what a record says of its entry.
type kind byte

const (
	begun    kind = 'b'
	finished kind = 'f'
	done     kind = 'd'
)

// A record is its length (4 bytes, little endian, of all that follows the checksum), the CRC-32C of that, and then: the kind, the length of the
// id (2 bytes), the id, the payload.
const (
	prefixBytes = 8
	fixedBytes  = 3
)

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // made once

func recordBytes(id string, payload []byte) int64 {
	return int64(prefixBytes + fixedBytes + len(id) + len(payload))
}

func encode(of kind, id string, payload []byte) []byte {
	record := make([]byte, prefixBytes, recordBytes(id, payload))
	record = append(record, byte(of))
	record = binary.LittleEndian.AppendUint16(record, uint16(len(id))) //nolint:gosec // checked by append
	record = append(record, id...)
	record = append(record, payload...)
	binary.LittleEndian.PutUint32(record, uint32(len(record)-prefixBytes)) //nolint:gosec // a segment's length at most
	binary.LittleEndian.PutUint32(record[4:], crc32.Checksum(record[prefixBytes:], castagnoli()))
	return record
}

// decode reads the record at the beginning of data; ok is false when there is none that is whole.
func decode(data []byte) (of kind, id string, payload []byte, size int, ok bool) {
	if len(data) < prefixBytes+fixedBytes {
		return 0, "", nil, 0, false
	}
	length := int64(binary.LittleEndian.Uint32(data))
	if length < fixedBytes || length > int64(len(data)-prefixBytes) {
		return 0, "", nil, 0, false
	}
	body := data[prefixBytes : prefixBytes+length]
	if crc32.Checksum(body, castagnoli()) != binary.LittleEndian.Uint32(data[4:]) {
		return 0, "", nil, 0, false
	}
	of = kind(body[0])
	idBytes := int(binary.LittleEndian.Uint16(body[1:]))
	if idBytes > len(body)-fixedBytes || of != begun && of != finished && of != done {
		return 0, "", nil, 0, false
	}
	body = body[fixedBytes:]
	return of, string(body[:idBytes]), slices.Clone(body[idBytes:]), prefixBytes + int(length), true
}

// append writes a record to the last segment, and begins a new one if that is full.
func (s *Spool) append(of kind, id string, payload []byte) (*segment, error) {
	if len(id) == 0 || len(id) > 1<<10 || len(payload) > maxSegmentBytes {
		return nil, fmt.Errorf("spool: an id of %d bytes or a payload of %d bytes is none or too long", len(id), len(payload))
	}
	if s.last().size >= s.segmentBytes() {
		if err := s.rotate(); err != nil {
			return nil, err
		}
	}
	record := encode(of, id, payload)
	at := s.last()
	if _, err := at.file.WriteAt(record, at.size); err != nil {
		// what was written of it is cut off now, or overwritten by the next record, or not read for its checksum
		return nil, errors.Join(fmt.Errorf("spool: %w", err), at.file.Truncate(at.size))
	}
	at.size += int64(len(record))
	s.disk += int64(len(record))
	s.scheduleSync()
	return at, nil
}

func (s *Spool) segmentBytes() int64 { return min(maxSegmentBytes, s.config.MaxBytes/16) }

// rotate begins a new segment. When the files have grown to what they may be, what is left in the oldest ones is written anew.
func (s *Spool) rotate() error {
	if err := s.open(); err != nil {
		return err
	}
	for range len(s.segments) - 1 {
		if s.disk < s.config.MaxBytes-2*s.segmentBytes() {
			break
		}
		if err := s.move(s.segments[0]); err != nil {
			return err
		}
	}
	return s.drop()
}

// open begins a new segment.
func (s *Spool) open() error {
	name := filepath.Join(s.config.Dir, fmt.Sprintf("%016x.spool", s.next))
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if len(s.segments) > 0 {
		previous := s.last().file
		if err := previous.Sync(); err != nil { // scheduleSync syncs the last one alone
			return errors.Join(fmt.Errorf("spool: %w", err), file.Close(), os.Remove(name))
		}
	}
	s.next++
	s.segments = append(s.segments, &segment{file: file})
	return nil
}

// move writes the entries of a segment anew, to the last one, so that it can be dropped.
func (s *Spool) move(from *segment) error {
	for id, e := range s.entries {
		if !slices.Contains(e.in, from) {
			continue
		}
		to := s.last()
		records := encode(begun, id, e.Begun)
		number := 1
		if e.Finished != nil {
			records = append(records, encode(finished, id, e.Finished)...)
			number++
		}
		if _, err := to.file.WriteAt(records, to.size); err != nil {
			return errors.Join(fmt.Errorf("spool: %w", err), to.file.Truncate(to.size))
		}
		to.size += int64(len(records))
		s.disk += int64(len(records))
		for _, in := range e.in {
			in.live--
		}
		e.in = slices.Repeat([]*segment{to}, number)
		to.live += number
	}
	return s.drop()
}

// scheduleSync has the last segment synced soon.
func (s *Spool) scheduleSync() {
	if !s.dirty {
		s.dirty = true
		s.syncing = time.AfterFunc(s.config.SyncEvery, s.sync)
	}
}

// sync syncs the last segment. While it fails, entries are refused, and it is tried again.
func (s *Spool) sync() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.dirty = false
	file := s.last().file
	s.mu.Unlock()
	err := file.Sync()
	if errors.Is(err, os.ErrClosed) { // dropped or closed meanwhile, which syncs what counts
		return
	}
	s.mu.Lock()
	s.failure = nil
	if err != nil {
		s.failure = fmt.Errorf("spool: %w", err)
		if !s.closed {
			s.scheduleSync()
		}
	}
	s.mu.Unlock()
	if err != nil && s.config.Failed != nil {
		s.config.Failed(err)
	}
}
