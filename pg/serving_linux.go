package pg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// servesCluster reports whether the process is the cluster's server: PostgreSQL works in its data folder, and nobody
// else does. A process that is gone, or dead and not yet reaped, works nowhere.
func servesCluster(pid int, cluster string) (bool, error) {
	works, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ESRCH) {
		return false, nil // another account's process cannot serve this account's cluster
	}
	if err != nil {
		return false, fmt.Errorf("look at process %d: %w", pid, err)
	}
	data, err := os.Stat(cluster)
	if err != nil {
		return false, fmt.Errorf("look at the cluster: %w", err)
	}
	return os.SameFile(works, data), nil
}
