// Package replay sends a file of recorded LLM traffic to a running server, as a strict gateway would: it reserves an upper bound
// for every request, and records the actual usage of those that are admitted.
package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Defaults of [Config].
const (
	DefaultURL         = "http://127.0.0.1:8080"
	DefaultConnections = 64
)

// maxConnections is less than the file descriptors that a process may have.
const maxConnections = 10_000

// maxUsers is far more than a file has rows.
const maxUsers = 1_000_000

// Config says what to replay, and where.
type Config struct {
	File        string  // CSV with the columns TIMESTAMP, ContextTokens and GeneratedTokens
	URL         string  // of the server, without /graphql; default DefaultURL
	Token       string  // of role ADMIN, or the root token: it lists the keys and alerts, and uses keys whose secret is not known by their ids
	Speed       float64 // times real time, by the file's timestamps; 0 is as fast as the connections allow
	Users       int     // in whose names calls are made, in turn; 0: of nobody, and what is reserved names no model
	Connections int     // requests in flight at most; default DefaultConnections
	// GatewayToken, of role GATEWAY, uses the keys whose secrets these are, as a gateway would; without either no key is.
	GatewayToken string
	Secrets      []string
	Progress     io.Writer // a bar when it is a terminal, else a line every 5 s; nil shows none
}

// Validate returns what is wrong with the configuration, before any file or server is touched.
func (c Config) Validate() error {
	c = c.withDefaults()
	parsed, err := url.Parse(c.URL)
	switch {
	case c.File == "":
		return errors.New("no traffic file was named")
	case err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "":
		return fmt.Errorf("%q is not the http or https URL of a server", c.URL)
	case c.Token == "":
		return errors.New("no token was given: an access token of role ADMIN, or the root token")
	case math.IsNaN(c.Speed) || math.IsInf(c.Speed, 0) || c.Speed < 0:
		return fmt.Errorf("speed %v: 0 is as fast as possible, 10 is ten times real time", c.Speed)
	case c.Users < 0 || c.Users > maxUsers:
		return fmt.Errorf("%d users: 0 to %d are possible", c.Users, maxUsers)
	case c.Connections < 1 || c.Connections > maxConnections:
		return fmt.Errorf("%d connections: 1 to %d are possible", c.Connections, maxConnections)
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.URL == "" {
		c.URL = DefaultURL
	}
	if c.Connections == 0 {
		c.Connections = DefaultConnections
	}
	return c
}

func (c Config) endpoint() string { return strings.TrimRight(c.URL, "/") + "/graphql" }

// Run replays a file and reports what the server answered. The file is read in full first: nothing is sent when a row of
// it is bad. When the context is cancelled, when the server refuses the token or when it fails 100 requests in a row, the
// report of what was done until then is returned beside the error; before the first request there is none. A progress that
// cannot be written is an error beside a full report.
func Run(ctx context.Context, config Config) (*Report, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	requests, err := readTraffic(config.File)
	if err != nil {
		return nil, err
	}
	client := newClient(config)
	defer client.close()
	keys, err := client.usableKeys(ctx, config.Secrets)
	if err != nil {
		return nil, fmt.Errorf("list the API keys at %s: %w", config.URL, err)
	}
	if len(keys) == 0 {
		return nil, errors.New("the token sees no API key that may be used; create one first")
	}
	newest, err := client.newestAlert(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the newest alert: %w", err)
	}

	p := &player{client: client, plan: newPlan(keys, config.Users), requests: requests, run: uuid.NewString()}
	stopShowing := showProgress(config.Progress, int64(len(requests)), p.done.Load)
	started := time.Now()
	counted, stopped := p.play(ctx, config.Connections, config.Speed)
	report := newReport(counted, time.Since(started))
	report.Keys = len(keys)
	showError := stopShowing()
	if stopped != nil {
		return report, stopped
	}
	alerts, err := client.alertsSince(ctx, newest)
	if err != nil {
		return report, fmt.Errorf("list the alerts: %w", err)
	}
	report.countMails(alerts)
	return report, showError
}
