// Package gateway governs calls of LLM providers with Bursar from within a Go program: a client of the enforcement API that any
// gateway needs, and a handler and a transport that govern calls which pass through net/http.
//
// It is what `bursar gateway` is made of, and depends on neither Bursar's server nor its database.
package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"bursar/gateway/leasing"
	"bursar/gateway/seal"
)

// Defaults of a Config.
const (
	DefaultAttemptTimeout = 5 * time.Second
	DefaultTimeout        = 15 * time.Second
	DefaultConnections    = 256
)

// Config says where Bursar is and who asks.
type Config struct {
	// URLs are the addresses of Bursar's servers, such as https://bursar.example: one or several, which share a database. One that does
	// not answer is left for the next one.
	URLs []string
	// Token is an access token of the role GATEWAY.
	Token string
	// Limits asks for the state of every limit with each decision, which makes answers larger. Default: false.
	Limits bool
	// Timeout bounds an operation with all its attempts, beside the context's deadline. Default: 15 s.
	Timeout time.Duration
	// AttemptTimeout bounds one HTTP request. Default: 5 s.
	AttemptTimeout time.Duration
	// Connections bounds the connections to one server. Default: 256.
	Connections int
	// Shared is how many requests of a kind, to reserve or to record, are under way to one server before further calls share one: those that arrive
	// meanwhile go together when the next of these is answered. Below 0: none ever does. Default: 4.
	Shared int
	// ReportWait is how long a call that a budget or a rate denies waits for reports of its key that may lift it; see Pending. Default: 1 s.
	ReportWait time.Duration
	// Waiting bounds the calls that wait for reports together. A key has an eighth of them. Default: 256.
	Waiting int
	// Lease has the client decide calls by itself, out of leases: in about a microsecond, without a call to Bursar. Default: LeaseOff. It gives up that a key which is
	// disabled or revoked is refused at once: a client that holds a lease goes on until that ends. Calls that name a RequestID without Once, keys with few calls, and calls near
	// the edge of a limit are asked for as ever. What is recorded of a call out of a lease is priced when it is recorded.
	Lease LeaseMode
	// LeaseTTL is how long a lease is asked for: 1 to 60 s; the organization may allow less. Default: DefaultLeaseTTL.
	LeaseTTL time.Duration
	// Later says how RecordLater books.
	Later Later
	// Name is noted with each lease, so that people see which of several gateways holds what. Default: the name of the host.
	Name string
	// Lost is told of each request to reserve whose answer did not come, once it is known what became of it; see Request.Once. Nil: nobody is. It must
	// be fast.
	Lost func(LostOutcome)
	// Follows is a client that this one takes the place of, as when settings change: what it has under way is this one's as well, and Waiting and
	// Lost are its own. Nil: none.
	Follows *Client
	// TLS is the configuration of HTTPS; nil: Go's defaults.
	TLS *tls.Config
	// Transport replaces the client's own transport, with its Connections and TLS.
	Transport http.RoundTripper
}

// Client asks Bursar whether calls may go on, and tells what they used. It is safe for concurrent use: share one, because Bursar gathers
// what arrives at the same time.
type Client struct {
	http       *http.Client
	operations operations
	endpoints  []string // URLs of /graphql
	first      atomic.Uint32
	token      string
	name       string    // of this gateway, for people
	box        *seal.Box // for API keys that a Keeper keeps
	timeout    time.Duration
	attempt    time.Duration
	wait       time.Duration // for reports
	underway   *underway
	lost       *lost
	leases     *leasing.Leases // nil: none
	leased     bool            // calls are decided out of them
	merges     bool            // reports are merged where that is allowed
	later      *later
	reserves   map[string]*gather[*reservePayload] // by endpoint
	records    map[string]*gather[*recordPayload]
}

// New returns a client. It makes no connection yet.
func New(config Config) (*Client, error) {
	if config.Token == "" {
		return nil, errors.New("gateway: the access token is missing")
	}
	if len(config.URLs) == 0 {
		return nil, errors.New("gateway: the address of Bursar is missing")
	}
	c := &Client{
		token: config.Token, operations: newOperations(config.Limits, config.Later.Merge),
		timeout: orDefault(config.Timeout, DefaultTimeout), attempt: orDefault(config.AttemptTimeout, DefaultAttemptTimeout),
		wait: orDefault(config.ReportWait, DefaultReportWait),
	}
	if config.Follows != nil {
		c.underway, c.lost = config.Follows.underway, config.Follows.lost
	} else {
		c.underway, c.lost = newUnderway(orDefault(config.Waiting, DefaultWaiting)), newLost(config.Lost)
	}
	for _, address := range config.URLs {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
			return nil, fmt.Errorf("gateway: want an address such as https://bursar.example, got %q", address)
		}
		c.endpoints = append(c.endpoints, strings.TrimSuffix(strings.TrimRight(address, "/"), "/graphql")+"/graphql")
	}
	c.gatherBy(config.Shared)
	c.first.Store(rand.Uint32N(uint32(len(c.endpoints)))) //nolint:gosec // a handful of addresses
	transport := config.Transport
	if transport == nil {
		connections := orDefault(config.Connections, DefaultConnections)
		transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: config.TLS, ForceAttemptHTTP2: false,
			MaxConnsPerHost: connections, MaxIdleConns: 0, MaxIdleConnsPerHost: min(connections, idleConnections),
			WriteBufferSize: bufferBytes, ReadBufferSize: bufferBytes, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: c.attempt, ResponseHeaderTimeout: c.attempt,
		}
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: refuseRedirect}
	var err error
	if c.box, err = seal.New(config.Token); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	c.lease(&config) // last: what follows another client is used by that one's work from now on
	return c, nil
}

const (
	idleConnections = 64      // that are kept to one server, after many requests at the same time
	bufferBytes     = 2 << 10 // of each connection: requests and answers are smaller
)

// refuseRedirect keeps the token at the addresses that were configured.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close closes idle connections. What goes on in the background goes on; see Shutdown.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Shutdown lets what goes on in the background end, for this client and those that it follows or that follow it: reservations whose answers did not
// come are given back, RecordLater books what it was given, and leases are returned. When ctx ends, the others are left to expire. It closes idle connections.
func (c *Client) Shutdown(ctx context.Context) {
	c.later.shutdown(ctx)
	if c.leases != nil {
		c.leases.Shutdown(ctx)
	}
	c.lost.shutdown(ctx)
	c.Close()
}

// orDefault returns a value, or its default when it is not above zero.
func orDefault[N int | time.Duration](value, otherwise N) N {
	if value > 0 {
		return value
	}
	return otherwise
}
