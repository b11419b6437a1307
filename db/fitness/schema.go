// Package fitness says whether a process can work on a database: whether it answers, takes writes, and has a schema and a login that this binary works with.
package fitness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/failover"
	"bursar/fault"
	"bursar/health"
	"bursar/sql"
)

// schemaTimeout bounds one check of the schema, including the connection.
const schemaTimeout = 2 * time.Second

// Require fails unless the database can be reached and has a schema that this binary may work on.
func Require(ctx context.Context, pool *pgxpool.Pool) error {
	status, err := sql.StatusOf(ctx, pool)
	if err != nil {
		return err
	}
	return status.Problem()
}

var errReadOnly = errors.New("the database takes no writes: it is a standby, or default_transaction_read_only is on")

// requireWritable fails unless the database takes writes. The pool connects anew then: a connection keeps the setting that it began with.
func requireWritable(ctx context.Context, pool *pgxpool.Pool) error {
	readOnly, err := failover.IsReadOnly(ctx, pool)
	if err == nil && readOnly {
		pool.Reset()
		return errReadOnly
	}
	return err
}

// Check returns the check of readiness whether a process can decide or work: whether the database answers, takes writes and has this
// binary's schema, or that of a next release that is compatible with this one.
func Check(pool *pgxpool.Pool) health.Check {
	return func(ctx context.Context) *health.Problem {
		const failed = "database"
		status, err := sql.StatusOf(ctx, pool)
		if err != nil {
			return &health.Problem{Failed: failed, Reason: "the database cannot be reached or does not answer; the log says why", Cause: err}
		}
		if err := status.Problem(); err != nil {
			return &health.Problem{Failed: "schema", Reason: err.Error()}
		}
		if err := requireWritable(ctx, pool); err != nil {
			return &health.Problem{Failed: failed, Reason: "the database takes no writes or does not answer; the log says why", Cause: err}
		}
		return nil
	}
}

// Refuse fails for a schema that this binary must not work on, for one of its own that is not complete, and for a database or a
// pooler that refuses it for good. A database that cannot be reached or takes no writes is no failure but false: that may change, and
// until then nothing is granted.
func Refuse(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) (reachable bool, err error) {
	bounded, cancel := context.WithTimeout(ctx, schemaTimeout)
	defer cancel()
	status, err := sql.StatusOf(bounded, pool)
	if err == nil {
		if problem := status.Problem(); problem != nil {
			return true, problem
		}
		var lacking []string
		if status.Same {
			if lacking, err = sql.LackingOf(bounded, pool); err == nil && sql.LackingError(lacking) != nil {
				return true, sql.LackingError(lacking)
			}
		}
	}
	if err == nil {
		err = requireWritable(bounded, pool)
	}
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil:
		return false, ctx.Err()
	case Refusal(err) != nil:
		return false, Refusal(err)
	case isForbidden(err):
		return false, fmt.Errorf("the login may not read the schema, as after a restore without the servers' roles: run bursar migrate up: %w", err)
	case errors.Is(err, errReadOnly), fault.CodeOf(db.Fault(err)) == fault.Unavailable:
		logger.Warn("the database cannot be reached, or takes no writes", "error", err)
		return false, nil
	}
	return false, fmt.Errorf("read the schema's version: %w", err)
}

func isForbidden(err error) bool {
	server, answered := errors.AsType[*pgconn.PgError](err)
	return answered && server.Code == pgerrcode.InsufficientPrivilege
}

// WarnOfLogin warns when the login has more rights than the server's role, which whoever runs SQL as the server could then take.
// A failure of the check is logged and does not keep the server from starting.
func WarnOfLogin(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) {
	bounded, cancel := context.WithTimeout(ctx, schemaTimeout)
	defer cancel()
	var login string
	var more bool
	err := pool.QueryRow(bounded, `
		select r.rolname, r.rolsuper or r.rolbypassrls or r.rolcreaterole
			or pg_has_role(r.oid, (select c.relowner from pg_class c where c.oid = 'organizations'::regclass), 'MEMBER')
		from pg_roles r where r.rolname = session_user`).Scan(&login, &more)
	switch {
	case err != nil && ctx.Err() == nil:
		logger.Warn("what the login may do is not known", "error", err)
	case err == nil && more:
		logger.Warn("the login in DATABASE_URL could get around row-level security: give servers one that is a member of "+
			db.OperatorRole+" and nothing else", "login", login)
	}
}

// SchemaProblem says what is wrong with the schema of a database, or that this is not known.
func SchemaProblem(ctx context.Context, pool *pgxpool.Pool) (unfit, unknown error) {
	status, err := sql.StatusOf(ctx, pool)
	if err != nil {
		return nil, err
	}
	return status.Problem(), nil
}
