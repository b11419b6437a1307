package pg

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	temporaryPrefix = "bursar-postgres-"
	// unlockedPrefix names a temporary folder between its making and its locking. Sweeping leaves these alone, so
	// that it never takes a folder from a program that has just made it.
	unlockedPrefix = "bursar-making-postgres-"
	// unlockedAge is when a folder with that name is surely the leftover of a program killed in between.
	unlockedAge = time.Hour
)

// makeTemporary makes and locks a folder below parent.
func makeTemporary(parent string) (*folder, error) {
	unlocked, err := os.MkdirTemp(parent, unlockedPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chmod(unlocked, 0o711); err != nil { // the server's account passes through
			return nil, errors.Join(err, os.RemoveAll(unlocked))
		}
	}
	lock, err := acquireLock(unlocked)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(unlocked))
	}
	path := filepath.Join(parent, temporaryPrefix+strings.TrimPrefix(filepath.Base(unlocked), unlockedPrefix))
	if err := os.Rename(unlocked, path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(unlocked), lock.release())
	}
	made := &folder{path: path, temporary: true, lock: lock}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, errors.Join(err, made.close())
	}
	made.path = resolved
	return made, nil
}

// sweepTemporary removes the temporary folders of programs that ended without Stop. It is housekeeping: a folder
// that cannot be removed is reported and left to the next start.
func sweepTemporary(parent string, logger *slog.Logger) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		logger.Warn("stale temporary servers were not looked for", "error", err)
		return
	}
	for _, entry := range entries {
		path := filepath.Join(parent, entry.Name())
		var removed bool
		var err error
		switch {
		case strings.HasPrefix(entry.Name(), temporaryPrefix):
			removed, err = sweepUnused(path)
		case strings.HasPrefix(entry.Name(), unlockedPrefix):
			removed, err = sweepUnlocked(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // gone already: another program sweeps too
			logger.Warn("a stale temporary server was not removed", "folder", path, "error", err)
		} else if removed {
			logger.Debug("a stale temporary server was removed", "folder", path)
		}
	}
}

// sweepUnused removes a temporary folder if it is this account's, no program holds its lock and no server runs in it.
func sweepUnused(path string) (bool, error) {
	if own, err := isOwnFolder(path); err != nil || !own {
		return false, err
	}
	lock, err := acquireLock(path)
	if _, used := errors.AsType[*InUseError](err); used {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	stale := &folder{path: path, temporary: true, lock: lock}
	running, err := postmasterOf(stale.cluster())
	if err != nil || running.alive {
		return false, errors.Join(err, lock.release()) // on its way out: the next sweep removes it
	}
	return true, stale.close()
}

// sweepUnlocked removes a folder that was never locked, once it is old. It can hold nothing but the lock file.
func sweepUnlocked(path string) (bool, error) {
	if own, err := isOwnFolder(path); err != nil || !own {
		return false, err
	}
	info, err := os.Lstat(path)
	if err != nil || time.Since(info.ModTime()) < unlockedAge {
		return false, err
	}
	return true, os.RemoveAll(path)
}

// isOwnFolder reports whether path is a folder, not a link to one, of this program's account. Anyone may put names
// of our pattern into a shared temporary folder.
func isOwnFolder(path string) (bool, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return false, err
	}
	status, known := info.Sys().(*syscall.Stat_t)
	return info.IsDir() && known && int(status.Uid) == os.Geteuid(), nil
}
