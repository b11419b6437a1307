package test

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/session"
	"bursar/pg"
)

// standbyName is the name by which a primary knows its standby.
const standbyName = "standby"

// replicating are the settings of servers that replicate to each other.
func replicating() map[string]string {
	return map[string]string{"cluster_name": standbyName, "wal_keep_size": "256MB"}
}

// standby makes a standby of a server, which streams from it, with pg_basebackup.
func (d *durable) standby(port int) *durable {
	d.t.Helper()
	program, err := os.Readlink("/proc/" + strconv.Itoa(d.server.PID()) + "/exe")
	if err != nil {
		d.t.Skip("where PostgreSQL's programs are is not known: ", err)
	}
	backup := filepath.Join(filepath.Dir(program), "pg_basebackup")
	if _, err := os.Stat(backup); err != nil {
		d.t.Skip("this PostgreSQL has no pg_basebackup: ", err)
	}
	folder := d.t.TempDir()
	command := exec.CommandContext(d.t.Context(), backup, "--pgdata", filepath.Join(folder, "cluster"), "--dbname", d.server.URL(),
		"--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
	if output, err := command.CombinedOutput(); err != nil {
		d.t.Fatalf("pg_basebackup: %v\n%s", err, output)
	}
	password, err := os.ReadFile(filepath.Join(d.config.DataDir, "password"))
	if err != nil {
		d.t.Fatal(err)
	}
	for name, content := range map[string][]byte{"bursar.lock": nil, "password": password} { // what makes the folder one of package pg's
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	s := &durable{t: d.t, config: pg.Config{DataDir: folder, BinDir: d.config.BinDir, Port: port, Settings: d.config.Settings}}
	s.start()
	d.t.Cleanup(func() {
		if err := s.server.Stop(); err != nil {
			d.t.Error(err)
		}
	})
	return s
}

// waitFor has commits wait for the standby, and returns when it is in step; or for nobody.
func (d *durable) waitFor(standby bool) {
	d.t.Helper()
	pool := d.pool()
	defer pool.Close()
	names := ""
	if standby {
		names = standbyName
	}
	for _, statement := range []string{`alter system set synchronous_standby_names = '` + names + `'`, `select pg_reload_conf()`} {
		if _, err := pool.Exec(d.t.Context(), statement); err != nil {
			d.t.Fatal(statement, err)
		}
	}
	if standby {
		dbtest.Await(d.t, pool, `select exists (select from pg_stat_replication where sync_state = 'sync' and flush_lsn >= sent_lsn)`)
	}
}

// promote makes a primary of a standby. What it replays meanwhile may cancel statements there.
func (d *durable) promote() {
	d.t.Helper()
	pool := d.pool()
	defer pool.Close()
	var failed error
	for deadline := time.After(waitTimeout); ; {
		var promoted bool
		failed = pool.QueryRow(d.t.Context(), `select case when pg_is_in_recovery() then not pg_promote(false) else true end`).Scan(&promoted)
		if failed == nil && promoted {
			return
		}
		select {
		case <-d.t.Context().Done():
			return
		case <-deadline:
			log, _ := os.ReadFile(d.server.LogFile())
			d.t.Fatalf("the standby is not promoted: %v; its log:\n%s", failed, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// pool returns a pool on the server as its superuser.
func (d *durable) pool() *pgxpool.Pool {
	d.t.Helper()
	pool, err := db.NewPool(d.t.Context(), db.PoolConfig{URL: d.server.URL(), MaxConnections: 2, Cell: session.AnyCell{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return pool
}

// urlOfBoth is the URL of the primary of two servers, whichever it is.
func urlOfBoth(t *testing.T, one, other *durable) string {
	t.Helper()
	both, err := url.Parse(one.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	both.Host += ",127.0.0.1:" + strconv.Itoa(other.config.Port)
	both.RawQuery = "sslmode=disable&target_session_attrs=read-write"
	return both.String()
}

// sender returns the process that sends to the standby.
func (d *durable) sender() []int {
	d.t.Helper()
	pool := d.pool()
	defer pool.Close()
	var pid int
	if err := pool.QueryRow(d.t.Context(), `select pid from pg_stat_replication`).Scan(&pid); err != nil {
		d.t.Fatal(err)
	}
	return []int{pid}
}
