package delivery

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

const (
	// listen is the statement after which a connection gets the notifications of notify_mail_due, NotifyMailDue and notify_webhook_due.
	listen = "listen bursar_mail_due; listen bursar_webhook_due"
	// reconnectDelay is the time between two attempts to connect.
	reconnectDelay = 2 * time.Second
	// lookTimeout is how long a question to the database may take. Then the connection counts as broken.
	lookTimeout = 10 * time.Second
	// closeTimeout is how long closing the connection may take.
	closeTimeout = time.Second
)

// Watcher calls back whenever something of what it watches is due: mail, or what webhooks are told. It looks when it starts, when a transaction
// has queued something or a retry, when the next retry that it knows of is due, and after an interval at the latest, in case a notification was
// lost. While nothing is due that is one query an interval for each.
//
// Each process that sends has one, so that mail is sent as long as any of them lives.
type Watcher struct {
	// Pool gives one connection, which the watcher keeps. Required.
	Pool *pgxpool.Pool
	// Interval is the longest time between two looks. Required.
	Interval time.Duration
	// Recheck is the time until the next look after one that found something due. Required.
	Recheck time.Duration
	// Watched is what is looked for. Required.
	Watched []Watched
	// Logger gets a warning for each lost connection. Required.
	Logger *slog.Logger
}

// Watched is one kind of thing that falls due. All fields are required.
type Watched struct {
	// Next returns how long it is until something is due; zero or less: now.
	Next func(ctx context.Context, database db.DBTX) (time.Duration, error)
	// Due is called when something is due, again and again every Recheck until nothing is.
	Due func(ctx context.Context)
	// Idle is called when nothing is due, with the time until the next look at the latest.
	Idle func(ctx context.Context, wait time.Duration)
}

// Run watches until ctx ends. It waits out outages of the database.
func (w *Watcher) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := w.watch(ctx); err != nil && ctx.Err() == nil {
			w.Logger.WarnContext(ctx, "cannot watch for due mail; trying again", "delay", reconnectDelay, "error", err)
			_ = sleep(ctx, reconnectDelay) // it fails when ctx ends
		}
	}
}

// watch looks on one connection until that breaks or ctx ends. It listens before its first look, so that what is queued after
// the look wakes it.
func (w *Watcher) watch(ctx context.Context) error {
	pooled, err := w.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		_ = pooled.Hijack().Close(ctx) // it listens, so it must not go back to the pool; it may be broken already
	}()
	if _, err := pooled.Exec(ctx, listen); err != nil {
		return err
	}
	for {
		if err := w.look(ctx, pooled.Conn()); err != nil {
			return err
		}
	}
}

// look finds out whether anything is due, calls back, and returns when it is time for the next look.
func (w *Watcher) look(ctx context.Context, connection *pgx.Conn) error {
	discardNotifications(ctx, connection) // of what this look will see
	wait, due := w.Interval, false
	for _, watched := range w.Watched {
		next, err := untilDue(ctx, connection, watched)
		if err != nil {
			return err
		}
		if next <= 0 {
			due = true
			watched.Due(ctx)
			continue
		}
		next = min(next, w.Interval)
		watched.Idle(ctx, next)
		wait = min(wait, next)
	}
	if due {
		return sleep(ctx, w.Recheck)
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if _, err := connection.WaitForNotification(waiting); err != nil && waiting.Err() == nil {
		return err
	}
	return ctx.Err()
}

func untilDue(ctx context.Context, connection *pgx.Conn, watched Watched) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return watched.Next(ctx, connection)
}

// discardNotifications forgets the notifications that the connection has read already. Each would wake the next wait.
func discardNotifications(ctx context.Context, connection *pgx.Conn) {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for {
		if _, err := connection.WaitForNotification(ended); err != nil {
			return
		}
	}
}
