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
	// listen is the statement after which a connection gets the notifications of notify_mail_due and NotifyMailDue.
	listen = "listen bursar_mail_due"
	// reconnectDelay is the time between two attempts to connect.
	reconnectDelay = 2 * time.Second
	// lookTimeout is how long a question to the database may take. Then the connection counts as broken.
	lookTimeout = 10 * time.Second
	// closeTimeout is how long closing the connection may take.
	closeTimeout = time.Second
)

// Watcher calls back whenever mail is due. It looks when it starts, when a transaction has queued mail or a retry, when the next
// retry that it knows of is due, and after an interval at the latest, in case a notification was lost. While nothing is due
// that is one query an interval.
//
// Each process that sends mail has one, so that mail is sent as long as any of them lives.
type Watcher struct {
	// Pool gives one connection, which the watcher keeps. Required.
	Pool *pgxpool.Pool
	// Interval is the longest time between two looks. Required.
	Interval time.Duration
	// Recheck is the time until the next look after one that found something due. Required.
	Recheck time.Duration
	// Due is called when mail is due, again and again every Recheck until none is. Required.
	Due func(ctx context.Context)
	// Idle is called when no mail is due, with the time until the next look at the latest. Required.
	Idle func(ctx context.Context, wait time.Duration)
	// Logger gets a warning for each lost connection. Required.
	Logger *slog.Logger
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

// look finds out whether mail is due, calls back, and returns when it is time for the next look.
func (w *Watcher) look(ctx context.Context, connection *pgx.Conn) error {
	discardNotifications(ctx, connection) // of what this look will see
	wait, err := w.untilDue(ctx, connection)
	if err != nil {
		return err
	}
	if wait <= 0 {
		w.Due(ctx)
		return sleep(ctx, w.Recheck)
	}
	wait = min(wait, w.Interval)
	w.Idle(ctx, wait)
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if _, err := connection.WaitForNotification(waiting); err != nil && waiting.Err() == nil {
		return err
	}
	return ctx.Err()
}

func (*Watcher) untilDue(ctx context.Context, connection *pgx.Conn) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return db.New().NextMailDue(ctx, connection)
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
