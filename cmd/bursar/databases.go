package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/auth"
	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/pools"
	"bursar/db/fitness"
	"bursar/db/session"
	"bursar/enforce"
	"bursar/graph/placement"
	"bursar/health"
	"bursar/observe"
	"bursar/operatorui"
	"bursar/worker"
)

// connected is one of the databases of a server, with its connections.
type connected struct {
	*pools.Pools
	jobs *river.Client[pgx.Tx] // of River UI; nil for a server for enforcement alone, which has none
}

// check is the check of readiness.
func (d *connected) check(ctx context.Context) *health.Problem {
	if refused := d.Refused(); refused != nil {
		return &health.Problem{Failed: "cell", Reason: "the cell is not asked: " + reasonOf(refused), Cause: refused}
	}
	return fitness.Check(d.Deciding())(ctx)
}

// reasonOf returns what everybody may read of why a cell is not asked.
func reasonOf(err error) string {
	if unfit, ok := errors.AsType[*session.UnfitError](err); ok {
		return unfit.Error()
	}
	return "it or home could not be reached yet; the log says why"
}

// cellFlags are those of servers that work with several databases.
type cellFlags struct {
	Cells     value.Cells `variable:"BURSAR_CELLS" placeholder:"NAME=URL,…" help:"Further databases with organizations, by the names that bursar cells add gave them, beside DATABASE_URL, which is home. Unset, there is one database."`
	Placement string      `variable:"BURSAR_PLACEMENT" default:"home" placeholder:"home|CELL|least-loaded" help:"In which cell organizations are made of which nobody says so: home, another one by its name, or of those that are open the one with the fewest."`
}

// check refuses a place that there is not.
func (f *cellFlags) check() error {
	if f.Placement != cells.Home && f.Placement != placement.LeastLoaded && f.Cells[f.Placement] == "" {
		return &misuse{"BURSAR_PLACEMENT (or --placement) is " + f.Placement + ", want home, least-loaded or a cell that BURSAR_CELLS names"}
	}
	return nil
}

// opening says which databases a server connects to.
type opening struct {
	home   string // its URL
	cells  value.Cells
	jobs   bool // whether River UI is served
	config pools.Config
}

// open returns the databases, home first, without waiting for them.
func (o opening) open(ctx context.Context) (databases []*connected, err error) {
	o.config.URL, o.config.Control, o.config.CloseLimit = o.home, controlConnections, closeLimit
	if o.jobs {
		o.config.Operator = operatorConnections
	}
	all, err := pools.OpenAll(ctx, o.cells, o.config, fitness.SchemaProblem)
	if err != nil {
		return nil, err
	}
	for _, each := range all {
		next := &connected{Pools: each}
		if o.jobs {
			if next.jobs, err = worker.NewInsertOnlyClient(each.Operator, o.config.Logger); err != nil {
				pools.CloseAll(all)
				return nil, err
			}
		}
		databases = append(databases, next)
	}
	return databases, nil
}

func closeDatabases(databases []*connected) { pools.CloseAll(poolsOf(databases)) }

func poolsOf(databases []*connected) (all []*pools.Pools) {
	for _, each := range databases {
		all = append(all, each.Pools)
	}
	return all
}

// set returns the databases as cells; nil: there is one.
func (s service) set() *cells.Set {
	return pools.Set(s.logger, poolsOf(s.databases))
}

func (s service) areSeveral() bool { return len(s.databases) > 1 }

// label returns the label cell of a database's metrics; "", none, where there is one database.
func (s service) label(of *connected) string {
	if s.areSeveral() {
		return of.Name
	}
	return ""
}

// tenants returns the rows of each database.
func (s service) tenants() (all []*db.TenantDB) {
	for _, each := range s.databases {
		all = append(all, db.NewTenantDB(each.Control))
	}
	return all
}

// jobs returns River UI by its paths: /jobs is home's, and /cells/NAME/jobs that of another cell. None for a server for enforcement alone.
func (s service) jobs(ctx context.Context, logins *auth.Logins) (map[string]http.Handler, error) {
	byPath := map[string]http.Handler{}
	if !s.only.servesControl() {
		return byPath, nil
	}
	for i, each := range s.databases {
		path := "/jobs"
		if i > 0 {
			path = "/cells/" + each.Name + "/jobs"
		}
		ui, err := operatorui.New(ctx, path, each.jobs, string(s.rootToken), logins, s.logger)
		if err != nil {
			return nil, err
		}
		byPath[path] = ui
	}
	return byPath, nil
}

// observe returns the metrics of the process and of its databases.
func (s service) observe() (*observe.Metrics, error) {
	all := make([]observe.Cell, len(s.databases))
	for i, each := range s.databases {
		all[i] = observe.Cell{Name: s.label(each), Database: db.NewTenantDB(each.Control).For(nil), Pools: each.ByName()}
	}
	return observe.NewCellMetrics(all, observe.ReadBuild(), s.logger)
}

// observeEnforcement returns what counts enforcement calls: those of the one database, or of each of several by its pool.
func (s service) observeEnforcement(metrics *observe.Metrics) (one enforce.Observer, of func(*pgxpool.Pool) enforce.Observer, err error) {
	byPool := map[*pgxpool.Pool]enforce.Observer{}
	for _, each := range s.databases {
		if byPool[each.Deciding()], err = metrics.ObserveEnforcement(s.label(each)); err != nil {
			return nil, nil, err
		}
	}
	return byPool[s.databases[0].Deciding()], func(pool *pgxpool.Pool) enforce.Observer { return byPool[pool] }, nil
}

// readiness answers whether a database can decide, and where there are several, which of them.
func (s service) readiness() *health.Readiness {
	if !s.areSeveral() {
		return health.NewReadiness(s.logger, fitness.Check(s.databases[0].Deciding()))
	}
	all := make([]health.Cell, len(s.databases))
	for i, each := range s.databases {
		all[i] = health.Cell{Name: each.Name, Checks: []health.Check{each.check}}
	}
	return health.NewCellReadiness(s.logger, all)
}
