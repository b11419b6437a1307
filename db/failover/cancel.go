package failover

import (
	"context"
	"errors"
	"net"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var errNoCancel = errors.New("the statement must not be canceled, or its server hangs")

// BoundCancels has a connection send requests to cancel to some addresses alone. pgx sends one, on a connection of its own, whenever it
// closes a connection for an error, whatever it does at the end of a context.
func BoundCancels(config *pgx.ConnConfig, may func(address string) bool) {
	dial, connected := config.DialFunc, &atomic.Bool{}
	config.AfterConnect = func(context.Context, *pgconn.PgConn) error {
		connected.Store(true)
		return nil
	}
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if connected.Load() && !may(address) {
			return nil, errNoCancel
		}
		return dial(ctx, network, address)
	}
}
