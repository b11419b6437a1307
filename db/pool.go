package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"
)

// The roles that servers act as. Migrations create them. They own nothing; row-level security decides which rows they see.
const (
	ServerRole        = "bursar_server"        // sees the rows of the organization that its transaction names
	AuthenticatorRole = "bursar_authenticator" // sees the token or the members of an address that a request presents; for authentication
	OperatorRole      = "bursar_operator"      // sees every organization's rows; for the operator's transactions
)

// PoolConfig says how to connect.
type PoolConfig struct {
	URL             string        // postgres://… or a libpq connection string
	ApplicationName string        // seen in pg_stat_activity; default "bursar"
	MaxConnections  int32         // default 20
	ConnectTimeout  time.Duration // of one connection; default 5 s
	StopAbandoned   bool          // whether a statement is canceled in PostgreSQL when its context ends; its error is query_canceled
	Role            string        // that each connection acts as; default: the login

	Tracer pgx.QueryTracer // of each statement; default none
}

// NewPool returns a pool of connections with Bursar's settings. It does not wait for the database: a server can start without it,
// answers UNAVAILABLE, and needs no restart once it can be reached. A malformed URL is an error; a database that Bursar cannot work
// with is an [UnfitError] of whoever connects.
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
	parsed.ConnConfig.Tracer = config.Tracer
	parameters := parsed.ConnConfig.RuntimeParams
	setSettings(parameters)
	parameters["application_name"] = config.ApplicationName
	if config.ApplicationName == "" {
		parameters["application_name"] = "bursar"
	}
	if config.Role != "" {
		parameters["role"] = config.Role // sent at startup, so that RESET ROLE sets it, too
	}
	if config.StopAbandoned { // PostgreSQL does not notice a closed connection before it sends the result
		parsed.ConnConfig.BuildContextWatcherHandler = func(connection *pgconn.PgConn) ctxwatch.Handler {
			return &pgconn.CancelRequestContextWatcherHandler{Conn: connection, DeadlineDelay: stopTimeout}
		}
	}
	parsed.AfterConnect = func(ctx context.Context, connection *pgx.Conn) error {
		// without it, pgx converts each id to text and back
		pgxuuid.Register(connection.TypeMap())
		return fit(ctx, connection, config.Role)
	}
	return pgxpool.NewWithConfig(ctx, parsed)
}

// stopTimeout is how long PostgreSQL may take to cancel a statement. After it the connection is closed.
const stopTimeout = time.Second

// Beside returns a pool with another's configuration, for statements that must not wait for the other's connections.
func Beside(ctx context.Context, pool *pgxpool.Pool, maxConnections int32) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MaxConns = maxConnections
	return pgxpool.NewWithConfig(ctx, config)
}
