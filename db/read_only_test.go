package db_test

import (
	"net"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/confirmed"
	"bursar/db/failover"
	"bursar/fault"
)

// While a server takes no writes, statements that write are UNAVAILABLE and have had no effect. They lose their connection, so that they
// reach a server that takes writes as soon as there is one, although the connections were made before.
func TestReadOnlyServerIsUnavailable(t *testing.T) {
	t.Parallel()
	owner := server.New(t)
	execute := func(statement string) {
		t.Helper()
		if _, err := owner.Exec(t.Context(), statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	execute(`create table notes (way text)`)
	execute(`do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`)
	control, err := db.NewPool(t.Context(), db.PoolConfig{URL: owner.Config().ConnString(), MaxConnections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(control.Close)
	pool, err := db.NewEnforcementPool(t.Context(), control, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	for name, on := range map[string]db.DBTX{
		"enforcement": confirmed.NewDB(t.Context(), pool), "tenant": db.NewTenantDB(control).For(nil), "pool": control,
	} {
		if readOnly, err := failover.IsReadOnly(t.Context(), on); err != nil || !readOnly {
			t.Errorf("%s: read-only: %v, %v", name, readOnly, err)
		}
		_, err := on.Exec(t.Context(), `insert into notes values ($1)`, name)
		if fault.CodeOf(db.Fault(err)) != fault.Unavailable || !db.TookNoEffect(err) {
			t.Errorf("%s: %v, want UNAVAILABLE without an effect", name, err)
		}
	}
	execute(`do $$ begin execute format('alter database %I reset default_transaction_read_only', current_database()); end $$`)
	for name, on := range map[string]db.DBTX{"enforcement": confirmed.NewDB(t.Context(), pool), "pool": control} {
		if _, err := on.Exec(t.Context(), `insert into notes values ($1)`, name); err != nil {
			t.Errorf("%s, when the server takes writes: %v", name, err)
		}
	}
}

// The connect_timeout of the URL is how long a server that accepts a connection and says nothing is waited for.
func TestConnectTimeoutOfTheURL(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts by the system alone
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	pool, err := db.NewPool(t.Context(), db.PoolConfig{URL: "postgres://u@" + listener.Addr().String() + "/d?sslmode=disable&connect_timeout=1"})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	began := time.Now()
	err = pool.Ping(t.Context())
	if took := time.Since(began); fault.CodeOf(db.Fault(err)) != fault.Unavailable || took < 900*time.Millisecond || took > 3*time.Second {
		t.Errorf("after %v: %v, want UNAVAILABLE after a second", took, err)
	}
}
