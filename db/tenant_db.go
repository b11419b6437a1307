package db

import (
	"cmp"
	"context"
	"encoding/hex"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/standby"
)

// TenantDB is a database in which each statement runs for one organization, set in its transaction. Row-level security enforces it
// on connections that act as ServerRole: without an organization a statement sees no rows. It may be several databases, each with organizations of its own:
// see [NewRoutedDB].
type TenantDB struct {
	pool    *pgxpool.Pool // nil: there are several
	several *several      // nil: there is one

	organizationID *uuid.UUID // see In; nil: of any
}

// NewTenantDB returns a database on a pool whose connections act as ServerRole.
func NewTenantDB(pool *pgxpool.Pool) *TenantDB { return &TenantDB{pool: pool} }

// For returns the rows of an organization; nil is the operator, who sees those of every organization. Each statement is a transaction
// of its own, in one round trip. A standby may answer a query whose context says so (see [standby.Set.Begin]).
func (d *TenantDB) For(organizationID *uuid.UUID) DBTX {
	if d.several != nil {
		return d.several.rowsOf(organizationID)
	}
	return rowsOf(d.pool, organizationID)
}

func rowsOf(pool *pgxpool.Pool, organizationID *uuid.UUID) *tenantRows {
	rows := &tenantRows{settingDB: settingDB{pool: pool, statement: `select set_config('role', $1, true)`, value: OperatorRole}, organization: organizationID}
	if organizationID != nil {
		rows.statement, rows.value = `select set_config('bursar.organization', $1, true)`, organizationID.String()
	}
	return rows
}

// ForAccessToken returns the one access token with a hash, and the member whom it is bound to. It is for authentication, when the
// caller's organization is not known yet. Of several databases it is one, and the error of all others: see [Everywhere] and [TenantDB.In].
func (d *TenantDB) ForAccessToken(hash []byte) DBTX {
	return d.presenting(`set_config('bursar.access_token_hash', $1, true)`, hex.EncodeToString(hash))
}

// ForEmail returns the members with an e-mail address, without regard to case, and the slugs of their organizations, but for those who
// are invited and have not accepted. It is for people who sign in, before their organization is known. Of several databases it is one, as ForAccessToken.
func (d *TenantDB) ForEmail(email string) DBTX {
	return d.presenting(`set_config('bursar.email', $1, true)`, email)
}

// ForInvitations is ForEmail, and returns besides the members who are invited and have not accepted.
func (d *TenantDB) ForInvitations(email string) DBTX {
	return d.presenting(`set_config('bursar.email', $1, true), set_config('bursar.invitations', 'on', true)`, email)
}

// presenting returns the rows that a setting shows to the authenticator.
func (d *TenantDB) presenting(setting, value string) DBTX {
	rows := settingDB{pool: d.pool, statement: asAuthenticator + setting, value: value}
	if d.several != nil {
		return d.several.presented(rows, d.organizationID)
	}
	return &rows
}

const asAuthenticator = `select set_config('role', '` + AuthenticatorRole + `', true), `

// InTx is the function InTx on the rows of an organization; nil is the operator, who sees those of every organization. Where there are several databases,
// change is run again from its beginning when the organization has moved meanwhile: what it has set must be the same, or set anew.
func (d *TenantDB) InTx(ctx context.Context, organizationID *uuid.UUID, actor Actor, change func(tx pgx.Tx) error) error {
	visible := visibility{}
	if organizationID == nil {
		operator := OperatorRole
		visible.role = &operator
	} else {
		visible.organization = organizationID.String()
	}
	done, err := acquireSerial(ctx)
	if err != nil {
		return Fault(err)
	}
	defer done()
	defer func() { standby.Of(ctx).Changed(organizationID) }()
	if d.several != nil {
		visible.residing = organizationID
		return d.several.decide(ctx, organizationID, func(pool *pgxpool.Pool) error { return inTx(ctx, pool, visible, actor, change) })
	}
	return inTx(ctx, d.pool, visible, actor, change)
}

// visibility says which rows a transaction sees.
type visibility struct {
	role         *string // that it acts as; nil: the connection's
	organization string  // "": none

	residing *uuid.UUID // refused unless this organization is HERE; nil: nothing is asked
}

// settingDB sends a statement that makes a setting for the transaction before each statement. Both are sent in one batch without
// a Sync message between them, which PostgreSQL executes as one transaction.
type settingDB struct {
	pool      *pgxpool.Pool
	statement string // makes the setting; its first parameter is the value
	value     string
	residing  *uuid.UUID // its second parameter; nil: it has none
}

func (d *settingDB) send(ctx context.Context, statement string, arguments []any) (pgx.BatchResults, error) {
	done, err := acquireSerial(ctx)
	if err != nil {
		return nil, err
	}
	connection, err := d.pool.Acquire(ctx)
	if err != nil {
		done()
		return nil, err
	}
	batch := &pgx.Batch{}
	if d.residing == nil {
		batch.Queue(d.statement, d.value)
	} else {
		batch.Queue(d.statement, d.value, *d.residing)
	}
	batch.Queue(statement, arguments...)
	results := &serialResults{BatchResults: connection.SendBatch(ctx, batch), ctx: ctx, connection: connection, done: done}
	if _, err := results.Exec(); err != nil {
		_ = results.Close() // returns the same error
		return nil, err
	}
	return results, nil
}

// Exec implements [DBTX].
func (d *settingDB) Exec(ctx context.Context, statement string, arguments ...any) (pgconn.CommandTag, error) {
	results, err := d.send(ctx, statement, arguments)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	committed := results.Close()
	return tag, cmp.Or(err, committed)
}

// Query implements [DBTX].
func (d *settingDB) Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error) {
	results, err := d.send(ctx, statement, arguments)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // returns the same error
		return nil, err
	}
	return &settingRows{Rows: rows, results: results}, nil
}

// QueryRow implements [DBTX].
func (d *settingDB) QueryRow(ctx context.Context, statement string, arguments ...any) pgx.Row {
	results, err := d.send(ctx, statement, arguments)
	return &settingRow{results, err}
}

// settingRows releases the connection when the rows end.
type settingRows struct {
	pgx.Rows
	results pgx.BatchResults
	err     error
}

// Next implements [pgx.Rows].
func (r *settingRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// Close implements [pgx.Rows].
func (r *settingRows) Close() {
	r.Rows.Close()
	r.err = cmp.Or(r.err, r.results.Close())
}

// Err implements [pgx.Rows].
func (r *settingRows) Err() error { return cmp.Or(r.Rows.Err(), r.err) }

type settingRow struct {
	results pgx.BatchResults
	err     error
}

// Scan implements [pgx.Row].
func (r *settingRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.results.QueryRow().Scan(into...)
	committed := r.results.Close()
	return cmp.Or(err, committed)
}
