package dbtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// databases are those that tests use one after the other. A new database with its connections, in which PostgreSQL has compiled and planned
// nothing yet, costs 100 ms of processor time and more; one whose rows are deleted is as good, and costs a tenth.
type databases struct {
	mutex sync.Mutex
	free  []*database
	lent  map[*pgxpool.Pool]*database // by the owner's pool
}

// database is one that a test has for itself, and others after it.
type database struct {
	name            string
	owner           *pgxpool.Pool
	confined        *pgxpool.Pool // acts as db.ServerRole; nil: no test has needed it
	confinedIsTaken bool          // by the test that has the database
	kept            kept
}

const (
	// mostConnections is how many connections stay open for the next test. A database with more is dropped.
	mostConnections = 8
	// leaving is how long connections of a test that is over may take to end.
	leaving = time.Second
	// mostGrowth is how many bytes a database may have grown by and be used again: PostgreSQL keeps the space of deleted rows.
	mostGrowth = 4 << 20
)

// lend returns a database without rows, that no test has.
func (s *Server) lend(t testing.TB) *database {
	t.Helper()
	d := s.databases.take()
	if d == nil {
		d = &database{name: s.makeDatabase(t, s.template, "")}
		var err error
		if d.owner, err = db.NewPool(context.Background(), ownerOf(s.urlOf(d.name))); err == nil && s.Prepare != "" {
			_, err = d.owner.Exec(context.Background(), s.Prepare)
		}
		if err == nil {
			d.kept, err = look(context.Background(), d.owner)
		}
		if err != nil {
			t.Fatalf("open the test's database: %v", err)
		}
	}
	s.databases.mutex.Lock()
	defer s.databases.mutex.Unlock()
	s.databases.lent[d.owner] = d
	return d
}

// take returns a free database, nil if there is none.
func (l *databases) take() *database {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	last := len(l.free) - 1
	if last < 0 {
		return nil
	}
	d := l.free[last]
	l.free = l.free[:last]
	return d
}

// takeBack deletes the rows of a database for the next test; or drops it, if the test has failed or has left more behind than rows.
func (s *Server) takeBack(t testing.TB, d *database) {
	t.Helper()
	recycled := !t.Failed() && d.recycle(context.Background())
	if !recycled {
		d.close()
		s.dropDatabase(t, d.name)
	}
	s.databases.mutex.Lock()
	defer s.databases.mutex.Unlock()
	delete(s.databases.lent, d.owner)
	if d.confinedIsTaken = false; recycled {
		s.databases.free = append(s.databases.free, d)
	}
}

// confinedPool returns a pool on a lent database that acts as db.ServerRole, nil if it is not lent or the test has the pool already.
func (s *Server) confinedPool(t testing.TB, owner *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	s.databases.mutex.Lock()
	defer s.databases.mutex.Unlock()
	d := s.databases.lent[owner]
	if d == nil || d.confinedIsTaken {
		return nil
	}
	if d.confined == nil {
		var err error
		if d.confined, err = db.NewPool(context.Background(), confinedTo(owner)); err != nil {
			t.Fatal(err)
		}
	}
	d.confinedIsTaken = true
	return d.confined
}

// close waits until nobody uses the pools.
func (d *database) close() {
	d.owner.Close()
	if d.confined != nil {
		d.confined.Close()
	}
}

// recycle makes the database as it was, and tells whether it could. Nobody uses it any more.
func (d *database) recycle(ctx context.Context) bool {
	for _, pool := range []*pgxpool.Pool{d.owner, d.confined} {
		if pool == nil {
			continue
		}
		idle := pool.AcquireAllIdle(ctx)
		clean := len(idle) == int(pool.Stat().TotalConns())
		for _, connection := range idle { // what a session has and a new one has not
			_, err := connection.Conn().PgConn().Exec(ctx, `reset all; reset role; unlisten *; select pg_advisory_unlock_all()`).ReadAll()
			clean = clean && err == nil
			connection.Release()
		}
		if !clean {
			return false
		}
	}
	connection, err := d.owner.Acquire(ctx)
	if err != nil {
		return false
	}
	defer connection.Release()
	connections := d.owner.Stat().TotalConns()
	if d.confined != nil {
		connections += d.confined.Stat().TotalConns()
	}
	if d.kept.transaction == "" || connections > mostConnections || !alone(ctx, connection.Conn(), connections) {
		return false
	}
	now, err := d.kept.now(ctx, connection.Conn())
	return err == nil && now.same(d.kept) && d.kept.empty(ctx, connection.Conn()) == nil
}

// alone waits a while until a database has no more than a number of connections: others end meanwhile, as their clients have.
func alone(ctx context.Context, connection *pgx.Conn, number int32) bool {
	ctx, cancel := context.WithTimeout(ctx, leaving)
	defer cancel()
	ticker := time.NewTicker(pollPause)
	defer ticker.Stop()
	for {
		var sessions int32
		err := connection.QueryRow(ctx, `select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`).
			Scan(&sessions)
		if err != nil || sessions <= number {
			return err == nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return false
		}
	}
}
