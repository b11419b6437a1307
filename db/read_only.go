package db

import (
	"context"
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"
)

// IsReadOnly tells whether a database takes no writes: it is a standby, or default_transaction_read_only is on.
func IsReadOnly(ctx context.Context, on DBTX) (readOnly bool, err error) {
	err = on.QueryRow(ctx, `select current_setting('transaction_read_only')::boolean`).Scan(&readOnly)
	return readOnly, err
}

// keepConnection is a [pgconn.PgErrorHandler]. It keeps the connection open after all errors but fatal ones and the refusal of a server
// that takes no writes: a standby, or one whose default_transaction_read_only is on. Only a new connection may reach another.
func keepConnection(_ *pgconn.PgConn, err *pgconn.PgError) bool {
	return !strings.EqualFold(err.Severity, "FATAL") && err.Code != pgerrcode.ReadOnlySQLTransaction
}
