package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/standby"
	"bursar/observe"
	"bursar/observe/tracing"
)

type readFlags struct {
	URLs   readURLs      `name:"read-urls" variable:"BURSAR_READ_URLS" placeholder:"URL,…" help:"Standbys of the database that may answer reports, lists and exports, separated by commas, each as postgres://user:password@host:port/database. Unset, the primary answers everything."`
	MaxLag time.Duration `name:"read-max-lag" variable:"BURSAR_READ_MAX_LAG" default:"5s" placeholder:"DURATION" help:"How much older than the primary a standby's answer may be, 100ms to 1h."`
}

// readURLs are those of standbys.
type readURLs struct{ list []string }

func (u *readURLs) UnmarshalText(text []byte) error {
	for each := range strings.SplitSeq(string(text), ",") {
		var one value.DatabaseURL
		if err := one.UnmarshalText([]byte(each)); err != nil {
			return err
		}
		u.list = append(u.list, string(one))
	}
	return nil
}

// check refuses what makes no sense.
func (f *readFlags) check(answers only) error {
	switch {
	case f.MaxLag < 100*time.Millisecond || f.MaxLag > time.Hour:
		return errors.New("BURSAR_READ_MAX_LAG (or --read-max-lag) is not between 100ms and 1h")
	case len(f.URLs.list) > 0 && !answers.servesControl():
		return errors.New("BURSAR_READ_URLS (or --read-urls): a server for enforcement alone reads nothing from standbys")
	}
	return nil
}

// standbys returns the standbys of a primary, nil when there are none, and what closes their connections.
func (c *serveCommand) standbys(
	ctx context.Context, primary *pgxpool.Pool, counters *observe.StandbyMetrics, logger *slog.Logger, traces *tracing.Tracing,
) (_ *standby.Set, end func(), err error) {
	config := standby.Config{Primary: primary, History: db.AuditHistory{}, MaxLag: c.Reads.MaxLag, Logger: logger, Observer: counters}
	end = func() {
		for _, pool := range config.Standbys {
			closePool(pool, closeLimit, logger)
		}
	}
	for _, url := range c.Reads.URLs.list {
		pool, err := db.NewPool(ctx, db.PoolConfig{
			URL: url, ApplicationName: "bursar serve reads", Role: db.ServerRole, MaxConnections: controlConnections,
			AllowSuperuser: c.AllowSuperuser, Tracer: traces.Statements(),
		})
		if err != nil {
			end()
			return nil, nil, err
		}
		config.Standbys = append(config.Standbys, pool)
	}
	if len(config.Standbys) == 0 {
		return nil, end, nil
	}
	set, err := standby.New(config)
	if err != nil {
		end()
	}
	return set, end, err
}
