package db

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db/standby"
	"bursar/fault"
)

// tenantRows are the rows of an organization, of the primary or of a standby, as the context says; nil is the operator, who sees those of
// every organization.
type tenantRows struct {
	settingDB
	organization *uuid.UUID
	primaryOnly  bool // the standbys are another database's
}

// Exec implements [DBTX]. The primary executes it.
func (d *tenantRows) Exec(ctx context.Context, statement string, arguments ...any) (pgconn.CommandTag, error) {
	defer standby.Of(ctx).ReadPrimary(d.organization)
	return d.settingDB.Exec(ctx, statement, arguments...)
}

// Query implements [DBTX].
func (d *tenantRows) Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error) {
	operation := standby.Of(ctx)
	if d.primaryOnly {
		operation = nil
	}
	if reading := operation.Choose(ctx, d.organization); reading != nil {
		done, err := acquireSerial(ctx)
		if err != nil {
			return nil, err
		}
		rows, err := reading.Query(ctx, d.statement, d.value, statement, arguments, done)
		if err == nil {
			return rows, nil
		}
		if !isOfServer(ctx, err) {
			return nil, err
		}
		if MovedOrganizations(err) == nil { // else the primary knows more
			reading.Fail(err)
		}
	}
	if operation == nil {
		return d.settingDB.Query(ctx, statement, arguments...)
	}
	rows, err := d.settingDB.Query(ctx, statement, arguments...)
	if err != nil {
		return nil, err
	}
	return &notedRows{rows, func() { operation.ReadPrimary(d.organization) }}, nil
}

// QueryRow implements [DBTX].
func (d *tenantRows) QueryRow(ctx context.Context, statement string, arguments ...any) pgx.Row {
	rows, err := d.Query(ctx, statement, arguments...)
	return &firstRow{rows, err}
}

// isOfServer tells whether an error is a standby's, so that the primary may have an answer.
func isOfServer(ctx context.Context, err error) bool {
	code := fault.CodeOf(Fault(err))
	return ctx.Err() == nil && (code == fault.Unavailable || code == fault.Internal)
}

// notedRows say when they are closed.
type notedRows struct {
	pgx.Rows
	note func()
}

// Close implements [pgx.Rows].
func (r *notedRows) Close() {
	r.Rows.Close()
	r.note()
}

// Next implements [pgx.Rows].
func (r *notedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.note()
	return false
}

// firstRow is the first of rows.
type firstRow struct {
	rows pgx.Rows
	err  error
}

// Scan implements [pgx.Row].
func (r *firstRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		return cmp.Or(r.rows.Err(), pgx.ErrNoRows)
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}
