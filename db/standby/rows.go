package standby

import (
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// rows are rows in memory, a [pgx.Rows]. Their connection, which knows the types, is released when they are closed.
type rows struct {
	connection *pgxpool.Conn
	release    func()
	fields     []pgconn.FieldDescription
	rows       [][][]byte
	tag        pgconn.CommandTag
	at         int // index of the current row
	closed     bool
}

// take reads rows.
func (r *rows) take(from pgx.Rows) error {
	for from.Next() {
		values := from.RawValues()
		row := make([][]byte, len(values))
		for i, value := range values {
			row[i] = slices.Clone(value) // nil stays nil: null
		}
		r.rows = append(r.rows, row)
	}
	from.Close()
	if err := from.Err(); err != nil {
		return err // there are no descriptions then
	}
	r.fields, r.tag = slices.Clone(from.FieldDescriptions()), from.CommandTag()
	return nil
}

// Close implements [pgx.Rows].
func (r *rows) Close() {
	if !r.closed {
		r.closed = true
		r.release()
	}
}

// Err implements [pgx.Rows].
func (r *rows) Err() error { return nil }

// CommandTag implements [pgx.Rows].
func (r *rows) CommandTag() pgconn.CommandTag { return r.tag }

// FieldDescriptions implements [pgx.Rows].
func (r *rows) FieldDescriptions() []pgconn.FieldDescription { return r.fields }

// Conn implements [pgx.Rows].
func (r *rows) Conn() *pgx.Conn { return r.connection.Conn() }

// TypeMap implements [pgx.Rows].
func (r *rows) TypeMap() *pgtype.Map { return r.Conn().TypeMap() }

// Next implements [pgx.Rows].
func (r *rows) Next() bool {
	if r.at++; r.at < len(r.rows) && !r.closed {
		return true
	}
	r.Close()
	return false
}

// Scan implements [pgx.Rows].
func (r *rows) Scan(into ...any) error {
	if len(into) == 1 {
		if scanner, ok := into[0].(pgx.RowScanner); ok {
			return scanner.ScanRow(r)
		}
	}
	return pgx.ScanRow(r.TypeMap(), r.fields, r.rows[r.at], into...)
}

// Values implements [pgx.Rows].
func (r *rows) Values() ([]any, error) {
	values := make([]any, len(r.fields))
	for i := range r.fields {
		if err := pgx.ScanRow(r.TypeMap(), r.fields[i:i+1], r.rows[r.at][i:i+1], &values[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// RawValues implements [pgx.Rows].
func (r *rows) RawValues() [][]byte { return r.rows[r.at] }
