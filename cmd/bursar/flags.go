package main

import (
	"io"
	"log/slog"

	"bursar/mail"
	"bursar/observe"
)

// Groups of flags that several commands have.

type logFlags struct {
	LogFormat logFormat `variable:"BURSAR_LOG_FORMAT" placeholder:"text|json" help:"How log lines are written; text for dev, else json."`
	LogLevel  logLevel  `variable:"BURSAR_LOG_LEVEL" placeholder:"debug|info|warn|error" default:"info" help:"The least level that is logged."`
}

// logger returns the logger of a command whose lines have the usual format unless a flag says otherwise.
func (f *logFlags) logger(w io.Writer, usual observe.Format) *slog.Logger {
	if f.LogFormat != "" {
		usual = observe.Format(f.LogFormat)
	}
	return observe.NewLogger(w, usual, f.LogLevel.Level)
}

type databaseFlags struct {
	DatabaseURL databaseURL `name:"database-url" variable:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later, as postgres://user:password@host:port/database."`
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
	DataDir     string      `default:".bursar" placeholder:"FOLDER" help:"Folder of bursar dev: its PostgreSQL and its tokens."`
	PostgresBin postgresBin `variable:"BURSAR_POSTGRES_BIN" placeholder:"FOLDER" help:"Folder with initdb and postgres for the embedded server; unset, they are searched for on this machine, else downloaded."`
}

type serverFlags struct {
	Addr          address       `variable:"BURSAR_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the API listens; port 0 picks a free one."`
	WebhookSecret webhookSecret `name:"resend-webhook-secret" variable:"RESEND_WEBHOOK_SECRET" placeholder:"SECRET" help:"Signing secret of Resend's delivery events, which are taken at /webhooks/resend; unset, they are refused."`
	RootToken     rootToken     `variable:"BURSAR_ROOT_TOKEN" placeholder:"TOKEN" help:"Bearer token of the instance's operator, at least 16 characters; better set by the variable, for flags show in process lists."`
}

type mailFlags struct {
	ResendAPIKey  resendAPIKey  `name:"resend-api-key" variable:"RESEND_API_KEY" placeholder:"KEY" help:"Turns mail on; better set by the variable, for flags show in process lists."`
	ResendBaseURL resendBaseURL `name:"resend-base-url" variable:"RESEND_BASE_URL" placeholder:"URL" help:"Another endpoint that speaks Resend's API."`
	MailFrom      mailAddress   `variable:"BURSAR_MAIL_FROM" default:"Bursar <bursar@localhost>" placeholder:"ADDRESS" help:"Sender address of alert mail."`
}

type jobFlags struct {
	UsageRetention usageRetention `variable:"BURSAR_USAGE_RETENTION" placeholder:"MONTHS" help:"How long a month of the usage ledger is kept after its end, in months, at most 1200; unset, for good. Usage by hour and by day is kept for good in any case."`
}

// sender returns the sender that mail goes out through. RESEND_API_KEY must be set.
func (f *mailFlags) sender() (mail.Sender, error) {
	return mail.NewResend(string(f.ResendAPIKey), string(f.ResendBaseURL), nil)
}
