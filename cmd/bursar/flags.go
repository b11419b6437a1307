package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/cmd/bursar/value"
	"bursar/delivery"
	"bursar/dev"
	"bursar/enforce"
	"bursar/mail"
	"bursar/mail/resend"
	"bursar/observe/tracing"
)

// minMailTimeout is the shortest that a call to Resend, or the wait after one, may be set to.
const minMailTimeout = 10 * time.Millisecond

// Groups of flags that several commands have.

type databaseFlags struct {
	DatabaseURL value.DatabaseURL `name:"database-url" variable:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later, as postgres://user:password@host:port/database."`
}

// require refuses a command line without a database.
func (f *databaseFlags) require(command string) error {
	if f.DatabaseURL == "" {
		return &misuse{"DATABASE_URL (or --database-url) is not set: bursar " + command +
			" needs a PostgreSQL; bursar dev brings its own"}
	}
	return nil
}

type embeddedFlags struct {
	DataDir     string            `default:".bursar" placeholder:"FOLDER" help:"Folder of bursar dev: its PostgreSQL and its tokens."`
	PostgresBin value.PostgresBin `variable:"BURSAR_POSTGRES_BIN" placeholder:"FOLDER" help:"Folder with initdb and postgres for the embedded server; unset, they are searched for on this machine, else downloaded."`
}

// folder is the folder that the flags name.
func (f *embeddedFlags) folder() dev.Folder {
	return dev.Folder{Path: f.DataDir, PostgresBin: string(f.PostgresBin)}
}

type serverFlags struct {
	Addr          value.Address       `variable:"BURSAR_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the API listens; port 0 picks a free one."`
	WebhookSecret value.WebhookSecret `name:"resend-webhook-secret" variable:"RESEND_WEBHOOK_SECRET" placeholder:"SECRET" help:"Signing secret of Resend's delivery events, which are taken at /webhooks/resend; unset, they are refused."`
	RootToken     value.RootToken     `variable:"BURSAR_ROOT_TOKEN" placeholder:"TOKEN" help:"Bearer token of the instance's operator; bursar token root makes one. At least 16 characters, and for serve 128 bits. Better set by the variable, for flags show in process lists."`
	GatewayURL    value.ServerURL     `variable:"BURSAR_GATEWAY_URL" placeholder:"URL" help:"Where applications reach the gateway, as https://gateway.example, without a version: the console shows it with the keys. Unset, it shows none; bursar dev shows its own."`
	Lanes         value.Count         `variable:"BURSAR_LANES" placeholder:"N" help:"Batches of enforcement calls in the database at a time; one organization's share one. Default: 4."`
	MaxBatch      value.Count         `variable:"BURSAR_MAX_BATCH" placeholder:"N" help:"Enforcement calls that one statement carries at most. Default: 256."`
	MaxQueue      value.Count         `variable:"BURSAR_MAX_QUEUE" placeholder:"N" help:"Enforcement calls of one kind that wait in a lane; one organization's take half of them at most, any more are UNAVAILABLE after a second. Default: 4096."`

	Metrics  metricsFlags  `embed:""`
	Exposure exposureFlags `embed:""`
}

// secrets returns the values that must not be logged.
func (f *serverFlags) secrets() []string {
	return append([]string{string(f.RootToken), string(f.WebhookSecret)}, f.Metrics.MetricsToken.list...)
}

// enforce returns how enforcement calls share statements.
func (f *serverFlags) enforce() enforce.Config {
	return enforce.Config{Lanes: int(f.Lanes), MaxBatch: int(f.MaxBatch), MaxQueue: int(f.MaxQueue)}
}

type mailFlags struct {
	ResendAPIKey  value.ResendAPIKey  `name:"resend-api-key" variable:"RESEND_API_KEY" placeholder:"KEY" help:"Turns mail on; better set by the variable, for flags show in process lists."`
	ResendBaseURL value.ResendBaseURL `name:"resend-base-url" variable:"RESEND_BASE_URL" placeholder:"URL" help:"Another endpoint that speaks Resend's API."`
	MailFrom      value.MailAddress   `variable:"BURSAR_MAIL_FROM" default:"Bursar <bursar@localhost>" placeholder:"ADDRESS" help:"Sender address of alert mail."`
	PublicURL     value.PublicURL     `name:"public-url" variable:"BURSAR_PUBLIC_URL" placeholder:"URL" help:"Where mail links to: the page of what a budget stands on in your portal. {id} stands for its id, {kind} for keys, workspaces or organizations; without {kind} only keys are linked to. Unset, mail has no button."`

	MailCallsPerSecond float64       `variable:"BURSAR_MAIL_CALLS_PER_SECOND" default:"2" placeholder:"NUMBER" help:"Calls to Resend a second, of all processes on one database, or of one installation, together; each carries up to 100 mails."`
	MailsPerCall       int32         `variable:"BURSAR_MAILS_PER_CALL" default:"100" placeholder:"NUMBER" help:"Mails that go into one call to Resend, 100 at most."`
	MailTimeout        time.Duration `variable:"BURSAR_MAIL_TIMEOUT" default:"10s" placeholder:"DURATION" help:"How long a call to Resend may take, 15s at most; one whose process died is made again after one and a half of it."`
	MailRetryAfter     time.Duration `variable:"BURSAR_MAIL_RETRY_AFTER" default:"30s" placeholder:"DURATION" help:"Wait after a failed call; it doubles with each further failure, to an hour."`

	pace *pgxpool.Pool // to the database that throttles mail; nil: the one whose mail it is
}

// check returns an error for a value that is out of range.
func (f *mailFlags) check() error {
	switch {
	case f.MailCallsPerSecond <= 0 || f.MailCallsPerSecond > 1000:
		return &misuse{fmt.Sprintf("BURSAR_MAIL_CALLS_PER_SECOND (or --mail-calls-per-second) is %v, want more than 0 and 1000 at most", f.MailCallsPerSecond)}
	case f.MailsPerCall < 1 || f.MailsPerCall > mail.MaxBatch:
		return &misuse{fmt.Sprintf("BURSAR_MAILS_PER_CALL (or --mails-per-call) is %d, want 1 to %d", f.MailsPerCall, mail.MaxBatch)}
	case f.MailTimeout < minMailTimeout || f.MailTimeout > delivery.MaxTimeout:
		return &misuse{fmt.Sprintf("BURSAR_MAIL_TIMEOUT (or --mail-timeout) is %s, want %s to %s", f.MailTimeout, minMailTimeout, delivery.MaxTimeout)}
	case f.MailRetryAfter < minMailTimeout || f.MailRetryAfter > time.Hour:
		return &misuse{fmt.Sprintf("BURSAR_MAIL_RETRY_AFTER (or --mail-retry-after) is %s, want %s to 1h", f.MailRetryAfter, minMailTimeout)}
	}
	return nil
}

// dispatcher returns what mails alerts through Resend. RESEND_API_KEY must be set.
func (f *mailFlags) dispatcher(pool *pgxpool.Pool, traces *tracing.Tracing, logger *slog.Logger) (*delivery.Dispatcher, error) {
	client := &http.Client{Timeout: f.MailTimeout, Transport: traces.Transport(nil)}
	sender, err := resend.New(string(f.ResendAPIKey), string(f.ResendBaseURL), client)
	if err != nil {
		return nil, err
	}
	return delivery.New(delivery.Config{
		Pool: pool, Pace: f.pace, Sender: sender, From: string(f.MailFrom), CallsPerSecond: f.MailCallsPerSecond, MailsPerCall: f.MailsPerCall,
		Timeout: f.MailTimeout, RetryAfter: f.MailRetryAfter, LinkTo: f.PublicURL.LinkTo, Logger: logger,
	})
}

// keeper returns what puts the mail of alerts into the outbox.
func (f *mailFlags) keeper(pool *pgxpool.Pool, _ *tracing.Tracing, logger *slog.Logger) (*delivery.Dispatcher, error) {
	return delivery.New(delivery.Config{
		Pool: pool, Sender: delivery.NewOutbox(pool), From: string(f.MailFrom), LinkTo: f.PublicURL.LinkTo, Logger: logger,
	})
}

type jobFlags struct {
	UsageRetention value.UsageRetention `variable:"BURSAR_USAGE_RETENTION" placeholder:"MONTHS" help:"How long a month of the usage ledger is kept after its end, in months, at most 1200; unset, for good. Usage by hour and by day is kept for good in any case."`
}
