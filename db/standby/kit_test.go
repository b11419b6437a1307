package standby_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/standby"
	"bursar/id"
)

// promptly is how long what a signal announces may take on a busy machine.
const promptly = time.Minute

// replicated is a primary with standbys, and the rows of one organization as a server reads them.
type replicated struct {
	t        testing.TB
	primary  *dbtest.Node
	standbys []*dbtest.Node
	set      *standby.Set
	tenant   *dbtest.Tenant
	rows     *db.TenantDB
	counts   *counts
}

// counts counts what is observed.
type counts struct {
	mutex     sync.Mutex
	byStandby int
	byPrimary int
	reasons   map[standby.Reason]int
}

func (c *counts) Read(byStandby bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if byStandby {
		c.byStandby++
	} else {
		c.byPrimary++
	}
}

func (c *counts) FellBack(reason standby.Reason) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.reasons[reason]++
}

// newReplicated starts a primary with a number of standbys, in step with it.
func newReplicated(t testing.TB, standbys int, maxLag time.Duration) *replicated {
	t.Helper()
	r := &replicated{t: t, primary: dbtest.NewPrimary(t), counts: &counts{reasons: map[standby.Reason]int{}}}
	r.tenant = dbtest.NewTenant(t, r.primary.Pool)
	pool := r.primary.ServerPool()
	config := standby.Config{Primary: pool, MaxLag: maxLag, History: db.AuditHistory{}, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), Observer: r.counts}
	for range standbys {
		node := r.primary.Standby()
		node.CatchUp(r.primary)
		r.standbys = append(r.standbys, node)
		config.Standbys = append(config.Standbys, node.ServerPool())
	}
	r.rows = db.NewTenantDB(pool)
	r.set = r.start(config)
	return r
}

// start runs a set until the test ends.
func (r *replicated) start(config standby.Config) *standby.Set {
	r.t.Helper()
	set, err := standby.New(config)
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { set.Run(ctx) })
	r.t.Cleanup(func() { cancel(); running.Wait() })
	return set
}

// answer is what an operation was answered.
type answer struct {
	standby bool   // by whom
	name    string // the organization's
}

// read reads in one operation.
func (r *replicated) read() answer {
	r.t.Helper()
	a, err := r.tryRead(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r *replicated) tryRead(ctx context.Context) (a answer, err error) {
	rows := r.rows.For(&r.tenant.Organization.ID)
	err = rows.QueryRow(r.set.Begin(ctx), `select pg_is_in_recovery(), name from organizations`).Scan(&a.standby, &a.name)
	return a, err
}

// rename changes the organization's name, as a mutation does.
func (r *replicated) rename(name string) {
	r.t.Helper()
	ctx := r.set.BeginExact(r.t.Context())
	err := r.rows.InTx(ctx, &r.tenant.Organization.ID, db.Actor{
		Name: id.Member.Format(r.tenant.Owner.ID), MemberID: &r.tenant.Owner.ID, Action: "rename",
	}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update organizations set name = $1`, name)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// renameElsewhere does the same through another server.
func (r *replicated) renameElsewhere(name string) {
	r.t.Helper()
	r.primary.Exec(`update organizations set name = $1 where id = $2`, name, r.tenant.Organization.ID)
}

// awaitAnswer reads until an answer is as wanted.
func (r *replicated) awaitAnswer(what string, wanted func(answer) bool) answer {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), promptly)
	defer cancel()
	for {
		a, err := r.tryRead(ctx)
		if err != nil {
			r.t.Fatal(what, ": ", err)
		}
		if wanted(a) {
			return a
		}
		select {
		case <-ctx.Done():
			r.t.Fatal("not ", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// awaitStandby reads until a standby answers, and pauses between reads so that it can catch up with what the primary has answered.
func (r *replicated) awaitStandby() answer {
	r.t.Helper()
	return r.awaitAnswer("answered by a standby", func(a answer) bool { return a.standby })
}
