package pg

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

func skipUnlessRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root's server runs as another account")
	}
}

// Root's server runs as an ordinary account and works in a folder that this account cannot reach by its path, such as
// a project below /root.
func TestRootWorksBelowClosedFolder(t *testing.T) {
	t.Parallel()
	skipUnlessRoot(t)
	closed := filepath.Join(publicFolder(t), "closed")
	must(t, os.Mkdir(closed, 0o700))
	dir := filepath.Join(closed, "project", ".bursar")
	for range 2 {
		server := startNew(t, Config{DataDir: dir})
		account, err := accountFor(server.folder.cluster())
		must(t, err)
		if barrier, err := account.barrier(server.folder.cluster()); err != nil || barrier != closed {
			t.Errorf("the barrier is %q, %v; want %q", barrier, err, closed)
		}
		execute(t, server.URL(), "CHECKPOINT")
		execute(t, server.URL(), "CREATE TABLE IF NOT EXISTS numbers AS SELECT generate_series(1, 1000) AS number")
		execute(t, server.URL(), "SELECT pg_reload_conf()")
		owner, _, err := ownerOf(filepath.Join("/proc", query(t, server.URL(), "SELECT pg_backend_pid()::text")))
		must(t, err)
		if owner.Uid == 0 {
			t.Error("a backend runs as root")
		}
		must(t, server.Stop())
	}
}

// Where the path is open the server is given it, so that process lists and data_directory name it.
func TestRootUsesThePathWhereItCan(t *testing.T) {
	t.Parallel()
	skipUnlessRoot(t)
	dir := filepath.Join(publicFolder(t), "data")
	server := startNew(t, Config{DataDir: dir})
	if got := query(t, server.URL(), "SHOW data_directory"); got != server.folder.cluster() {
		t.Errorf("the server works in %s", got)
	}
}

// A cluster that came into root's possession, by copying it for one, works nevertheless.
func TestRootsOwnClusterIsHandedOver(t *testing.T) {
	t.Parallel()
	skipUnlessRoot(t)
	dir := t.TempDir()
	server := startServer(t, Config{DataDir: dir})
	execute(t, server.URL(), "CREATE TABLE kept AS SELECT 'still here' AS word")
	must(t, server.Stop())
	must(t, account{uid: 0, gid: 0, switched: true}.takeOver(dir))

	again := startServer(t, Config{DataDir: dir})
	if word := query(t, again.URL(), "SELECT word FROM kept"); word != "still here" {
		t.Errorf("after the copy: %q", word)
	}
}

// Binaries that the account cannot reach are named in the error, with what bars the way.
func TestUnreachableBinariesAreExplained(t *testing.T) {
	t.Parallel()
	skipUnlessRoot(t)
	closed := filepath.Join(publicFolder(t), "closed")
	must(t, os.Mkdir(closed, 0o700))
	fakePostgres(t, filepath.Join(closed, "bin"), "postgres (PostgreSQL) 16.1")
	_, err := Start(t.Context(), Config{DataDir: t.TempDir(), BinDir: filepath.Join(closed, "bin")})
	wantError(t, err, closed, "does not let that account through")
}

// An ordinary user's server runs as that user, kept and temporary; root may use the kept one and leaves it usable.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	skipUnlessRoot(t)
	home := publicFolder(t)
	executable := copyExecutable(t, home)
	dir := filepath.Join(home, "data")
	user := account{uid: 65534, gid: 65534, switched: true}
	must(t, os.Mkdir(dir, 0o700))
	must(t, user.takeOver(dir))
	asUser := func(dir string) *program {
		child := exec.Command(executable)
		child.Dir = home
		child.SysProcAttr = &syscall.SysProcAttr{Credential: user.credential()}
		return startExecutable(t, child, "hold", dirVariable+"="+dir, "HOME="+home)
	}
	for _, where := range []string{dir, ""} {
		program := asUser(where)
		if owner, _, err := ownerOf(program.held(t).Folder + "/cluster"); err != nil || owner.Uid != user.uid {
			t.Errorf("the cluster belongs to uid %d, %v", owner.Uid, err)
		}
		program.stop(t)
	}
	must(t, startServer(t, Config{DataDir: dir}).Stop())
	again := asUser(dir)
	again.held(t)
	again.stop(t)
}

// copyExecutable puts this test binary where any account can run it.
func copyExecutable(t *testing.T, dir string) string {
	t.Helper()
	path, err := os.Executable()
	must(t, err)
	source, err := os.Open(path)
	must(t, err)
	defer source.Close()
	syscall.ForkLock.RLock() // a child started meanwhile would keep the file open for writing, and the kernel refuse to run it
	defer syscall.ForkLock.RUnlock()
	target, err := os.OpenFile(filepath.Join(dir, "program"), os.O_CREATE|os.O_WRONLY, 0o755)
	must(t, err)
	_, err = io.Copy(target, source)
	must(t, err)
	must(t, target.Close())
	return target.Name()
}
