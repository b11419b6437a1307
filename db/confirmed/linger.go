package confirmed

import (
	"context"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// maxLinger is how long a statement may keep its connection after its deadline. A server that hangs, or whose connection is lost, is
// found out sooner (see package failover); what takes longer is a transaction that waits for a synchronous standby.
const maxLinger = time.Minute

// lingerKey is the key of the context that ends a statement's time beyond its deadline; a context without it gives none.
type lingerKey struct{}

// Handler is a [ctxwatch.Handler]: it closes the connection of a statement whose context ends, at once or as [NewDB]
// says. It cancels nothing in PostgreSQL: a cancellation would also end a transaction's wait for its standby, and report success.
type Handler struct {
	connection net.Conn
	stop       func() bool // stops waiting for the end of until
}

// NewHandler returns the handler of a connection.
func NewHandler(connection *pgconn.PgConn) *Handler {
	return &Handler{connection: connection.Conn()}
}

// HandleCancel implements [ctxwatch.Handler].
func (h *Handler) HandleCancel(ctx context.Context) {
	until, lingers := ctx.Value(lingerKey{}).(context.Context)
	if !lingers {
		_ = h.connection.SetDeadline(time.Now()) // fails on a closed connection alone
		return
	}
	_ = h.connection.SetDeadline(time.Now().Add(maxLinger))
	h.stop = context.AfterFunc(until, func() { _ = h.connection.SetDeadline(time.Now()) })
}

// HandleUnwatchAfterCancel implements [ctxwatch.Handler].
func (h *Handler) HandleUnwatchAfterCancel() {
	if h.stop != nil {
		h.stop()
		h.stop = nil
	}
	_ = h.connection.SetDeadline(time.Time{})
}
