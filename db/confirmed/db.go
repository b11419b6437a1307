package confirmed

import (
	"cmp"
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// NewDB returns a database on a pool whose connections have a [Handler], whose statements are neither canceled nor lose their connection at
// their deadline. A statement that is past it returns when the server answers, with an error, or when until ends, or after a minute. So
// a lane that is blocked has one backend of PostgreSQL and leaves no further one behind with each deadline. Its success counts only in
// time, and if no standby's confirmation is missing ([ErrUnconfirmed]).
func NewDB(until context.Context, pool *pgxpool.Pool) *DB {
	return &DB{pool, until}
}

// DB is a database for enforcement.
type DB struct {
	pool  *pgxpool.Pool
	until context.Context
}

// lingering returns the context of a statement. That of acquiring its connection is another: a ping there must end in time.
func (d *DB) lingering(ctx context.Context) context.Context {
	return context.WithValue(ctx, lingerKey{}, d.until)
}

// Exec implements db.DBTX.
func (d *DB) Exec(ctx context.Context, statement string, arguments ...any) (pgconn.CommandTag, error) {
	connection, err := d.pool.Acquire(ctx)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	defer connection.Release()
	tag, err := connection.Exec(d.lingering(ctx), statement, arguments...)
	return tag, cmp.Or(err, Check(ctx, connection.Conn()))
}

// Query implements db.DBTX.
func (d *DB) Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error) {
	connection, err := d.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := connection.Query(d.lingering(ctx), statement, arguments...)
	if err != nil {
		connection.Release()
		return nil, err
	}
	return &confirmedRows{Rows: rows, ctx: ctx, connection: connection}, nil
}

// QueryRow implements db.DBTX.
func (d *DB) QueryRow(ctx context.Context, statement string, arguments ...any) pgx.Row {
	rows, err := d.Query(ctx, statement, arguments...)
	return &confirmedRow{rows, err}
}

// confirmedRows release the connection when they end.
type confirmedRows struct {
	pgx.Rows
	ctx        context.Context
	connection *pgxpool.Conn // nil: released
	err        error
}

// Next implements [pgx.Rows].
func (r *confirmedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

// Close implements [pgx.Rows].
func (r *confirmedRows) Close() {
	r.Rows.Close()
	if r.connection != nil {
		r.err = Check(r.ctx, r.connection.Conn())
		r.connection.Release()
		r.connection = nil
	}
}

// Err implements [pgx.Rows].
func (r *confirmedRows) Err() error { return cmp.Or(r.Rows.Err(), r.err) }

type confirmedRow struct {
	rows pgx.Rows
	err  error
}

// Scan implements [pgx.Row].
func (r *confirmedRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		return cmp.Or(r.rows.Err(), pgx.ErrNoRows)
	}
	err := r.rows.Scan(into...)
	r.rows.Close()
	return cmp.Or(err, r.rows.Err())
}
