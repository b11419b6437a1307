package main

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
	"bursar/fault"
	"bursar/sql"
)

// schemaTimeout bounds one look at the schema, connecting included.
const schemaTimeout = 2 * time.Second

// schemaProblem says why this binary must not work on a schema; nil if it may.
func schemaProblem(status sql.Status) error {
	switch {
	case status.Unreleased:
		return sql.ErrUnreleased
	case status.Version > status.Latest:
		return fmt.Errorf("version %d against %d: %w", status.Version, status.Latest, sql.ErrNewer)
	case status.Version == 0:
		return errors.New("the database has no schema yet: run bursar migrate up")
	case status.Version < status.Latest:
		return fmt.Errorf("the database's schema is version %d and this binary's is %d: run bursar migrate up",
			status.Version, status.Latest)
	case !status.Functions:
		return errors.New("the database's functions are not this binary's: run bursar migrate up")
	case !status.River:
		return errors.New("the tables of the job queue are out of date: run bursar migrate up")
	}
	return nil
}

// requireSchema fails unless the database can be reached and has this binary's schema.
func requireSchema(ctx context.Context, pool *pgxpool.Pool) error {
	status, err := sql.StatusOf(ctx, pool)
	if err != nil {
		return err
	}
	return schemaProblem(status)
}

// refuseSchema fails for a schema that is not this binary's. A database that cannot be reached is no failure but false: it
// may come back, and until then nothing is granted.
func refuseSchema(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) (reachable bool, err error) {
	bounded, cancel := context.WithTimeout(ctx, schemaTimeout)
	defer cancel()
	status, err := sql.StatusOf(bounded, pool)
	switch {
	case err == nil:
		return true, schemaProblem(status)
	case ctx.Err() != nil:
		return false, ctx.Err()
	case roleProblem(err) != nil:
		return false, roleProblem(err)
	case fault.CodeOf(db.Fault(err)) == fault.Unavailable:
		logger.Warn("the database cannot be reached", "error", err)
		return false, nil
	}
	return false, fmt.Errorf("read the schema's version: %w", err)
}

// roleProblem says that a login may not act as the server's role, or that there is none; nil if that is not what is wrong.
func roleProblem(err error) error {
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	server, answered := errors.AsType[*pgconn.PgError](err)
	if !connecting || !answered {
		return nil
	}
	switch server.Code {
	case pgerrcode.InvalidParameterValue, pgerrcode.UndefinedObject:
		return fmt.Errorf("the server acts as the role %s, which bursar migrate up makes: %s", db.ServerRole, server.Message)
	case pgerrcode.InsufficientPrivilege:
		return fmt.Errorf("the server acts as the role %s: have an administrator grant %s, its member, to the login in DATABASE_URL: %s",
			db.ServerRole, db.OperatorRole, server.Message)
	}
	return nil
}

// warnOfLogin says that the login could be more than the server's role, to which PostgreSQL holds it only as long as nobody asks
// for more. Failing to find out is no reason not to serve.
func warnOfLogin(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) {
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
