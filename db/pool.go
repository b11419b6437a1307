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

// The roles that servers act as; the schema's migration makes them. They own nothing, and see what row-level security lets them.
const (
	ServerRole        = "bursar_server"        // sees the rows of the organization that its transaction names
	AuthenticatorRole = "bursar_authenticator" // sees who presents a token or an address; a server becomes it to find out whose it is
	OperatorRole      = "bursar_operator"      // sees every organization's rows; a server becomes it for the operator's transactions
)

// PoolConfig says how to connect.
type PoolConfig struct {
	URL             string        // postgres://… or a libpq connection string
	ApplicationName string        // seen in pg_stat_activity; default "bursar"
	MaxConnections  int32         // default 20
	ConnectTimeout  time.Duration // of one connection; default 5 s
	StopAbandoned   bool          // whether PostgreSQL is asked to stop what nobody waits for; it then fails as cancelled by the user
	Role            string        // that each connection acts as, whoever logs in; default: who logs in

	Tracer pgx.QueryTracer // is told of each statement; nil: nothing is
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
	parsed.ConnConfig.Tracer = config.Tracer
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
	if config.Role != "" {
		parameters["role"] = config.Role // from the first message on, and what RESET ROLE goes back to
	}
	if config.StopAbandoned { // it would not notice by itself before it answers
		parsed.ConnConfig.BuildContextWatcherHandler = func(connection *pgconn.PgConn) ctxwatch.Handler {
			return &pgconn.CancelRequestContextWatcherHandler{Conn: connection, DeadlineDelay: stopTimeout}
		}
	}
	parsed.AfterConnect = func(ctx context.Context, connection *pgx.Conn) error {
		// without it, pgx takes an id to text and back whenever it sends one
		pgxuuid.Register(connection.TypeMap())
		return requireRole(ctx, connection, config.Role)
	}
	return pgxpool.NewWithConfig(ctx, parsed)
}

// stopTimeout is how long PostgreSQL may take to stop what nobody waits for; then the connection is given up.
const stopTimeout = time.Second

// Beside returns a pool that connects as another does, for what must not wait for that one's connections.
func Beside(ctx context.Context, pool *pgxpool.Pool, maxConnections int32) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MaxConns = maxConnections
	return pgxpool.NewWithConfig(ctx, config)
}

// requireRole refuses a connection that does not act as the role: some poolers drop parameters that they do not know.
func requireRole(ctx context.Context, connection *pgx.Conn, role string) error {
	if role == "" {
		return nil
	}
	var actual string
	var operator bool
	err := connection.QueryRow(ctx, `select current_user::text, pg_has_role(session_user, $1::text, 'MEMBER')`, OperatorRole).Scan(&actual, &operator)
	if err != nil {
		return fmt.Errorf("ask for the role: %w", err)
	}
	if !operator {
		return fmt.Errorf("the login is no member of %s: have an administrator grant it", OperatorRole)
	}
	if actual != role {
		return fmt.Errorf("the connection acts as %s and not as %s: connect without the pooler that dropped the startup parameter role",
			actual, role)
	}
	return nil
}
