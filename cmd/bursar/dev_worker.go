package main

import (
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/observe/tracing"
	"bursar/webhook/dispatch"
	"bursar/worker"
)

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

// stopAllJobs stops the workers of all databases.
func stopAllJobs(all []*worker.Worker, logger *slog.Logger) {
	var stopping sync.WaitGroup
	for _, jobs := range all {
		stopping.Go(func() { stopJobs(jobs, devJobs, logger) })
	}
	stopping.Wait()
}
