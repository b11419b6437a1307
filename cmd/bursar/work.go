package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/cells/pools"
	"bursar/db/failover"
	"bursar/db/fitness"
	"bursar/fault"
	"bursar/observe"
	"bursar/observe/tracing"
	"bursar/webhook"
	"bursar/webhook/dispatch"
	"bursar/worker"
)

// reconnectInterval is the time between attempts to connect to a database that cannot be reached.
const reconnectInterval = time.Second

type workCommand struct {
	Database databaseFlags `embed:""`
	Mail     mailFlags     `embed:""`
	Jobs     jobFlags      `embed:""`
	Log      logFlags      `embed:""`
	Metrics  metricsFlags  `embed:""`

	WebhookNetworks webhook.Networks `variable:"BURSAR_WEBHOOK_NETWORKS" placeholder:"NETWORKS" help:"Networks that are not public and that webhooks may be in, as 10.0.0.0/8,192.168.7.0/24; there http is allowed, too. Unset, none. Set it for serve as well."`
	MetricsAddr     value.Address    `variable:"BURSAR_METRICS_ADDR" placeholder:"HOST:PORT" help:"Where /metrics, /healthz and /readyz are served; port 0 picks a free one. Unset, they are not."`
}

// Help is the long text of --help.
func (workCommand) Help() string {
	return `Any number of these run side by side on one database. Decisions and resets go on while none runs; mail and history
wait, and catch up.

It starts without the database too, and begins when it is there and takes writes. A schema that is neither this
binary's nor the next release's is refused; bursar migrate up brings an older one there. With --metrics-addr it serves
/metrics, /healthz and /readyz, which says whether it works the jobs.`
}

// AfterApply checks the flags.
func (c *workCommand) AfterApply() error {
	if err := c.Database.require("work"); err != nil {
		return err
	}
	if c.Mail.ResendAPIKey == "" {
		return &misuse{"RESEND_API_KEY (or --resend-api-key) is not set: alert mail would be lost without anybody noticing"}
	}
	return c.Mail.check()
}

// Run works until ctx ends.
func (c *workCommand) Run(ctx context.Context, p *program) error {
	return asked(ctx, c.run(ctx, p))
}

func (c *workCommand) run(ctx context.Context, p *program) error {
	secrets := append([]string{string(c.Mail.ResendAPIKey)}, c.Metrics.MetricsToken.list...)
	logger := c.Log.logger(p.stderr, observe.JSON, secrets...)
	traces, err := p.trace(ctx, "bursar-work", logger, secrets...)
	if err != nil {
		return err
	}
	defer traces.Stop(closeLimit)
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	if listener != nil {
		defer func() { _ = listener.Close() }() // the server has closed it if it served
	}
	monitor := failover.NewMonitor(logger)
	pool, err := db.NewPool(ctx, db.PoolConfig{
		URL: string(c.Database.DatabaseURL), ApplicationName: "bursar work", Monitor: monitor, Tracer: traces.Statements(),
	})
	if err != nil {
		return err
	}
	defer pools.Close(pool, closeLimit, logger)
	status, err := serveStatus(listener, pool, c.Metrics.MetricsToken, logger)
	if err != nil {
		return err
	}
	defer status.stop()
	monitored, stopMonitor := context.WithCancel(context.WithoutCancel(ctx))
	defer stopMonitor()
	go monitor.Run(monitored)
	jobs, err := c.start(ctx, pool, traces, logger)
	if err != nil {
		return err
	}
	status.began(jobs)
	logger.Info("working")
	select {
	case err = <-status.failed():
	case <-ctx.Done():
	}
	began := time.Now()
	logger.Info("draining")
	stopJobs(jobs, drainLimit, logger)
	traces.Stop(flushLimit(drainLimit - time.Since(began)))
	return err
}

// start begins to work the jobs, as soon as the database can be reached and takes writes.
func (c *workCommand) start(
	ctx context.Context, pool *pgxpool.Pool, traces *tracing.Tracing, logger *slog.Logger,
) (*worker.Worker, error) {
	for {
		if err := awaitSchema(ctx, pool, logger); err != nil {
			return nil, err
		}
		jobs, err := c.startJobs(ctx, pool, traces, logger)
		if err == nil || fault.CodeOf(db.Fault(err)) != fault.Unavailable {
			return jobs, err
		}
		logger.Warn("the jobs cannot be started yet", "error", err) // the database has gone in between
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(reconnectInterval):
		}
	}
}

func (c *workCommand) startJobs(
	ctx context.Context, pool *pgxpool.Pool, traces *tracing.Tracing, logger *slog.Logger,
) (*worker.Worker, error) {
	dispatcher, err := c.Mail.dispatcher(pool, traces, logger)
	if err != nil {
		return nil, err
	}
	jobs, err := worker.New(worker.Config{
		Webhooks: dispatch.Config{Networks: c.WebhookNetworks, LinkTo: c.Mail.PublicURL.LinkTo},
		Pool:     pool, Dispatcher: dispatcher, UsageRetention: int(c.Jobs.UsageRetention), Logger: logger, Middleware: traces.Jobs(),
	})
	if err != nil {
		return nil, err
	}
	return jobs, jobs.Start(context.WithoutCancel(ctx)) // Stop ends it, so that jobs are not interrupted
}

// awaitSchema waits until the database can be reached and takes writes, and fails if its schema is not this binary's.
func awaitSchema(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	ticker := time.NewTicker(reconnectInterval)
	defer ticker.Stop()
	for {
		if reachable, err := fitness.Refuse(ctx, pool, logger); reachable || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// stopJobs waits until the running jobs have ended, or have been returned to the queue. A job that takes longer than the limit
// counts as running until another worker notices that this one has ended, for 45 s at most.
func stopJobs(jobs *worker.Worker, limit time.Duration, logger *slog.Logger) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := jobs.Stop(ctx); err != nil {
		logger.Warn("jobs were cut off", "after", limit, "error", err)
		return
	}
	logger.Info("the jobs have stopped", "took", time.Since(began).Round(time.Millisecond))
}
