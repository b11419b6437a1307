package db

import (
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"
)

// keepConnection is a [pgconn.PgErrorHandler]. It keeps the connection open after all errors but fatal ones and the refusal of a server
// that takes no writes: a standby, or one whose default_transaction_read_only is on. Only a new connection may reach another.
func keepConnection(_ *pgconn.PgConn, err *pgconn.PgError) bool {
	return !strings.EqualFold(err.Severity, "FATAL") && err.Code != pgerrcode.ReadOnlySQLTransaction
}
