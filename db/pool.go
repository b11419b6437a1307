package db

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"

	"bursar/db/confirmed"
	"bursar/db/failover"
	"bursar/db/session"
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
	ConnectTimeout  time.Duration // of one connection to one host, unless the URL has connect_timeout; default 5 s
	StopAbandoned   bool          // whether a statement is canceled in PostgreSQL when its context ends; its error is query_canceled
	Role            string        // that each connection acts as; default: the login
	AllowSuperuser  bool          // whether a login may act as Role that is a superuser or bypasses row-level security; default: it is a session.UnfitError

	// Cell is the cell that the database must be; default: home, or none. Each use of a connection asks whether it still is, and is refused without a
	// question to the database while the cell is.
	Cell    session.Cell
	Monitor *failover.Monitor // that closes connections to a server that hangs; default none
	Tracer  pgx.QueryTracer   // of each statement; default none
}

// NewPool returns a pool of connections with Bursar's settings. It does not wait for the database: a server can start without it,
// answers UNAVAILABLE, and needs no restart once it can be reached. A malformed URL is an error; a database that Bursar cannot work
// with is an [session.UnfitError] of whoever connects.
func NewPool(ctx context.Context, config PoolConfig) (*pgxpool.Pool, error) {
	parsed, err := pgxpool.ParseConfig(config.URL)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err) // pgx takes the password out of its message
	}
	parsed.MaxConns = config.MaxConnections
	if parsed.MaxConns == 0 {
		parsed.MaxConns = 20
	}
	parsed.ConnConfig.ConnectTimeout = cmp.Or(parsed.ConnConfig.ConnectTimeout, config.ConnectTimeout, 5*time.Second)
	parsed.PingTimeout = pingTimeout
	parsed.ConnConfig.DialFunc = failover.NewDialer().DialContext
	parsed.ConnConfig.OnNotice = confirmed.Note
	parsed.ConnConfig.OnPgError = keepConnection
	parsed.ConnConfig.Tracer = config.Tracer
	parameters := parsed.ConnConfig.RuntimeParams
	session.Set(parameters)
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
		found, err := session.Fit(ctx, connection, session.Wanted{
			Role: config.Role, Operator: OperatorRole, AllowSuperuser: config.AllowSuperuser, Cell: config.Cell,
		})
		if config.Cell != nil {
			found.Moves = math.MaxInt64 // it was compared: what has come and gone since says nothing of an earlier time
			connection.PgConn().CustomData()[identityKey] = found
		}
		return err
	}
	if config.Cell != nil {
		parsed.PrepareConn = askCell(config.Cell)
	}
	return newPool(ctx, parsed, config.Monitor, true)
}

// identityKey is where a connection keeps the identity that it has found.
const identityKey = "bursar.cell_identity"

// askCell returns what asks, before each use of a connection, whether its cell may be asked, and drops a connection to a database that is the
// cell no more.
func askCell(cell session.Cell) func(context.Context, *pgx.Conn) (bool, error) {
	return func(_ context.Context, connection *pgx.Conn) (bool, error) {
		if err := cell.Refused(); err != nil {
			return true, err
		}
		found, _ := connection.PgConn().CustomData()[identityKey].(session.Identity)
		return cell.Check(found) == nil, nil
	}
}

const (
	// stopTimeout is how long PostgreSQL may take to cancel a statement. After it the connection is closed.
	stopTimeout = time.Second
	// pingTimeout is how long a connection that was idle for a second may take to answer before it is used again.
	pingTimeout = time.Second
	// lockTimeout is how long a statement of enforcement waits for one lock, as long as its callers wait for their answers.
	lockTimeout = "5s"
)

// NewEnforcementPool returns a pool with another's configuration, for statements that must not wait for the other's connections and must
// never be canceled (see [confirmed.NewDB]). Instead, PostgreSQL ends a statement of itself that has waited too long for a lock.
func NewEnforcementPool(ctx context.Context, pool *pgxpool.Pool, maxConnections int32, monitor *failover.Monitor) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MaxConns = maxConnections
	parameters := config.ConnConfig.RuntimeParams
	parameters["statement_timeout"] = "0" // it would cancel a wait for a standby, too
	parameters["lock_timeout"] = lockTimeout
	config.ConnConfig.BuildContextWatcherHandler = func(connection *pgconn.PgConn) ctxwatch.Handler {
		return confirmed.NewHandler(connection)
	}
	return newPool(ctx, config, monitor, false)
}

// newPool returns a pool whose connections the monitor closes when their server hangs; nil: none does. cancels says whether statements may
// be canceled.
func newPool(ctx context.Context, config *pgxpool.Config, monitor *failover.Monitor, cancels bool) (*pgxpool.Pool, error) {
	if monitor != nil {
		config.ConnConfig.DialFunc = monitor.Dial
	}
	config.BeforeConnect = func(_ context.Context, connection *pgx.ConnConfig) error {
		failover.BoundCancels(connection, func(address string) bool { return cancels && !monitor.HasLeft(address) })
		monitor.Prefer(connection)
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err == nil {
		monitor.Add(pool)
	}
	return pool, err
}
