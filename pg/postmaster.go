package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// postmasterPause is the interval at which PostgreSQL's own files are polled.
const postmasterPause = 10 * time.Millisecond

// postmaster is what a cluster's postmaster.pid says.
type postmaster struct {
	pid   int  // 0 if there is no such file
	ready bool // clients are let in
	alive bool // the process exists and serves this very cluster
}

// postmasterOf reads a cluster's postmaster.pid and checks it against the processes of the machine.
func postmasterOf(cluster string) (postmaster, error) {
	read, err := readPostmaster(cluster)
	if err != nil || read.pid == 0 {
		return read, err
	}
	read.alive, err = servesCluster(read.pid, cluster)
	return read, err
}

// readPostmaster reads the file: the first line is the process id, the eighth the state. It is written in steps.
func readPostmaster(cluster string) (postmaster, error) {
	content, err := os.ReadFile(postmasterFile(cluster))
	if errors.Is(err, fs.ErrNotExist) {
		return postmaster{}, nil
	}
	if err != nil {
		return postmaster{}, fmt.Errorf("read the server's state: %w", err)
	}
	lines := strings.Split(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return postmaster{}, nil //nolint:nilerr // the id has not been written yet
	}
	if pid < 0 { // a single-user PostgreSQL writes its id so
		pid = -pid
	}
	return postmaster{pid: pid, ready: len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"}, nil
}

func postmasterFile(cluster string) string { return filepath.Join(cluster, "postmaster.pid") }

// awaitPostmaster waits until the server that a killed program left in the cluster is gone: the system has told it
// to leave, and it needs a moment. A server that stays was started by someone else and is left alone.
//
// PostgreSQL itself clears away the postmaster.pid of a server that is gone, unless the id belongs to another
// process of the account by now, as it soon does in a container. That file is removed here.
func awaitPostmaster(ctx context.Context, cluster string, leaving time.Duration) error {
	ticker := time.NewTicker(postmasterPause)
	defer ticker.Stop()
	limit := time.NewTimer(leaving)
	defer limit.Stop()
	for {
		found, err := postmasterOf(cluster)
		if err != nil {
			return err
		}
		if !found.alive {
			return removeStale(cluster, found.pid)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-limit.C:
			return fmt.Errorf("a PostgreSQL server that was not started here (process %d) runs on %s: stop it, with "+
				"`kill -INT %d` for one", found.pid, cluster, found.pid)
		case <-ticker.C:
		}
	}
}

// removeStale removes a postmaster.pid whose process exists and is not the cluster's server. The file of a process
// that is gone stays for PostgreSQL, which checks by it that no backend of the dead server still writes.
func removeStale(cluster string, pid int) error {
	if pid == 0 || !processExists(pid) {
		return nil
	}
	if err := os.Remove(postmasterFile(cluster)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("clear the way for the server: %w", err)
	}
	return nil
}
