package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/cells/pools"
	"bursar/demo"
	"bursar/dev"
	"bursar/gateway/demoprovider/demomodel"
	"bursar/httpserver"
	"bursar/observe"
	"bursar/observe/tracing"
	"bursar/sql"
	"bursar/worker"
)

type devCommand struct {
	Database databaseFlags `embed:""`
	Embedded embeddedFlags `embed:""`
	Server   serverFlags   `embed:""`
	Mail     mailFlags     `embed:""`
	Jobs     jobFlags      `embed:""`
	Log      logFlags      `embed:""`

	Cells       int           `default:"1" placeholder:"N" help:"Databases in the PostgreSQL of its own, 1 to 9: home and, beyond 1, cells with an organization each."`
	GatewayAddr value.Address `variable:"BURSAR_GATEWAY_ADDR" placeholder:"HOST:PORT" help:"Where the gateway listens; port 0 picks a free one. Unset, the port after that of --addr, or a free one."`
}

// Help is the long text of --help.
func (devCommand) Help() string {
	return `Starts a PostgreSQL of its own, unless DATABASE_URL names one, brings it to this binary's schema, makes a demo
organization once, serves the API, works the jobs and runs a gateway before a demo provider, which needs no network. Prints the addresses,
tokens and an API key. With OPENAI_API_KEY or ANTHROPIC_API_KEY in the environment the gateway passes on to that provider, too.

With --cells 2 there is a second database, the cell cell-2 with the organization demo-2: the operator names it in the header Bursar-Cell, or an organization by its id.

The data stays in --data-dir between runs; deleting that folder begins anew. Without RESEND_API_KEY no mail leaves the
machine: it is kept in the database and shown at /outbox, to everybody who can connect.`
}

// Run serves and works until ctx ends.
func (c *devCommand) Run(ctx context.Context, p *program) error {
	return asked(ctx, c.run(ctx, p))
}

// run starts PostgreSQL, the pools, the jobs and the API. Deferred calls stop them in reverse order.
func (c *devCommand) run(ctx context.Context, p *program) (err error) {
	began, logger := time.Now(), c.Log.logger(p.stderr, observe.Text, append(c.Server.secrets(), string(c.Mail.ResendAPIKey))...)
	traces, err := p.trace(ctx, "bursar-dev", logger, append(c.Server.secrets(), string(c.Mail.ResendAPIKey))...)
	if err != nil {
		return err
	}
	defer traces.Stop(closeLimit)
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it if it served
	if err := c.Embedded.folder().Make(); err != nil {
		return err
	}
	token, err := c.rootToken()
	if err != nil {
		return err
	}
	address, postgresEnded := string(c.Database.DatabaseURL), (<-chan struct{})(nil)
	if address == "" {
		server, err := c.Embedded.folder().Start(ctx, logger)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		address, postgresEnded = server.URL(), server.Done()
	}
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: address, ApplicationName: "bursar dev", Tracer: traces.Statements()})
	if err != nil {
		return err
	}
	defer pools.Close(pool, closeLimit, logger)
	if err := sql.Up(ctx, pool, logger); err != nil {
		return err
	}
	organization, err := demo.Open(ctx, pool, c.Embedded.DataDir)
	if err != nil {
		return err
	}
	if err := dev.ImportPrices(ctx, pool, organization); err != nil {
		return err
	}
	// the server has the role of bursar serve, not that of the migrations
	cells, err := dev.OpenCells(ctx, pool, address, c.Cells, func(cell *pgxpool.Pool) error { return sql.Up(ctx, cell, logger) })
	if err != nil {
		return err
	}
	urls := value.Cells{}
	for _, cell := range cells {
		urls[cell.Name] = cell.URL
		defer pools.Close(cell.Pool, closeLimit, logger)
	}
	databases, err := opening{home: address, cells: urls, config: pools.Config{
		ApplicationName: "bursar dev", AllowSuperuser: true /* that of the embedded one */, Tracer: traces.Statements(), Logger: logger,
	}}.open(ctx)
	if err != nil {
		return err
	}
	defer closeDatabases(databases)
	calls, err := c.listenForGateway(ctx)
	if err != nil {
		return err
	}
	if calls != nil {
		defer func() { _ = calls.Close() }() // the gateway has closed it if it served
	}
	server, err := c.start(ctx, pool, cells, databases, listener, calls, token, traces, logger)
	if err != nil {
		return err
	}
	defer server.stop()
	gateway, err := c.startGateway(ctx, p, calls, server.url, organization.GatewayToken, traces, logger)
	if err != nil {
		return err
	}
	defer gateway.Stop(devCalls)

	b := dev.Banner{
		URL: server.url, RootToken: string(token), Demo: organization, DataDir: c.Embedded.DataDir, Outbox: c.keepsMail(), Gateway: gateway, Cells: cells,
		Took: time.Since(began),
	}
	if err := b.Print(p.stdout); err != nil {
		return err
	}
	defer organization.Fill(ctx, pool, logger)()
	select {
	case <-ctx.Done():
		logger.Info("stopping")
		return nil
	case err := <-server.Failed():
		return err
	case err := <-gateway.Failed():
		return err
	case <-postgresEnded:
		return errors.New("the embedded PostgreSQL ended by itself; its log is " +
			filepath.Join(c.Embedded.folder().Postgres(), "postgresql.log"))
	}
}

// devServer is the API and the job workers of dev.
type devServer struct {
	*serving
	jobs   []*worker.Worker // of each database
	logger *slog.Logger
}

// stop stops the API and then the job workers.
func (s *devServer) stop() {
	s.serving.stop(devRequests)
	stopAllJobs(s.jobs, s.logger)
}

// start starts the job workers and the API, which run until stop is called.
func (c *devCommand) start(
	ctx context.Context, pool *pgxpool.Pool, cells []*dev.Cell, databases []*connected, listener, calls net.Listener, token value.RootToken,
	traces *tracing.Tracing, logger *slog.Logger,
) (*devServer, error) {
	certificate, err := c.Server.Exposure.certificate(logger)
	if err != nil {
		return nil, err
	}
	started := &devServer{logger: logger}
	owners := []*pgxpool.Pool{pool}
	for _, cell := range cells {
		owners = append(owners, cell.Pool)
	}
	for i, owner := range owners {
		jobs, err := c.newWorker(owner, traces, logger)
		if err == nil {
			err = jobs.Start(context.WithoutCancel(ctx)) // Stop ends it, so that jobs are not interrupted
		}
		if err != nil {
			stopAllJobs(started.jobs, logger)
			return nil, err
		}
		started.jobs, databases[i].jobs = append(started.jobs, jobs), jobs.Client()
	}
	var outbox *pgxpool.Pool
	if c.keepsMail() {
		outbox = pool
	}
	gateway, model := string(c.Server.GatewayURL), ""
	if calls != nil && gateway == "" {
		gateway, model = httpserver.URLOf(calls, "http"), demomodel.Models()[0].Name
	}
	started.serving, err = service{
		gateway: gateway, model: model,
		databases: databases, rootToken: token, webhook: c.Server.WebhookSecret, outbox: outbox,
		metrics: c.Server.Metrics.MetricsToken, enforce: c.Server.enforce(), exposure: c.Server.Exposure, logger: logger, traces: traces,
	}.serve(ctx, listener, certificate)
	if err != nil {
		stopAllJobs(started.jobs, logger)
		return nil, err
	}
	return started, nil
}

// AfterApply checks the flags.
func (c *devCommand) AfterApply() error {
	if c.Cells < 1 || c.Cells > 9 || c.Cells > 1 && c.Database.DatabaseURL != "" {
		return &misuse{"--cells: 1 to 9, and not with DATABASE_URL: bursar serve has BURSAR_CELLS for databases of your own"}
	}
	if err := c.Mail.check(); err != nil {
		return err
	}
	c.Server.Exposure.WebhookNetworks = c.Server.Exposure.WebhookNetworks.Or("127.0.0.0/8,::1/128")
	return c.Server.Exposure.check()
}
