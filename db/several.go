package db

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/standby"
)

// NewRoutedDB returns several databases as one, on pools whose connections act as ServerRole. Each statement and transaction of an organization runs in the
// database that decides for it: every one of them asks for that first, in the transaction (require_here), so that no answer is out of rows that another database
// has gone on with. While an organization is moved they wait until their context ends. Standbys are home's. A route with one database is [NewTenantDB].
func NewRoutedDB(route Route) *TenantDB {
	pools := route.All()
	if len(pools) == 1 {
		return NewTenantDB(pools[0])
	}
	d := &several{route: route, home: pools[0], asked: map[*pgxpool.Pool]*asked{}}
	for _, pool := range pools {
		d.asked[pool] = newAsked(pool)
		d.each = append(d.each, d.asked[pool])
	}
	return &TenantDB{several: d}
}

// several databases.
type several struct {
	route Route
	home  *pgxpool.Pool
	each  []*asked // home first
	asked map[*pgxpool.Pool]*asked
}

// decide is [Decide]. What the caller has seen of an organization that has moved, a standby must have, should it have come home.
func (d *several) decide(ctx context.Context, organizationID *uuid.UUID, run func(pool *pgxpool.Pool) error) error {
	again := false
	return Decide(ctx, d.route, organizationID, func(pool *pgxpool.Pool) error {
		if again {
			standby.Of(ctx).Changed(organizationID)
		}
		again = true
		return run(pool)
	})
}

// rowsOf returns the rows of an organization; nil is the operator.
func (d *several) rowsOf(organizationID *uuid.UUID) DBTX {
	return &routedRows{several: d, organization: organizationID, on: func(pool *pgxpool.Pool) DBTX {
		rows := rowsOf(pool, organizationID)
		rows.primaryOnly = pool != d.home
		if organizationID != nil {
			rows.statement = `select set_config('bursar.organization', require_here($1)::text, true)`
		}
		return rows
	}}
}

// presented returns rows that the authenticator sees where an organization is; nil: an error.
func (d *several) presented(rows settingDB, organizationID *uuid.UUID) DBTX {
	if organizationID == nil {
		return undecided{}
	}
	rows.statement, rows.residing = rows.statement+`, require_here($2)`, organizationID
	return &routedRows{several: d, organization: organizationID, bounded: true, on: func(pool *pgxpool.Pool) DBTX {
		there := rows
		there.pool = pool
		return &there
	}}
}

// routedRows are rows of one of several databases, which is chosen for each statement.
type routedRows struct {
	several      *several
	organization *uuid.UUID // nil: the operator's
	on           func(pool *pgxpool.Pool) DBTX
	bounded      bool // whether queries take one of the database's slots until they are answered
}

// Exec implements [DBTX].
func (r *routedRows) Exec(ctx context.Context, statement string, arguments ...any) (tag pgconn.CommandTag, err error) {
	err = r.several.decide(ctx, r.organization, func(pool *pgxpool.Pool) (err error) {
		tag, err = r.on(pool).Exec(ctx, statement, arguments...)
		return err
	})
	return tag, err
}

// Query implements [DBTX]. It returns when there is a first row, or none: functions refuse an organization before that.
func (r *routedRows) Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error) {
	var begun *begunRows
	err := r.several.decide(ctx, r.organization, func(pool *pgxpool.Pool) error {
		if r.bounded {
			release, err := r.several.asked[pool].acquire(ctx)
			if err != nil {
				return err
			}
			defer release()
		}
		rows, err := r.on(pool).Query(ctx, statement, arguments...)
		if err != nil {
			return err
		}
		begun = &begunRows{Rows: rows, first: rows.Next(), begins: true}
		if err := rows.Err(); MovedOrganizations(err) != nil {
			return err // no row is left to be read, and so the connection was given back
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return begun, nil
}

// QueryRow implements [DBTX].
func (r *routedRows) QueryRow(ctx context.Context, statement string, arguments ...any) pgx.Row {
	rows, err := r.Query(ctx, statement, arguments...)
	return &firstRow{rows, err}
}

// begunRows are rows of which the first was read already.
type begunRows struct {
	pgx.Rows
	first  bool // whether there was one
	begins bool // whether Next was not called yet
}

// Next implements [pgx.Rows].
func (r *begunRows) Next() bool {
	if r.begins {
		r.begins = false
		return r.first
	}
	return r.Rows.Next()
}

// undecided is what is asked of several databases at once, and must be asked of each.
type undecided struct{}

var errUndecided = errors.New("several databases may have the rows: ask each with db.Everywhere, or name the organization with TenantDB.In")

// Exec implements [DBTX].
func (undecided) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errUndecided
}

// Query implements [DBTX].
func (undecided) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, errUndecided }

// QueryRow implements [DBTX].
func (undecided) QueryRow(context.Context, string, ...any) pgx.Row {
	return &firstRow{nil, errUndecided}
}
