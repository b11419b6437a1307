package worker

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/rivertype"

	"bursar/mail"
)

// MaxUsageRetention is the longest retention of the ledger that can be asked for, in months.
const MaxUsageRetention = 1200

// Config is what a [Worker] works with.
type Config struct {
	// Pool connects to a database with the schema, Bursar's and River's. One of its connections listens for new jobs, so
	// it needs at least 2, and should have 8. Required.
	Pool *pgxpool.Pool
	// Sender sends the alert mail. It must return soon after its context is cancelled. Required.
	Sender mail.Sender
	// MailFrom is the sender's address as a mail header holds it. Required.
	MailFrom string
	// MailCallsPerSecond bounds how often the Sender is called, by all workers on one database together. Resend allows
	// 2 calls a second by default, each with up to 100 mails. 0: no limit.
	MailCallsPerSecond float64
	// MailsPerCall is how many mails go into one call, at most 100. Default 100.
	MailsPerCall int32
	// MailTimeout is how long one call may take. A call whose worker died is made again after one and a half of it.
	// Default 10 s.
	MailTimeout time.Duration
	// MailRetryAfter is the wait after the first temporary failure; it doubles with each further one, to an hour at most.
	// Default 30 s.
	MailRetryAfter time.Duration
	// LinkTo returns the http(s) URL of a subject's page, the target of an alert mail's button; "" leaves the button out.
	// Nil: no mail has one.
	LinkTo func(externalSubjectID string) string
	// Logger gets what the jobs did and what failed, and River's own warnings; all that River says if it takes debug lines.
	// Nil: [slog.Default].
	Logger *slog.Logger

	// Middleware is run around every job, the first outermost. Default none.
	Middleware []rivertype.Middleware

	// UsageRetention is how many months a month of the ledger is kept after its end, at most 1200. What is dropped stays in
	// the usage by hour and by day. 0: for good.
	UsageRetention int

	// How often the periodic jobs run; at least 1 second. Everything they do also happens late without harm: decisions,
	// resets and usage queries need no job.

	DispatchInterval time.Duration // sends alert mail; default 2 s
	SweepInterval    time.Duration // expires reservations; default 10 s
	RollUpInterval   time.Duration // rolls usage up; default 1 min
	CleanUpInterval  time.Duration // deletes what is past its time to keep; default 1 h
}

// withDefaults returns the configuration with every optional field set, or why it cannot be used.
func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Pool == nil:
		return c, errors.New("worker: there is no pool")
	case c.Sender == nil:
		return c, errors.New("worker: there is no sender of mail")
	case c.MailFrom == "":
		return c, errors.New("worker: there is no address to send mail from")
	case c.MailCallsPerSecond < 0:
		return c, fmt.Errorf("worker: %v calls to the mail provider a second, want 0 or more", c.MailCallsPerSecond)
	case c.MailsPerCall < 0 || c.MailsPerCall > mail.MaxBatch:
		return c, fmt.Errorf("worker: %d mails per call, want 1 to %d", c.MailsPerCall, mail.MaxBatch)
	case c.MailTimeout < 0 || c.MailTimeout > sendingTime:
		return c, fmt.Errorf("worker: %s for a call to the mail provider, want %s at most", c.MailTimeout, sendingTime)
	case c.MailRetryAfter < 0:
		return c, fmt.Errorf("worker: a wait of %s after a failed call, want 0 or more", c.MailRetryAfter)
	}
	if c.UsageRetention < 0 || c.UsageRetention > MaxUsageRetention {
		return c, fmt.Errorf("worker: a retention of %d months, want 0 to %d", c.UsageRetention, MaxUsageRetention)
	}
	if c.LinkTo == nil {
		c.LinkTo = func(string) string { return "" }
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.MailsPerCall = cmp.Or(c.MailsPerCall, mail.MaxBatch)
	c.MailTimeout = cmp.Or(c.MailTimeout, 10*time.Second)
	c.MailRetryAfter = cmp.Or(c.MailRetryAfter, 30*time.Second)
	c.DispatchInterval = cmp.Or(c.DispatchInterval, 2*time.Second)
	c.SweepInterval = cmp.Or(c.SweepInterval, 10*time.Second)
	c.RollUpInterval = cmp.Or(c.RollUpInterval, time.Minute)
	c.CleanUpInterval = cmp.Or(c.CleanUpInterval, time.Hour)
	if shortest := min(c.DispatchInterval, c.SweepInterval, c.RollUpInterval, c.CleanUpInterval); shortest < time.Second {
		return c, fmt.Errorf("worker: an interval of %s, want at least 1s", shortest)
	}
	return c, nil
}
