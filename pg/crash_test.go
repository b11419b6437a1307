package pg

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A program killed with no chance to tidy up takes its server with it, and its data is there for the next.
func TestKilledProgramLeavesNoServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	killed := startProgram(t, "hold", dirVariable+"="+dir)
	server := killed.held(t)
	execute(t, server.URL, "CREATE TABLE kept AS SELECT 'still here' AS word")
	killed.kill(t)
	awaitGone(t, server.PID, 20*time.Second)

	next := startServer(t, Config{DataDir: dir})
	if word := query(t, next.URL(), "SELECT word FROM kept"); word != "still here" {
		t.Errorf("the next run reads %q", word)
	}
}

// The next start need not wait for that end itself: it takes over from a server that is still leaving.
func TestStartRightAfterAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 3 {
		killed := startProgram(t, "hold", dirVariable+"="+dir)
		killed.held(t)
		killed.kill(t)
	}
	startServer(t, Config{DataDir: dir})
}

// The folder of a killed program's temporary server is removed by a later start, and no folder in use is.
func TestStaleTemporaryFoldersAreSwept(t *testing.T) {
	t.Parallel()
	living := startServer(t, Config{Temporary: true})
	killed := startProgram(t, "hold")
	dead := killed.held(t)
	killed.kill(t)
	awaitGone(t, dead.PID, 20*time.Second)

	sweepTemporary(os.TempDir(), slog.New(slog.DiscardHandler))
	awaitSwept(t, dead.Folder)
	if word := query(t, living.URL(), "SELECT 'alive'"); word != "alive" {
		t.Errorf("the living server says %q", word)
	}
}

// awaitSwept waits for the removal of a folder, which another test's start may be at. Its lock is free when it is over.
func awaitSwept(t *testing.T, folder string) {
	t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(2 * time.Minute)
	for {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("%s is still there", folder)
		}
	}
}

// A folder with our pattern of a name and without our lock is removed only if it is old, a link never.
func TestSweepLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	parent, elsewhere := t.TempDir(), t.TempDir()
	fresh, old := filepath.Join(parent, unlockedPrefix+"1"), filepath.Join(parent, unlockedPrefix+"2")
	link, unused := filepath.Join(parent, temporaryPrefix+"1"), filepath.Join(parent, temporaryPrefix+"2")
	for _, dir := range []string{fresh, old, unused} {
		must(t, os.Mkdir(dir, 0o700))
	}
	must(t, os.Chtimes(old, time.Now(), time.Now().Add(-2*unlockedAge)))
	must(t, os.Symlink(elsewhere, link))

	sweepTemporary(parent, slog.New(slog.DiscardHandler))
	entries, err := os.ReadDir(parent)
	must(t, err)
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	if want := filepath.Base(fresh) + " " + filepath.Base(link); strings.Join(left, " ") != want {
		t.Errorf("left are %v, want %s", left, want)
	}
	if _, err := os.Stat(elsewhere); err != nil {
		t.Error(err)
	}
}

// A server killed under the program is noticed and explained, and the same folder starts again with what was committed.
func TestKilledServerIsNoticedAndRecovers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startServer(t, Config{DataDir: dir})
	execute(t, server.URL(), "CREATE TABLE kept AS SELECT 'committed' AS word")
	if server.Err() != nil {
		t.Errorf("a running server has the error %v", server.Err())
	}
	must(t, syscall.Kill(server.PID(), syscall.SIGKILL))
	select {
	case <-server.Done():
	case <-time.After(2 * time.Minute):
		t.Fatal("nobody noticed")
	}
	wantError(t, server.Err(), "killed", "ready to accept connections")
	must(t, server.Stop())

	next := startServer(t, Config{DataDir: dir})
	if word := query(t, next.URL(), "SELECT word FROM kept"); word != "committed" {
		t.Errorf("after the recovery: %q", word)
	}
}

// A postmaster.pid of a killed server whose process id now belongs to another process of the same account, as it soon
// does in a container, does not block the folder.
func TestReusedProcessIDIsSeenThrough(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startServer(t, Config{DataDir: dir})
	must(t, server.Stop())
	account, err := accountFor(server.folder.cluster())
	must(t, err)
	other := exec.Command("sleep", "600")
	other.SysProcAttr = systemAttributes(account.credential())
	must(t, other.Start())
	t.Cleanup(func() { must(t, other.Process.Kill()); _ = other.Wait() })
	stale := postmasterFile(server.folder.cluster())
	must(t, os.WriteFile(stale, []byte(strconv.Itoa(other.Process.Pid)+"\n/somewhere\n1\n5432\n\n127.0.0.1\n0 0\nready\n"), 0o600))
	must(t, account.takeOver(stale))

	startServer(t, Config{DataDir: dir})
}

// A server that somebody else runs on the cluster is neither stopped nor joined by a second one.
func TestForeignServerIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startServer(t, Config{DataDir: dir})
	must(t, server.folder.lock.release()) // as if no program of ours were there
	starter := newStarter()
	starter.leaving = time.Millisecond
	_, err := starter.start(t.Context(), Config{DataDir: dir})
	wantError(t, err, "not started here", strconv.Itoa(server.PID()))
	query(t, server.URL(), "SELECT 'alive'")
	server.folder.lock, err = acquireLock(server.folder.path)
	must(t, err)
}
