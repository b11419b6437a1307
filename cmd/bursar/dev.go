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
	"bursar/webhook/dispatch"
	"bursar/worker"
)

type devCommand struct {
	Database databaseFlags `embed:""`
	Embedded embeddedFlags `embed:""`
	Server   serverFlags   `embed:""`
	Mail     mailFlags     `embed:""`
	Jobs     jobFlags      `embed:""`
	Log      logFlags      `embed:""`

	GatewayAddr value.Address `variable:"BURSAR_GATEWAY_ADDR" placeholder:"HOST:PORT" help:"Where the gateway listens; port 0 picks a free one. Unset, the port after that of --addr, or a free one."`
}

// Help is the long text of --help.
func (devCommand) Help() string {
	return `Starts a PostgreSQL of its own, unless DATABASE_URL names one, brings it to this binary's schema, makes a demo
organization once, serves the API, works the jobs and runs a gateway before a demo provider, which needs no network. Prints the addresses,
tokens and an API key. With OPENAI_API_KEY or ANTHROPIC_API_KEY in the environment the gateway passes on to that provider, too.

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
	defer closePool(pool, closeLimit, logger)
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
	databases, err := opening{home: address, config: pools.Config{
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
	server, err := c.start(ctx, pool, databases, listener, calls, token, traces, logger)
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
		URL: server.url, RootToken: string(token), Demo: organization, DataDir: c.Embedded.DataDir, Outbox: c.keepsMail(), Gateway: gateway,
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
	jobs   *worker.Worker
	logger *slog.Logger
}

// stop stops the API and then the job workers.
func (s *devServer) stop() {
	s.serving.stop(devRequests)
	stopJobs(s.jobs, devJobs, s.logger)
}

// start starts the job workers and the API, which run until stop is called.
func (c *devCommand) start(
	ctx context.Context, pool *pgxpool.Pool, databases []*connected, listener, calls net.Listener, token value.RootToken,
	traces *tracing.Tracing, logger *slog.Logger,
) (*devServer, error) {
	certificate, err := c.Server.Exposure.certificate(logger)
	if err != nil {
		return nil, err
	}
	jobs, err := c.newWorker(pool, traces, logger)
	if err != nil {
		return nil, err
	}
	if err := jobs.Start(context.WithoutCancel(ctx)); err != nil { // Stop ends it, so that jobs are not interrupted
		return nil, err
	}
	databases[0].jobs = jobs.Client()
	var outbox *pgxpool.Pool
	if c.keepsMail() {
		outbox = pool
	}
	gateway, model := string(c.Server.GatewayURL), ""
	if calls != nil && gateway == "" {
		gateway, model = httpserver.URLOf(calls, "http"), demomodel.Models()[0].Name
	}
	server, err := service{
		gateway: gateway, model: model,
		databases: databases, rootToken: token, webhook: c.Server.WebhookSecret, outbox: outbox,
		metrics: c.Server.Metrics.MetricsToken, enforce: c.Server.enforce(), exposure: c.Server.Exposure, logger: logger, traces: traces,
	}.serve(ctx, listener, certificate)
	if err != nil {
		stopJobs(jobs, devJobs, logger)
		return nil, err
	}
	return &devServer{serving: server, jobs: jobs, logger: logger}, nil
}

// AfterApply checks the flags.
func (c *devCommand) AfterApply() error {
	if err := c.Mail.check(); err != nil {
		return err
	}
	c.Server.Exposure.WebhookNetworks = c.Server.Exposure.WebhookNetworks.Or("127.0.0.0/8,::1/128")
	return c.Server.Exposure.check()
}

// newWorker returns the job workers. Mail is sent if RESEND_API_KEY is set, else stored in the outbox.
func (c *devCommand) newWorker(pool *pgxpool.Pool, traces *tracing.Tracing, logger *slog.Logger) (*worker.Worker, error) {
	newDispatcher := c.Mail.dispatcher
	if c.keepsMail() {
		newDispatcher = c.Mail.keeper
	}
	dispatcher, err := newDispatcher(pool, traces, logger)
	if err != nil {
		return nil, err
	}
	return worker.New(worker.Config{
		Webhooks: dispatch.Config{Networks: c.Server.Exposure.WebhookNetworks, LinkTo: c.Mail.PublicURL.LinkTo},
		Pool:     pool, Dispatcher: dispatcher, UsageRetention: int(c.Jobs.UsageRetention), Logger: logger, Middleware: traces.Jobs(),
	})
}

// keepsMail reports whether mail is stored and shown at /outbox instead of being sent.
func (c *devCommand) keepsMail() bool { return c.Mail.ResendAPIKey == "" }
