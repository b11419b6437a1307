package api

import (
	"cmp"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/db/cells"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/placement"
)

// databases are the database of a server, or its cells.
type databases struct {
	control, enforcement *db.TenantDB
	pool                 *pgxpool.Pool // of enforcement; nil with several databases
	route                db.Route      // to those of several databases; nil: there is one
	places               *placement.Places
}

func newDatabases(config *Config) *databases {
	d := &databases{places: placement.New(config.Cells, config.Placement, db.New(), config.Logger)}
	if config.Cells == nil {
		d.pool = cmp.Or(config.EnforcementPool, config.Pool)
		d.control, d.enforcement = db.NewTenantDB(config.Pool), db.NewTenantDB(d.pool)
		return d
	}
	d.route = config.Cells.Control()
	d.control, d.enforcement = db.NewRoutedDB(d.route), db.NewRoutedDB(config.Cells.Enforcement())
	return d
}

// enforcer returns what decides. It is not on a TenantDB: the functions of enforcement see the rows of every organization and confine callers themselves.
func (d *databases) enforcer(config *Config) *enforce.Enforcer {
	if config.Cells == nil {
		return enforce.New(d.pool, config.Enforce)
	}
	return enforce.NewRouted(config.Cells.Enforcement(), config.Enforce)
}

// chooseCell has the operator's request asked in the cell that its header names. Others have no choice, and are refused.
func chooseCell(places *placement.Places, refuse func(w http.ResponseWriter, r *http.Request, err error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		named := r.Header.Values(cells.Header)
		principal, err := auth.FromContext(r.Context())
		if len(named) == 0 || err != nil { // the latter is answered where the caller is needed
			next.ServeHTTP(w, r)
			return
		}
		ctx := r.Context()
		switch {
		case principal.OrganizationID != nil || auth.Person(ctx) != "":
			err = fault.New(fault.Forbidden, "%s: the operator chooses a cell; everybody else is answered by the one that their organization is in", cells.Header)
		case len(named) > 1:
			err = fault.BadInput(cells.Header, "the header is there %d times", len(named))
		default:
			ctx, err = places.Choose(ctx, named[0])
		}
		if err != nil {
			refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
