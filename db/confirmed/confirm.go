// Package confirmed runs statements whose success counts only if it came in time, and with the confirmation of a synchronous standby where there is one.
package confirmed

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrUnconfirmed is the error of a statement whose transaction PostgreSQL committed without the confirmation of a synchronous standby.
// A failover may lose it. What it did is not known to its caller, as after a lost connection; repeating it waits for the standby.
var ErrUnconfirmed = errors.New("the transaction was committed, but its wait for a standby was cut short")

// cutShort is the key of a connection's custom data that says that PostgreSQL gave up waiting for a standby.
const cutShort = "bursar: wait for a standby was cut short"

// Note is a [pgconn.NoticeHandler] for PostgreSQL's warning that it gave up waiting for a synchronous standby. The wait ends
// when the statement is canceled, by a request or by statement_timeout, and success is reported all the same. The warning has no SQLSTATE
// of its own and is translated; it names the C function that raises it.
func Note(connection *pgconn.PgConn, notice *pgconn.Notice) {
	if notice.Routine == "SyncRepWaitForLSN" {
		connection.CustomData()[cutShort] = true
	}
}

// Check is called after each statement or transaction, before the connection is released. It returns an error if its success does not
// count: ErrUnconfirmed, or that it came after the deadline, when the caller was told that it is not known.
func Check(ctx context.Context, connection *pgx.Conn) error {
	if custom := connection.PgConn().CustomData(); custom[cutShort] != nil {
		delete(custom, cutShort)
		return ErrUnconfirmed
	}
	if err := ctx.Err(); errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the database answered after the deadline: %w", err)
	}
	return nil
}
