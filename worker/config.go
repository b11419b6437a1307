package worker

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/rivertype"

	"bursar/delivery"
	"bursar/webhook/dispatch"
)

// MaxUsageRetention is the longest retention of the ledger that can be asked for, in months.
const MaxUsageRetention = 1200

// Config is what a [Worker] works with.
type Config struct {
	// Pool connects to a database with the schema, Bursar's and River's. Two of its connections listen, for new jobs and for
	// due mail, so it needs at least 3, and should have 9. Required.
	Pool *pgxpool.Pool
	// Dispatcher sends the alert mail. Required.
	Dispatcher *delivery.Dispatcher
	// Webhooks says how webhooks are told what is due to them. Its pool and its logger are those above.
	Webhooks dispatch.Config
	// Logger gets what the jobs did and what failed, and River's own warnings; all that River says if it takes debug lines.
	// Nil: [slog.Default].
	Logger *slog.Logger

	// Middleware is run around every job, the first outermost. Default none.
	Middleware []rivertype.Middleware

	// UsageRetention is how many months a month of the ledger is kept after its end, at most 1200. What is dropped stays in
	// the usage by hour and by day. 0: for good.
	UsageRetention int

	// How often jobs run, or are checked for anything to do; at least 1 second. Everything they do also happens late without
	// harm: decisions, resets and usage queries need no job.

	DispatchInterval time.Duration // looks for due mail of which no notification came; default 1 min
	SweepInterval    time.Duration // expires reservations if any has expired; default 10 s
	RollUpInterval   time.Duration // rolls usage up if there is new usage; default 1 min
	RepriceInterval  time.Duration // prices usage again if that was asked for, which a person waits for; default 5 s
	SimulateInterval time.Duration // simulates limits if that was asked for, which a person waits for; default 2 s
	CleanUpInterval  time.Duration // deletes what is past its time to keep; default 1 h
}

// withDefaults returns the configuration with every optional field set, or why it cannot be used.
func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Pool == nil:
		return c, errors.New("worker: there is no pool")
	case c.Dispatcher == nil:
		return c, errors.New("worker: there is no dispatcher of mail")
	}
	if c.UsageRetention < 0 || c.UsageRetention > MaxUsageRetention {
		return c, fmt.Errorf("worker: a retention of %d months, want 0 to %d", c.UsageRetention, MaxUsageRetention)
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Webhooks.Pool, c.Webhooks.Logger = c.Pool, c.Logger
	c.DispatchInterval = cmp.Or(c.DispatchInterval, time.Minute)
	c.SweepInterval = cmp.Or(c.SweepInterval, 10*time.Second)
	c.RollUpInterval = cmp.Or(c.RollUpInterval, time.Minute)
	c.RepriceInterval = cmp.Or(c.RepriceInterval, 5*time.Second)
	c.SimulateInterval = cmp.Or(c.SimulateInterval, 2*time.Second)
	c.CleanUpInterval = cmp.Or(c.CleanUpInterval, time.Hour)
	if shortest := min(c.DispatchInterval, c.SweepInterval, c.RollUpInterval, c.RepriceInterval, c.SimulateInterval, c.CleanUpInterval); shortest < time.Second {
		return c, fmt.Errorf("worker: an interval of %s, want at least 1s", shortest)
	}
	return c, nil
}
