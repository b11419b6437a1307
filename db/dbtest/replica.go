package dbtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/session"
	"bursar/pg"
)

// Node is a server of a test's own that replicates: a primary with the schema, or a standby.
type Node struct {
	Server *pg.Server
	Pool   *pgxpool.Pool // as its superuser
	t      testing.TB
	config pg.Config
}

// NewPrimary starts a server that can have standbys, stopped when the test ends.
func NewPrimary(t testing.TB) *Node {
	t.Helper()
	n := &Node{t: t, config: pg.Config{DataDir: t.TempDir(), BinDir: os.Getenv("BURSAR_POSTGRES_BIN"), Settings: map[string]string{
		"wal_keep_size": "256MB", "fsync": "off", "autovacuum": "off",
	}}}
	server, err := StartKept(t.Context(), n.config)
	if err != nil {
		t.Fatal(err)
	}
	n.started(server)
	return n
}

func (n *Node) started(server *pg.Server) {
	n.Server = server
	n.t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			n.t.Error(err)
		}
	})
	n.Pool = newPool(n.t, db.PoolConfig{URL: server.URL(), MaxConnections: 4, Cell: session.AnyCell{}})
}

// Standby makes a standby of a primary, with pg_basebackup, which streams from it.
func (n *Node) Standby() *Node {
	n.t.Helper()
	program, err := os.Readlink("/proc/" + strconv.Itoa(n.Server.PID()) + "/exe")
	if err != nil {
		n.t.Skip("where PostgreSQL's programs are is not known: ", err)
	}
	backup := filepath.Join(filepath.Dir(program), "pg_basebackup")
	if _, err := os.Stat(backup); err != nil {
		n.t.Skip("this PostgreSQL has no pg_basebackup: ", err)
	}
	folder := n.t.TempDir()
	command := exec.CommandContext(n.t.Context(), backup, "--pgdata", filepath.Join(folder, "cluster"), "--dbname", n.Server.URL(),
		"--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
	if output, err := command.CombinedOutput(); err != nil {
		n.t.Fatalf("pg_basebackup: %v\n%s", err, output)
	}
	password, err := os.ReadFile(filepath.Join(n.config.DataDir, "password"))
	if err != nil {
		n.t.Fatal(err)
	}
	for name, content := range map[string][]byte{"bursar.lock": nil, "password": password} { // what makes the folder one of package pg's
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			n.t.Fatal(err)
		}
	}
	s := &Node{t: n.t, config: pg.Config{DataDir: folder, BinDir: n.config.BinDir, Settings: n.config.Settings}}
	server, err := pg.Start(n.t.Context(), s.config)
	if err != nil {
		n.t.Fatal(err)
	}
	s.started(server)
	return s
}

// ServerPool returns a pool on the node, confined as a server's is.
func (n *Node) ServerPool() *pgxpool.Pool {
	n.t.Helper()
	return newPool(n.t, db.PoolConfig{URL: n.Server.URL(), MaxConnections: 10, Role: db.ServerRole, AllowSuperuser: true, Cell: session.AnyCell{}})
}

// Exec executes a statement.
func (n *Node) Exec(statement string, arguments ...any) {
	n.t.Helper()
	if _, err := n.Pool.Exec(n.t.Context(), statement, arguments...); err != nil {
		n.t.Fatal(statement, err)
	}
}

// CatchUp waits until the node has replayed all that a primary has written.
func (n *Node) CatchUp(primary *Node) {
	n.t.Helper()
	var position string
	if err := primary.Pool.QueryRow(n.t.Context(), `select pg_current_wal_flush_lsn()::text`).Scan(&position); err != nil {
		n.t.Fatal(err)
	}
	Await(n.t, n.Pool, `select pg_last_wal_replay_lsn() >= $1::pg_lsn`, position)
}

// Kill is kill -9 of the server; its processes leave by themselves as soon as they notice.
func (n *Node) Kill() {
	n.t.Helper()
	if err := syscall.Kill(n.Server.PID(), syscall.SIGKILL); err != nil {
		n.t.Fatal(err)
	}
	<-n.Server.Done()
}

// Halt halts all processes of the server where they are, until resume is called or the test ends.
func (n *Node) Halt() (resume func()) {
	n.t.Helper()
	processes := []int{n.Server.PID()} // first, so that it starts no more
	rows, err := n.Pool.Query(n.t.Context(), `select pid from pg_stat_activity where pid <> pg_backend_pid()`)
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			n.t.Fatal(err)
		}
		processes = append(processes, pid)
	}
	if rows.Err() != nil {
		n.t.Fatal(rows.Err())
	}
	signal := func(s syscall.Signal) {
		for _, process := range processes {
			if err := syscall.Kill(process, s); err != nil {
				n.t.Error(err)
			}
		}
	}
	resume = sync.OnceFunc(func() { signal(syscall.SIGCONT) })
	n.t.Cleanup(resume)
	signal(syscall.SIGSTOP)
	return resume
}
