package pg

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// route is how a process of an account names a folder of its own.
//
// A folder below /root, or below any home with mode 0700, cannot be reached through its path by the unprivileged
// account that root's server runs as, though the account owns the folder itself. Moving the data elsewhere would
// surprise whoever deletes or copies the folder, and giving the server a capability to pass anywhere would let it
// read every file of the machine. So the process inherits the opened folder and names it /proc/self/fd/3: the kernel
// goes straight to the folder and asks for no permission on the way. PostgreSQL hands descriptors it does not know
// of to its children, so the name means the same in all of them.
type route struct {
	path string
	dir  *os.File // to be inherited as descriptor 3; nil if the path alone leads there
}

// routeTo returns the account's route to an existing folder. Close it once the process has started.
func (a account) routeTo(folder string) (route, error) {
	barrier, err := a.barrier(folder)
	if err != nil {
		return route{}, err
	}
	if barrier == "" {
		return route{path: folder}, nil
	}
	path, supported := inheritedPath(3)
	if !supported {
		return route{}, fmt.Errorf("as root, PostgreSQL runs as %s, and %s does not let that account through to %s: "+
			"name a data folder elsewhere, or run as an ordinary user", a.name, barrier, folder)
	}
	dir, err := os.Open(folder)
	if err != nil {
		return route{}, fmt.Errorf("open the folder for PostgreSQL: %w", err)
	}
	return route{path: path, dir: dir}, nil
}

func (r route) inherited() []*os.File {
	if r.dir == nil {
		return nil
	}
	return []*os.File{r.dir}
}

func (r route) close() error {
	if r.dir == nil {
		return nil
	}
	return r.dir.Close()
}

// barrier returns the first folder above path that the account may not pass through, or "" if there is none. It
// goes by the mode alone, which is right but for access lists.
func (a account) barrier(path string) (string, error) {
	if !a.switched {
		return "", nil
	}
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", path, err)
	}
	var closed string
	for path != filepath.Dir(path) {
		path = filepath.Dir(path)
		var status syscall.Stat_t
		if err := syscall.Stat(path, &status); err != nil {
			return "", fmt.Errorf("look at %s: %w", path, err)
		}
		if !a.mayPass(status) {
			closed = path
		}
	}
	return closed, nil
}

func (a account) mayPass(status syscall.Stat_t) bool {
	mode := status.Mode
	switch {
	case status.Uid == a.uid:
		return mode&0o100 != 0
	case status.Gid == a.gid:
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}
