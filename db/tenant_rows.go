package db

import (
	"context"
	"errors"
	"strings"

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
}

// Exec implements [DBTX]. The primary executes it.
func (d *tenantRows) Exec(ctx context.Context, statement string, arguments ...any) (pgconn.CommandTag, error) {
	defer standby.Of(ctx).ReadPrimary(d.organization)
	return d.settingDB.Exec(ctx, statement, arguments...)
}

// Query implements [DBTX].
func (d *tenantRows) Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error) {
	operation := standby.Of(ctx)
	if reading := operation.Choose(ctx, d.organization); reading != nil {
		rows, err := d.read(ctx, reading, statement, arguments)
		if err == nil {
			return rows, nil
		}
		if !isOfServer(ctx, err) {
			return nil, err
		}
		reading.Fail(err, isLost(err))
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

// isLost tells whether an error of a standby means more than that it did not answer one statement.
func isLost(err error) bool {
	answer, answered := errors.AsType[*pgconn.PgError](err)
	return !answered || strings.EqualFold(answer.Severity, "FATAL")
}

// read returns all rows of a statement on a standby, so that no error comes after the first of them.
func (d *tenantRows) read(ctx context.Context, reading *standby.Reading, statement string, arguments []any) (rows *readRows, err error) {
	done, err := acquireSerial(ctx)
	if err != nil {
		return nil, err
	}
	during, stop := reading.Context(ctx)
	connection, err := reading.Pool().Acquire(during)
	release := func() { stop(); done() }
	if err != nil {
		release()
		return nil, err
	}
	release = func() { connection.Release(); stop(); done() }
	defer func() {
		if err != nil {
			release()
		}
	}()
	const replayed = `(coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0')::bigint`
	batch, checks := &pgx.Batch{}, standby.Checks{}
	batch.Queue(d.statement+`, `+replayed, d.value).QueryRow(func(row pgx.Row) error { return row.Scan(nil, &checks.Before) })
	rows = &readRows{connection: connection, release: release, at: -1}
	batch.Queue(statement, arguments...).Query(rows.take)
	batch.Queue(`select ` + replayed + `, pg_is_in_recovery()`).QueryRow(func(row pgx.Row) error { return row.Scan(&checks.After, &checks.Recovers) })
	if err := connection.SendBatch(during, batch).Close(); err != nil {
		return nil, err
	}
	return rows, reading.Check(checks)
}
