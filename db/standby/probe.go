package standby

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
)

// probe looks at a server by a connection of its own, so that no look waits for a connection of the pool.
type probe struct {
	pool       *pgxpool.Pool
	connection *pgx.Conn     // nil: none is open
	wanted     chan struct{} // holds one when a look is wanted at once
}

func newProbe(pool *pgxpool.Pool) *probe { return &probe{pool: pool, wanted: make(chan struct{}, 1)} }

// hurry has the server looked at as soon as may be.
func (p *probe) hurry() {
	select {
	case p.wanted <- struct{}{}:
	default:
	}
}

// run looks at the server at intervals until ctx ends.
func (p *probe) run(ctx context.Context, interval func() time.Duration, look func(context.Context)) {
	defer func() { p.close() }()
	for ctx.Err() == nil {
		look(ctx)
		select { // so that readers that wait do not keep the processor busy
		case <-ctx.Done():
		case <-time.After(probePause):
		}
		timer := time.NewTimer(interval())
		select {
		case <-ctx.Done():
		case <-p.wanted:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// query asks for a row, in the time of a look. After an error the next one connects anew.
func (p *probe) query(ctx context.Context, statement string, into ...any) error {
	if p.connection == nil {
		if err := p.connect(ctx); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := p.connection.QueryRow(ctx, statement).Scan(into...)
	if err != nil {
		p.close()
	}
	return err
}

// connect connects as the pool does.
func (p *probe) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	config := p.pool.Config()
	config.ConnConfig.Tracer = nil
	config.ConnConfig.BuildContextWatcherHandler = func(connection *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: connection.Conn()} // closes the connection, and cancels nothing
	}
	if config.BeforeConnect != nil {
		if err := config.BeforeConnect(ctx, config.ConnConfig); err != nil {
			return err
		}
	}
	connection, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return err
	}
	if config.AfterConnect != nil {
		if err := config.AfterConnect(ctx, connection); err != nil {
			_ = connection.PgConn().Conn().Close()
			return err
		}
	}
	p.connection = connection
	return nil
}

// close closes the connection at once, also to a server that hangs.
func (p *probe) close() {
	if p.connection != nil {
		_ = p.connection.PgConn().Conn().Close() // nothing was asked of it that matters
		p.connection = nil
	}
}
