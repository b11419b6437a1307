package failover

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// IsReadOnly tells whether a database takes no writes: it is a standby, or default_transaction_read_only is on.
func IsReadOnly(ctx context.Context, on interface {
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
}) (readOnly bool, err error) {
	err = on.QueryRow(ctx, `select current_setting('transaction_read_only')::boolean`).Scan(&readOnly)
	return readOnly, err
}
