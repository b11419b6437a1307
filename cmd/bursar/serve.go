package main

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/adapter/envoy/listener"
	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/cells/pools"
	"bursar/db/fitness"
	"bursar/db/standby"
	"bursar/observe"
	"bursar/observe/tracing"
)

type serveCommand struct {
	Database       databaseFlags  `embed:""`
	Cells          cellFlags      `embed:""`
	Server         serverFlags    `embed:""`
	Only           only           `variable:"BURSAR_ONLY" placeholder:"enforcement|control" help:"Answer enforcement calls alone, or everything but them; unset, everything. Each needs a server of the other kind beside it."`
	Reads          readFlags      `embed:"" prefix:"read-"`
	AllowSuperuser bool           `variable:"BURSAR_ALLOW_SUPERUSER" help:"Serve although the login in DATABASE_URL is a superuser or bypasses row-level security; unset, it is refused."`
	GRPC           listener.Flags `embed:""`
	Log            logFlags       `embed:""`
}

// Help is the long text of --help.
func (serveCommand) Help() string {
	return `Any number of these run side by side on one database; none of them works jobs (see bursar work).

With BURSAR_CELLS it serves the organizations of several databases. One that is down or unfit is left out, and the others are served; /readyz says
which. The operator names one in the header Bursar-Cell.

It starts without the database too: /readyz answers 503 and operations UNAVAILABLE until it is there. A schema that is
neither this binary's nor the next release's is refused; bursar migrate up brings an older one there.`
}

// AfterApply checks the flags.
func (c *serveCommand) AfterApply() error {
	if err := c.Database.require("serve"); err != nil {
		return err
	}
	if err := c.Cells.check(); err != nil {
		return err
	}
	if err := c.Server.RootToken.CheckStrength(); err != nil {
		return &misuse{err.Error()}
	}
	if err := c.Server.Exposure.check(); err != nil {
		return err
	}
	if err := c.GRPC.Check(c.Only.servesEnforcement(), c.Server.Exposure.TLSCert != ""); err != nil {
		return &misuse{err.Error()}
	}
	return nil
}

// secrets returns the values that must not be logged.
func (c *serveCommand) secrets() []string {
	return append(c.Server.secrets(), string(c.GRPC.GRPCToken))
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	return asked(ctx, c.run(ctx, p))
}

func (c *serveCommand) run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON, c.secrets()...)
	traces, err := p.trace(ctx, "bursar-serve", logger, c.secrets()...)
	if err != nil {
		return err
	}
	defer traces.Stop(closeLimit)
	certificate, err := c.Server.Exposure.certificate(logger)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, c.Server.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it if it served
	beside, err := c.GRPC.Listen(ctx)
	if err != nil {
		return err
	}
	defer beside.Close()
	opening := opening{
		home: string(c.Database.DatabaseURL), cells: c.Cells.Cells, jobs: c.Only.servesControl(),
		config: pools.Config{ApplicationName: "bursar serve", AllowSuperuser: c.AllowSuperuser, Tracer: traces.Statements(), Logger: logger},
	}
	databases, err := opening.open(ctx)
	if err != nil {
		return err
	}
	defer closeDatabases(databases)
	pool := databases[0].Control
	reachable, err := fitness.Refuse(ctx, pool, logger)
	if err != nil {
		return err
	}
	if reachable {
		fitness.WarnOfLogin(ctx, pool, logger)
	}
	counters := observe.NewStandbyMetrics()
	standbys, err := c.standbys(ctx, standby.Config{Primary: pool, Logger: logger, Observer: counters}, traces)
	if err != nil {
		return err
	}
	defer standbys.Close(closeLimit)
	server, err := service{
		only: c.Only, databases: databases, placement: c.Cells.Placement, standbys: standbys, reads: counters, rootToken: c.Server.RootToken, webhook: c.Server.WebhookSecret,
		metrics: c.Server.Metrics.MetricsToken, gateway: string(c.Server.GatewayURL), enforce: c.Server.enforce(),
		exposure: c.Server.Exposure, logger: logger, traces: traces, share: beside.Share(),
	}.serve(ctx, listener, certificate)
	if err != nil {
		return err
	}
	server.beside = beside.Stop
	if err := beside.Serve(ctx, certificate, int(c.Server.Exposure.MaxConnections), logger); err != nil {
		return err
	}
	logger.Info("serving", "url", server.url)
	select {
	case err := <-server.Failed():
		return err
	case err := <-beside.Failed():
		return err
	case <-ctx.Done():
	}
	began := time.Now()
	logger.Info("draining")
	server.stop(drainLimit)
	traces.Stop(flushLimit(drainLimit - time.Since(began)))
	logger.Info("drained", "took", time.Since(began).Round(time.Millisecond))
	return nil
}

type readFlags struct {
	URLs   value.DatabaseURLs `name:"urls" variable:"BURSAR_READ_URLS" placeholder:"URL,…" help:"Standbys that may answer reports, lists and exports, separated by commas, each as the database's URL. Unset, the primary answers everything."`
	MaxLag value.ReadLag      `variable:"BURSAR_READ_MAX_LAG" default:"5s" placeholder:"DURATION" help:"How much older than the primary a standby's answer may be, 100ms to 1h."`
}

// standbys returns the standbys of a primary; nil when there are none, or nothing is read from them.
func (c *serveCommand) standbys(ctx context.Context, config standby.Config, traces *tracing.Tracing) (*standby.Set, error) {
	if !c.Only.servesControl() {
		return nil, nil
	}
	config.History, config.MaxLag = db.AuditHistory{}, time.Duration(c.Reads.MaxLag)
	return standby.Open(config, c.Reads.URLs, func(url string) (*pgxpool.Pool, error) {
		return db.NewPool(ctx, db.PoolConfig{
			URL: url, ApplicationName: "bursar serve reads", Role: db.ServerRole, MaxConnections: controlConnections,
			AllowSuperuser: c.AllowSuperuser, Tracer: traces.Statements(),
		})
	})
}

// asked returns nil for the failure of a command that stopped because ctx ended, and err otherwise.
func asked(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
