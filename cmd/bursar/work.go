package main

import (
	"context"
	"log/slog"
	"time"

	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/cells/command"
	"bursar/db/cells/pools"
	"bursar/db/fitness"
	"bursar/fault"
	"bursar/observe"
	"bursar/observe/tracing"
	"bursar/webhook"
	"bursar/webhook/dispatch"
	"bursar/worker"
)

type workCommand struct {
	Database databaseFlags `embed:""`
	Mail     mailFlags     `embed:""`
	Jobs     jobFlags      `embed:""`
	Log      logFlags      `embed:""`
	Metrics  metricsFlags  `embed:""`

	Cells value.Cells `variable:"BURSAR_CELLS" placeholder:"NAME=URL,…" help:"Further databases whose jobs are worked, by the names that bursar cells add gave them, beside DATABASE_URL, which is home. Unset, there is one database."`
	Cell  []string    `placeholder:"NAME" help:"Work the jobs of this cell alone, or of these, such as those of one region; mail is throttled at home all the same."`

	WebhookNetworks webhook.Networks `variable:"BURSAR_WEBHOOK_NETWORKS" placeholder:"NETWORKS" help:"Networks that are not public and that webhooks may be in, as 10.0.0.0/8,192.168.7.0/24; there http is allowed, too. Unset, none. Set it for serve as well."`
	MetricsAddr     value.Address    `variable:"BURSAR_METRICS_ADDR" placeholder:"HOST:PORT" help:"Where /metrics, /healthz and /readyz are served; port 0 picks a free one. Unset, they are not."`
}

// Help is the long text of --help.
func (workCommand) Help() string {
	return `Any number of these run side by side on one database. Decisions and resets go on while none runs; mail and history
wait, and catch up.

It starts without the database too, and begins when it is there and takes writes. A schema that is neither this
binary's nor the next release's is refused; bursar migrate up brings an older one there. With --metrics-addr it serves
/metrics, /healthz and /readyz, which says whether it works the jobs.

With BURSAR_CELLS it works the jobs of home and of all cells; one that is down or unfit is tried again, and the others go on.
/readyz says of each whether its jobs are worked, and is 200 while those of one are. BURSAR_MAIL_CALLS_PER_SECOND is of all
cells together; while home is down no mail goes out.`
}

// AfterApply checks the flags.
func (c *workCommand) AfterApply() error {
	if err := c.Database.require("work"); err != nil {
		return err
	}
	if c.Mail.ResendAPIKey == "" {
		return &misuse{"RESEND_API_KEY (or --resend-api-key) is not set: alert mail would be lost without anybody noticing"}
	}
	if err := (&command.Databases{Cells: c.Cells, Only: c.Cell}).Check(); err != nil {
		return misused(err)
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
	opened, stop, err := pools.OpenWork(ctx, pools.WorkConfig{
		Home: string(c.Database.DatabaseURL), Cells: c.Cells, Only: c.Cell, Tracer: traces.Statements(), CloseLimit: closeLimit, Logger: logger,
	})
	if err != nil {
		return err
	}
	defer stop()
	all := make([]*worked, len(opened))
	for i, each := range opened {
		all[i] = &worked{Work: each, begun: make(chan struct{})}
	}
	status, err := serveStatus(listener, all, c.Metrics.MetricsToken, logger)
	if err != nil {
		return err
	}
	defer status.stop()
	beginning, stopBeginning := context.WithCancel(ctx)
	defer stopBeginning()
	if all[0].Name == "" { // the one database
		if err := c.begin(ctx, all[0], traces, logger); err != nil {
			return err
		}
		close(all[0].begun)
		logger.Info("working")
	} else {
		for _, each := range all {
			go c.keepBeginning(beginning, each, traces, logger.With("cell", each.Name))
		}
	}
	select {
	case err = <-status.failed():
	case <-ctx.Done():
	}
	began := time.Now()
	logger.Info("draining")
	stopBeginning()
	stopAll(all, logger)
	traces.Stop(flushLimit(drainLimit - time.Since(began)))
	return err
}

// begin begins to work the jobs of a database, as soon as it can be reached and takes writes.
func (c *workCommand) begin(ctx context.Context, of *worked, traces *tracing.Tracing, logger *slog.Logger) error {
	for {
		if err := fitness.Await(ctx, of.Pool, logger); err != nil {
			return err
		}
		err := c.startJobs(ctx, of, traces, logger)
		if err == nil || fault.CodeOf(db.Fault(err)) != fault.Unavailable {
			return err
		}
		logger.Warn("the jobs cannot be started yet", "error", err) // the database has gone in between
		if err := fitness.Pause(ctx, fitness.AwaitInterval); err != nil {
			return err
		}
	}
}

func (c *workCommand) startJobs(ctx context.Context, of *worked, traces *tracing.Tracing, logger *slog.Logger) error {
	mail := c.Mail
	mail.pace = of.Pace
	dispatcher, err := mail.dispatcher(of.Pool, traces, logger)
	if err != nil {
		return err
	}
	jobs, err := worker.New(worker.Config{
		Webhooks: dispatch.Config{Networks: c.WebhookNetworks, LinkTo: c.Mail.PublicURL.LinkTo},
		Pool:     of.Pool, Dispatcher: dispatcher, UsageRetention: int(c.Jobs.UsageRetention), Logger: logger, Middleware: traces.Jobs(),
	})
	if err != nil {
		return err
	}
	if err := jobs.Start(context.WithoutCancel(ctx)); err != nil { // Stop ends it, so that jobs are not interrupted
		return err
	}
	of.jobs.Store(jobs)
	return nil
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
