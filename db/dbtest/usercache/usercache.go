// Package usercache keeps what takes tests long to make in the user's folder for such files, from one run to the next.
package usercache

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// making ends the name of a folder that is not whole yet.
const making = ".making"

// Cache is a folder of folders that take time to make. Processes that use it at the same time wait for each other.
type Cache struct {
	folder string
	most   int // folders that are kept
}

// Open returns the cache of a name, which keeps a number of folders: those that were used last. It fails where the user has no folder for
// such files, or may not write there.
func Open(name string, most int) (Cache, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return Cache{}, err
	}
	c := Cache{filepath.Join(folder, "bursar", name), most}
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return Cache{}, err
	}
	lock, err := c.lock()
	if err != nil {
		return Cache{}, err
	}
	return c, lock.Close()
}

func (c Cache) lock() (*os.File, error) {
	return os.OpenFile(filepath.Join(c.folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
}

// With calls use with the folder of a name, which fill makes if it is not there. The folder is there and does not change
// until use returns. A program that is killed in between leaves nothing that another one takes for whole.
func (c Cache) With(name string, fill, use func(folder string) error) (err error) {
	lock, err := c.lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }() // and unlocks
	folder := filepath.Join(c.folder, name)
	for {
		if err := flock(lock, syscall.LOCK_SH); err != nil {
			return err
		}
		if now := time.Now(); os.Chtimes(folder, now, now) == nil { // for prune
			return use(folder)
		}
		if err := flock(lock, syscall.LOCK_EX); err != nil { // others may make it meanwhile
			return err
		}
		if _, err := os.Stat(folder); err == nil {
			continue
		}
		if err := c.prune(); err != nil {
			return err
		}
		if err := fill(folder + making); err != nil {
			return err
		}
		if err := os.Rename(folder+making, folder); err != nil {
			return err
		}
	}
}

// prune removes what was not finished and what was used longest ago, and leaves room for one more. The caller has the cache for itself.
func (c Cache) prune() error {
	entries, err := os.ReadDir(c.folder)
	if err != nil {
		return err
	}
	used := map[string]time.Time{}
	var names []string
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			continue
		}
		names = append(names, entry.Name())
		if !strings.HasSuffix(entry.Name(), making) {
			used[entry.Name()] = info.ModTime()
		}
	}
	slices.SortFunc(names, func(a, b string) int { return used[b].Compare(used[a]) })
	for i, name := range names {
		if _, whole := used[name]; whole && i < c.most-1 {
			continue
		}
		if err := os.RemoveAll(filepath.Join(c.folder, name)); err != nil {
			return err
		}
	}
	return nil
}

// flock takes a lock of a kind, or changes it, and waits for it.
func flock(file *os.File, kind int) error {
	for {
		err := syscall.Flock(int(file.Fd()), kind)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
