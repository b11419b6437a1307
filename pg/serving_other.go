//go:build !linux

package pg

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// servesCluster reports whether the process is the cluster's server, by its command. A PostgreSQL that was started
// without the full path of a folder may be, and counts as if it were; one with another path is not.
func servesCluster(pid int, cluster string) (bool, error) {
	printed, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	var none *exec.ExitError
	if errors.As(err, &none) {
		return false, nil // there is no such process
	}
	if err != nil {
		return false, fmt.Errorf("look at process %d: %w", pid, err)
	}
	said := string(printed)
	if !strings.Contains(said, "postgres") || strings.HasPrefix(said, "postgres: ") { // the latter is a server's child
		return false, nil
	}
	return strings.Contains(said, cluster) || !strings.Contains(said, "-D /"), nil
}
