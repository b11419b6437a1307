package spool_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"bursar/gateway/spool"
)

func open(t *testing.T, dir string, maxBytes int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(spool.Config{Dir: dir, MaxBytes: maxBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// content describes the entries of a spool.
func content(s *spool.Spool) string {
	var all []string
	for _, e := range s.Entries() {
		all = append(all, fmt.Sprintf("%s %s %s", e.ID, e.Begun, e.Finished))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// files returns the names of a spool's files, the oldest first.
func files(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.spool"))
	must(t, err)
	slices.Sort(names)
	return names
}

// What was begun and finished is there when the spool is opened again, until it is done.
func TestEntriesSurvive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	for _, id := range []string{"a", "b", "c"} {
		must(t, s.Begin(id, []byte("begun-"+id)))
	}
	must(t, s.Finish("b", []byte("finished-b")))
	must(t, s.Finish("c", []byte("finished-c")))
	must(t, s.Done("c"))
	must(t, s.Done("never begun"))
	const want = "a begun-a , b begun-b finished-b"
	for range 3 {
		if got := content(s); got != want {
			t.Errorf("got %q", got)
		}
		must(t, s.Close())
		s = open(t, dir, 0)
	}
	if err := s.Begin("a", nil); err == nil {
		t.Error("an id was begun twice")
	}
	if err := s.Finish("c", nil); err == nil {
		t.Error("an entry that is done was finished")
	}
	if !s.Has("a") || s.Has("c") {
		t.Error("Has")
	}
}

// A second process is refused the folder, and a closed spool refuses entries.
func TestFolderIsLocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	if _, err := spool.Open(spool.Config{Dir: dir}); err == nil {
		t.Error("a folder was opened twice")
	}
	must(t, s.Close())
	if err := s.Begin("late", nil); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if _, err := spool.Open(spool.Config{Dir: dir, MaxBytes: 1}); err == nil {
		t.Error("a spool of one byte was opened")
	}
}

// Wherever the last write was torn, everything before it is there, and the spool goes on.
func TestTornWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	must(t, s.Begin("first", []byte("1")))
	must(t, s.Finish("first", []byte("2")))
	name := files(t, dir)[0]
	whole, err := os.Stat(name)
	must(t, err)
	must(t, s.Begin("torn", []byte("never whole")))
	must(t, s.Close())
	content2, err := os.ReadFile(name)
	must(t, err)
	for cut := whole.Size(); cut < int64(len(content2)); cut++ {
		must(t, os.WriteFile(name, content2[:cut], 0o600))
		s := open(t, dir, 0)
		if got := content(s); got != "first 1 2" {
			t.Fatalf("cut at %d: %q", cut, got)
		}
		must(t, s.Begin("next", nil))
		must(t, s.Done("next"))
		must(t, s.Close())
	}
}

// Damage in the middle of a file costs the records that it touches and no others, and is counted.
func TestDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 0)
	for i := range 20 {
		must(t, s.Begin(fmt.Sprint(i), []byte("payload")))
	}
	must(t, s.Close())
	name := files(t, dir)[0]
	whole, err := os.ReadFile(name)
	must(t, err)
	size := bytes.Index(whole[1:], []byte("payload")) + len("payload") + 1 // of the first records
	for at := 5 * size; at < 6*size; at++ {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x40
		must(t, os.WriteFile(name, damaged, 0o600))
		s := open(t, dir, 0)
		if stats := s.Stats(); stats.Entries != 19 || stats.Damaged == 0 || s.Has("5") {
			t.Fatalf("one byte at %d: %+v", at, stats)
		}
		must(t, s.Close())
	}
}

// A full spool refuses entries before they begin, still takes the ends of those that have begun, and has room again when they are done.
func TestFull(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), spool.MinMaxBytes)
	payload := bytes.Repeat([]byte("x"), 500)
	var begun []string
	for i := 0; ; i++ {
		id := fmt.Sprint(i)
		err := s.Begin(id, payload)
		if errors.Is(err, spool.ErrFull) {
			break
		}
		must(t, err)
		begun = append(begun, id)
	}
	if len(begun) < 10 {
		t.Errorf("only %d entries fit", len(begun))
	}
	if err := s.Check(); !errors.Is(err, spool.ErrFull) {
		t.Error(err)
	}
	for _, id := range begun {
		must(t, s.Finish(id, payload))
	}
	for _, id := range begun {
		must(t, s.Done(id))
	}
	must(t, s.Check())
	must(t, s.Begin("again", payload))
}

// However many entries pass through, the files stay within their bound, while one entry stays that is never done.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, spool.MinMaxBytes)
	must(t, s.Begin("stays", []byte("begun")))
	must(t, s.Finish("stays", []byte("finished")))
	payload := bytes.Repeat([]byte("x"), 700)
	for i := range 2000 {
		id := fmt.Sprint(i)
		must(t, s.Begin(id, payload))
		must(t, s.Finish(id, payload))
		must(t, s.Done(id))
		if disk := s.Stats().DiskBytes; disk > spool.MinMaxBytes {
			t.Fatalf("%d bytes of files after %d entries", disk, i)
		}
	}
	size := int64(0)
	for _, name := range files(t, dir) {
		info, err := os.Stat(name)
		must(t, err)
		size += info.Size()
	}
	if size > spool.MinMaxBytes || size != s.Stats().DiskBytes {
		t.Errorf("%d bytes of files, want %d", size, s.Stats().DiskBytes)
	}
	must(t, s.Close())
	if got := content(open(t, dir, spool.MinMaxBytes)); got != "stays begun finished" {
		t.Errorf("got %q", got)
	}
}

// Any number of callers may use it at the same time, and none of their entries is lost.
func TestConcurrently(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	var callers sync.WaitGroup
	for caller := range 16 {
		callers.Go(func() {
			for i := range 200 {
				id := fmt.Sprintf("%d-%d", caller, i)
				if err := s.Begin(id, []byte(id)); err != nil {
					t.Error(err)
				}
				if err := s.Finish(id, []byte(id)); err != nil {
					t.Error(err)
				}
				if i%20 == 0 {
					continue // not done
				}
				if err := s.Done(id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	callers.Wait()
	must(t, s.Close())
	s = open(t, dir, 1<<20)
	if n := len(s.Entries()); n != 16*10 {
		t.Errorf("%d entries are left, want 160", n)
	}
	for _, e := range s.Entries() {
		if string(e.Begun) != e.ID || string(e.Finished) != e.ID {
			t.Errorf("%+v", e)
		}
	}
}
