package test

import (
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"

	"bursar/db/dbtest"
	"bursar/pg"
)

// durable is a PostgreSQL that keeps what it commits, on a port that stays the same, with Bursar's schema. What a process leaves
// when it is killed survives in memory as on a disk; but a recovery first syncs every file, which takes a disk ten seconds.
type durable struct {
	t      *testing.T
	config pg.Config
	server *pg.Server
}

func newDurable(t *testing.T) *durable {
	t.Helper()
	return newDurableIn(t, t.TempDir(), nil)
}

// newDurableIn is newDurable in a folder, with settings beside the usual ones.
func newDurableIn(t *testing.T, folder string, settings map[string]string) *durable {
	t.Helper()
	d := &durable{t: t, config: pg.Config{
		DataDir: folder, BinDir: os.Getenv("BURSAR_POSTGRES_BIN"), Port: quietPort(t), Settings: settings,
	}}
	server, err := dbtest.StartKept(t.Context(), d.config)
	if err != nil {
		t.Fatal(err)
	}
	d.server = server
	t.Cleanup(func() {
		if err := d.server.Stop(); err != nil {
			t.Error(err)
		}
	})
	pool := postgres.Pool(t, d.server.URL())
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes", "restart_after_crash"} {
		var value string
		if err := pool.QueryRow(t.Context(), "select current_setting($1)", setting).Scan(&value); err != nil || value != "on" {
			t.Fatalf("%s is %q, %v: a crash of this server proves nothing", setting, value, err)
		}
	}
	pool.Close()
	return d
}

func (d *durable) start() {
	d.t.Helper()
	server, err := pg.Start(d.t.Context(), d.config)
	if err != nil {
		d.t.Fatal(err)
	}
	d.server = server
}

// kill is kill -9 of the postmaster; its children leave by themselves as soon as they notice.
func (d *durable) kill() {
	d.t.Helper()
	if err := syscall.Kill(d.server.PID(), syscall.SIGKILL); err != nil {
		d.t.Fatal(err)
	}
	<-d.server.Done()
}

// restart starts the server after a kill: it recovers what was committed.
func (d *durable) restart() {
	d.t.Helper()
	if err := d.server.Stop(); err != nil { // unlocks the folder
		d.t.Fatal(err)
	}
	d.start()
}

// quietPort returns a free port below the range of ephemeral ports: otherwise an outgoing connection could take the port while the
// server is down.
func quietPort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 15_000 + rand.IntN(15_000)
		listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no port is free")
	return 0
}
