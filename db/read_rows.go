package db

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// readRows are rows in memory. Their connection, which knows the types, is released when they are closed.
type readRows struct {
	connection *pgxpool.Conn
	release    func()
	fields     []pgconn.FieldDescription
	rows       [][][]byte
	tag        pgconn.CommandTag
	at         int // index of the current row
	closed     bool
}

// take reads rows.
func (r *readRows) take(from pgx.Rows) error {
	r.fields = slices.Clone(from.FieldDescriptions())
	for from.Next() {
		values := from.RawValues()
		row := make([][]byte, len(values))
		for i, value := range values {
			row[i] = slices.Clone(value) // nil stays nil: null
		}
		r.rows = append(r.rows, row)
	}
	from.Close()
	r.tag = from.CommandTag()
	return from.Err()
}

// Close implements [pgx.Rows].
func (r *readRows) Close() {
	if !r.closed {
		r.closed = true
		r.release()
	}
}

// Err implements [pgx.Rows].
func (r *readRows) Err() error { return nil }

// CommandTag implements [pgx.Rows].
func (r *readRows) CommandTag() pgconn.CommandTag { return r.tag }

// FieldDescriptions implements [pgx.Rows].
func (r *readRows) FieldDescriptions() []pgconn.FieldDescription { return r.fields }

// Conn implements [pgx.Rows].
func (r *readRows) Conn() *pgx.Conn { return r.connection.Conn() }

// TypeMap implements [pgx.Rows].
func (r *readRows) TypeMap() *pgtype.Map { return r.Conn().TypeMap() }

// Next implements [pgx.Rows].
func (r *readRows) Next() bool {
	if r.at++; r.at < len(r.rows) && !r.closed {
		return true
	}
	r.Close()
	return false
}

// Scan implements [pgx.Rows].
func (r *readRows) Scan(into ...any) error {
	if len(into) == 1 {
		if scanner, ok := into[0].(pgx.RowScanner); ok {
			return scanner.ScanRow(r)
		}
	}
	return pgx.ScanRow(r.TypeMap(), r.fields, r.rows[r.at], into...)
}

// Values implements [pgx.Rows].
func (r *readRows) Values() ([]any, error) {
	values := make([]any, len(r.fields))
	for i := range r.fields {
		if err := pgx.ScanRow(r.TypeMap(), r.fields[i:i+1], r.rows[r.at][i:i+1], &values[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// RawValues implements [pgx.Rows].
func (r *readRows) RawValues() [][]byte { return r.rows[r.at] }

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
