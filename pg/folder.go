package pg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// initializingPrefix begins the names of the folders in which clusters are made before they are put in place.
const initializingPrefix = "initializing-"

// folder is a data folder, locked by this program.
type folder struct {
	path      string // absolute, without symbolic links
	temporary bool
	lock      *lock
}

func (f *folder) cluster() string  { return filepath.Join(f.path, "cluster") }
func (f *folder) password() string { return filepath.Join(f.path, "password") }
func (f *folder) log() string      { return filepath.Join(f.path, "postgresql.log") }

// close unlocks the folder; a temporary one is removed first, so that nobody finds it unlocked and half gone.
func (f *folder) close() error {
	var removed error
	if f.temporary {
		removed = removeFolder(f.path)
	}
	return errors.Join(removed, f.lock.release())
}

// openFolder makes and locks the folder that config asks for.
func openFolder(config Config) (*folder, error) {
	if config.Temporary {
		sweepTemporary(os.TempDir(), config.Logger)
		return makeTemporary(os.TempDir())
	}
	return openKept(config.DataDir)
}

func openKept(dir string) (*folder, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	if err := refuseForeign(path); err != nil {
		return nil, err
	}
	lock, err := acquireLock(path)
	if err != nil {
		return nil, err
	}
	return &folder{path: path, lock: lock}, nil
}

// refuseForeign refuses a folder with files that this package did not put there. One that it has used before may
// hold other files besides.
func refuseForeign(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	var foreign []string
	for _, entry := range entries {
		switch entry.Name() {
		case lockName:
			return nil
		case "PG_VERSION":
			return fmt.Errorf("%s is itself a PostgreSQL cluster, made by someone else; "+
				"name an empty folder, or run that server and pass its address as DATABASE_URL", path)
		case ".gitignore", ".gitkeep", ".DS_Store", "lost+found": // of the version control and the file system
		default:
			foreign = append(foreign, entry.Name())
		}
	}
	if len(foreign) > 0 {
		return fmt.Errorf("%s holds files (%s for one) and no PostgreSQL of Bursar's; name another folder", path, foreign[0])
	}
	return nil
}

// clusterMajor returns the major version that the folder's cluster was made by, or 0 if there is no cluster yet.
func (f *folder) clusterMajor() (int, error) {
	content, err := os.ReadFile(filepath.Join(f.cluster(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, f.refuseBrokenCluster()
	}
	if errors.Is(err, fs.ErrPermission) {
		return 0, fmt.Errorf("%w; the folder is another account's: run as that account, or name another folder", err)
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil || major < 1 {
		return 0, fmt.Errorf("%s does not name a major version: %q", filepath.Join(f.cluster(), "PG_VERSION"), content)
	}
	return major, nil
}

// refuseBrokenCluster refuses a cluster folder with files and no version in it: it is damaged or not ours, and
// nothing that exists is ever replaced.
func (f *folder) refuseBrokenCluster() error {
	entries, err := os.ReadDir(f.cluster())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the cluster: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s holds files and no PG_VERSION: it is no PostgreSQL cluster, or a damaged one; "+
			"move it away or name another folder", f.cluster())
	}
	return nil
}

// removeInitializing removes what runs that were killed while they made a cluster left behind. Nothing of it was
// ever in use, and the lock says that no other run is at it now.
func (f *folder) removeInitializing() error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	left := slices.DeleteFunc(entries, func(entry fs.DirEntry) bool {
		return !strings.HasPrefix(entry.Name(), initializingPrefix)
	})
	for _, entry := range left {
		if err := removeFolder(filepath.Join(f.path, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
