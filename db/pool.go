package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"
)

// PoolConfig says how to connect.
type PoolConfig struct {
	URL             string        // postgres://… or a libpq connection string
	ApplicationName string        // seen in pg_stat_activity; default "bursar"
	MaxConnections  int32         // default 20
	ConnectTimeout  time.Duration // of one connection; default 5 s
}

// NewPool returns a pool of connections that speak UTC. It does not wait for the database: a server starts, answers
// UNAVAILABLE and recovers whenever the database does. A malformed URL is an error.
func NewPool(ctx context.Context, config PoolConfig) (*pgxpool.Pool, error) {
	parsed, err := pgxpool.ParseConfig(config.URL)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err) // pgx takes the password out of its message
	}
	parsed.MaxConns = config.MaxConnections
	if parsed.MaxConns == 0 {
		parsed.MaxConns = 20
	}
	parsed.ConnConfig.ConnectTimeout = config.ConnectTimeout
	if config.ConnectTimeout == 0 {
		parsed.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	parameters := parsed.ConnConfig.RuntimeParams
	parameters["timezone"] = "UTC"
	// the functions read anew after their locks, which a snapshot of the whole transaction would not let them
	parameters["default_transaction_isolation"] = "read committed"
	// Once the reservations are analyzed, the planner's costs of a statement that touches four rows exceed those from which
	// on PostgreSQL compiles it, anew with every call: 20 to 300 ms for what takes one.
	parameters["jit"] = "off"
	parameters["application_name"] = config.ApplicationName
	if config.ApplicationName == "" {
		parameters["application_name"] = "bursar"
	}
	// without it, pgx takes an id to text and back whenever it sends one
	parsed.AfterConnect = func(_ context.Context, connection *pgx.Conn) error {
		pgxuuid.Register(connection.TypeMap())
		return nil
	}
	return pgxpool.NewWithConfig(ctx, parsed)
}
