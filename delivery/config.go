package delivery

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/mail"
)

// MaxTimeout is the longest that one call to the mail provider may take.
const MaxTimeout = 15 * time.Second

// Config is what a [Dispatcher] works with.
type Config struct {
	// Pool connects to a database with Bursar's schema. Required.
	Pool *pgxpool.Pool
	// Pace connects to the database whose mail_pace all cells share, home. Nil: Pool's. While it cannot be reached no mail goes out.
	Pace *pgxpool.Pool
	// Sender sends the mail. It must return soon after its context is cancelled. Required.
	Sender mail.Sender
	// From is the sender's address as a mail header holds it. Required.
	From string
	// CallsPerSecond limits how often the Sender is called, by all dispatchers on one database, or with one Pace, together. Resend allows
	// 2 calls a second by default, each with up to 100 mails. 0: no limit.
	CallsPerSecond float64
	// MailsPerCall is how many mails go into one call, at most 100. Default 100.
	MailsPerCall int32
	// Timeout is how long one call may take, at most [MaxTimeout]. A call whose process died is made again after one and a
	// half of it. Default 10 s.
	Timeout time.Duration
	// RetryAfter is the wait after the first temporary failure; it doubles with each further one, to an hour at most.
	// Default 30 s.
	RetryAfter time.Duration
	// LinkTo returns the http(s) URL of a subject's page, the target of a mail's button; "" leaves the button out.
	// Nil: no mail has one.
	LinkTo func(externalSubjectID string) string
	// Logger gets what was mailed and what failed. Nil: [slog.Default].
	Logger *slog.Logger
}

// New returns a dispatcher, or why the configuration cannot be used. It does not connect.
func New(config Config) (*Dispatcher, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.LinkTo == nil {
		config.LinkTo = func(string) string { return "" }
	}
	dispatcher := &Dispatcher{
		pool: config.Pool, pace: config.Pace, sender: config.Sender, from: config.From, linkTo: config.LinkTo,
		logger:       cmp.Or(config.Logger, slog.Default()),
		mailsPerCall: cmp.Or(config.MailsPerCall, mail.MaxBatch),
		timeout:      cmp.Or(config.Timeout, 10*time.Second),
		firstRetry:   cmp.Or(config.RetryAfter, 30*time.Second),
		maxLockIdle:  maxLockIdle,
	}
	if config.CallsPerSecond > 0 {
		dispatcher.spacing = time.Duration(float64(time.Second) / config.CallsPerSecond)
	}
	return dispatcher, nil
}

func (c *Config) check() error {
	switch {
	case c.Pool == nil:
		return errors.New("delivery: there is no pool")
	case c.Sender == nil:
		return errors.New("delivery: there is no sender of mail")
	case c.From == "":
		return errors.New("delivery: there is no address to send mail from")
	case c.CallsPerSecond < 0:
		return fmt.Errorf("delivery: %v calls to the mail provider a second, want 0 or more", c.CallsPerSecond)
	case c.MailsPerCall < 0 || c.MailsPerCall > mail.MaxBatch:
		return fmt.Errorf("delivery: %d mails per call, want 1 to %d", c.MailsPerCall, mail.MaxBatch)
	case c.Timeout < 0 || c.Timeout > MaxTimeout:
		return fmt.Errorf("delivery: %s for a call to the mail provider, want %s at most", c.Timeout, MaxTimeout)
	case c.RetryAfter < 0:
		return fmt.Errorf("delivery: a wait of %s after a failed call, want 0 or more", c.RetryAfter)
	}
	return nil
}
