package db

import (
	"cmp"
	"context"
	"encoding/hex"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Confined is a database in which whoever wants rows says first whose they are. Row-level security holds the connections of
// ServerRole to that: without it they see no row, whatever a statement asks for.
type Confined struct{ pool *pgxpool.Pool }

// Confine returns a database on a pool whose connections act as ServerRole.
func Confine(pool *pgxpool.Pool) *Confined { return &Confined{pool} }

// Of returns an organization's rows; nil is the operator, who sees every organization's. Each statement is a transaction of
// its own, in one round trip.
func (c *Confined) Of(organizationID *uuid.UUID) DBTX {
	if organizationID == nil {
		return &confined{c.pool, `select set_config('role', $1, true)`, OperatorRole}
	}
	return &confined{c.pool, `select set_config('bursar.organization', $1, true)`, organizationID.String()}
}

// OfAccessToken returns the one access token with a hash, and the member that it is bound to: who presents it, and so in
// which organization, is not known yet.
func (c *Confined) OfAccessToken(hash []byte) DBTX {
	return &confined{c.pool, asAuthenticator + `set_config('bursar.access_token_hash', $1, true)`, hex.EncodeToString(hash)}
}

// OfEmail returns the members with an address, whatever its case, and their organizations' slugs: the person who signs in with
// it has named no organization yet.
func (c *Confined) OfEmail(email string) DBTX {
	return &confined{c.pool, asAuthenticator + `set_config('bursar.email', $1, true)`, email}
}

const asAuthenticator = `select set_config('role', '` + AuthenticatorRole + `', true), `

// InTx is the function InTx on an organization's rows; nil is the operator, who sees every organization's.
func (c *Confined) InTx(ctx context.Context, organizationID *uuid.UUID, actor Actor, change func(tx pgx.Tx) error) error {
	s := scope{}
	if organizationID == nil {
		operator := OperatorRole
		s.role = &operator
	} else {
		s.organization = organizationID.String()
	}
	done, err := takeTurn(ctx)
	if err != nil {
		return Fault(err)
	}
	defer done()
	return inTx(ctx, c.pool, s, actor, change)
}

// scope is whose rows a transaction is about.
type scope struct {
	role         *string // nil: the connection's
	organization string  // "": none
}

// confined sends each statement behind one that makes a setting for the transaction. Both go out together, and PostgreSQL
// takes what comes without a synchronization in between for one transaction.
type confined struct {
	pool      *pgxpool.Pool
	statement string
	setting   string
}

func (c *confined) send(ctx context.Context, statement string, arguments []any) (pgx.BatchResults, error) {
	done, err := takeTurn(ctx)
	if err != nil {
		return nil, err
	}
	batch := &pgx.Batch{}
	batch.Queue(c.statement, c.setting)
	batch.Queue(statement, arguments...)
	results := &inTurn{c.pool.SendBatch(ctx, batch), done}
	if _, err := results.Exec(); err != nil {
		_ = results.Close() // returns the same error
		return nil, err
	}
	return results, nil
}

// Exec implements [DBTX].
func (c *confined) Exec(ctx context.Context, statement string, arguments ...any) (pgconn.CommandTag, error) {
	results, err := c.send(ctx, statement, arguments)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	committed := results.Close()
	return tag, cmp.Or(err, committed)
}

// Query implements [DBTX].
func (c *confined) Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error) {
	results, err := c.send(ctx, statement, arguments)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // returns the same error
		return nil, err
	}
	return &confinedRows{Rows: rows, results: results}, nil
}

// QueryRow implements [DBTX].
func (c *confined) QueryRow(ctx context.Context, statement string, arguments ...any) pgx.Row {
	results, err := c.send(ctx, statement, arguments)
	return &confinedRow{results, err}
}

// confinedRows gives the connection back when the rows end.
type confinedRows struct {
	pgx.Rows
	results pgx.BatchResults
	err     error
}

// Next implements [pgx.Rows].
func (r *confinedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// Close implements [pgx.Rows].
func (r *confinedRows) Close() {
	r.Rows.Close()
	r.err = cmp.Or(r.err, r.results.Close())
}

// Err implements [pgx.Rows].
func (r *confinedRows) Err() error { return cmp.Or(r.Rows.Err(), r.err) }

type confinedRow struct {
	results pgx.BatchResults
	err     error
}

// Scan implements [pgx.Row].
func (r *confinedRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.results.QueryRow().Scan(into...)
	committed := r.results.Close()
	return cmp.Or(err, committed)
}
