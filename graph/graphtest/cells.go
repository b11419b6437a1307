package graphtest

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/db/cells"
)

// SecondCell is the cell in which the databases of tests are where servers have two cells: home has no organizations then.
const SecondCell = "second"

// homes are the databases that are home to those of tests, by the names of these.
type homes struct {
	mutex sync.Mutex
	pools map[string]*pgxpool.Pool
}

// HasCells tells whether servers have two cells, home and the test's database: with BURSAR_TEST_CELLS=2. So the tests of the API prove that it does the same with several.
func HasCells() bool { return os.Getenv("BURSAR_TEST_CELLS") == "2" }

// OneDatabase skips a test of what is otherwise with several databases, and says why.
func OneDatabase(t testing.TB, why string) {
	t.Helper()
	if HasCells() {
		t.Skip("with one database: " + why)
	}
}

// Home returns the database that is home to another one, as its owner: an empty one, of which that is a cell.
func (k *Kit) Home(t testing.TB, pool *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	k.homes.mutex.Lock()
	defer k.homes.mutex.Unlock()
	name := pool.Config().ConnConfig.Database
	if k.homes.pools[name] != nil {
		return k.homes.pools[name]
	}
	home := k.New(t)
	JoinCells(t, home, map[string]*pgxpool.Pool{SecondCell: pool})
	k.homes.pools[name] = home
	t.Cleanup(func() { // the database may be another test's next
		k.homes.mutex.Lock()
		defer k.homes.mutex.Unlock()
		delete(k.homes.pools, name)
	})
	return home
}

// JoinCells makes databases the cells of an installation, and home its home. All are given as their owners.
func JoinCells(t testing.TB, home *pgxpool.Pool, others map[string]*pgxpool.Pool) {
	t.Helper()
	execute := func(on *pgxpool.Pool, statement string, arguments ...any) {
		if _, err := on.Exec(t.Context(), statement, arguments...); err != nil {
			t.Fatal(err)
		}
	}
	const identity = `insert into cell_identity (name, installation, incarnation) values ($1, '00000000-0000-7000-8000-000000000001', gen_random_uuid())`
	execute(home, identity, cells.Home)
	execute(home, `insert into cells (name, incarnation) select name, incarnation from cell_identity`)
	for name, pool := range others {
		incarnation := uuid.New()
		execute(home, `insert into cells (name, incarnation) values ($1, $2)`, name, incarnation)
		if err := pool.Ping(t.Context()); err != nil {
			continue // a test of what is answered without the database
		}
		execute(pool, identity, name)
		execute(pool, `update cell_identity set incarnation = $1`, incarnation)
	}
}

// withCells makes the database of a configuration the second of two cells.
func (k *Kit) withCells(t testing.TB, owner *pgxpool.Pool, config *api.Config) {
	home := k.Home(t, owner)
	config.Cells = cells.New(config.Logger, &cells.Cell{Name: cells.Home, Control: k.ServerPool(t, home)},
		&cells.Cell{Name: SecondCell, Control: config.Pool, Enforcement: config.EnforcementPool})
}

// chooseSecond has the operator ask the second cell, unless a request names another one.
func chooseSecond(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization"), RootToken) && r.Header.Get(cells.Header) == "" {
			r.Header.Set(cells.Header, SecondCell)
		}
		next.ServeHTTP(w, r)
	})
}
