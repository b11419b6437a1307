// Package denials counts denied requests by API key, limit and hour, in memory, and adds the counts to the database every few seconds. The
// counts decide nothing: what a killed server has not written is lost.
package denials

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

const (
	defaultInterval = 2 * time.Second
	flushTimeout    = 5 * time.Second
	defaultMaxRows  = 20_000 // of one flush: about 4 MB in memory
	maxRemembered   = 16_384 // requests with a requestId that were denied: about 2 MB in memory
)

// Config says how denied requests are counted. Zero values are the defaults.
type Config struct {
	// Pool is the database. Required, unless there is a Route.
	Pool *pgxpool.Pool
	// Route says in which of several databases an organization is, each of which gets the counts of its own. nil: Pool is the only one.
	Route db.Route
	// Logger is told of counts that could not be written. Required.
	Logger *slog.Logger
	// Interval is the time between two writes. Default 2 s. Nothing is written while nothing is denied.
	Interval time.Duration
	// MaxRows is how many combinations of key, limit, reason and hour are held at most; denials of further ones are not counted.
	// Default 20,000.
	MaxRows int
	// Lost is told how many denied requests are missing in the counts: there were too many combinations, or nobody knows whether a
	// write took effect. nil: nothing is.
	Lost func(requests int64)
}

// Counter counts denied requests. Its methods may be called concurrently.
type Counter struct {
	config Config

	mutex sync.Mutex
	rows  map[row]tally
	// denied are the requests with a requestId that were denied last: one that is asked again is one request
	denied *simplelru.LRU[requestHash, struct{}]

	stop    context.CancelFunc
	stopped chan struct{}
}

// row is what denials are counted by. Keys are known ones, so that callers cannot invent rows.
type row struct {
	callerID       uuid.UUID // the organization that asked, where there are several databases; else zero, as for the operator's
	organizationID uuid.UUID // where there is no such key; else zero
	apiKeyID       uuid.UUID // zero: there is no such key
	limitID        uuid.UUID // zero: no limit was the reason
	limitKind      db.LimitKind
	reason         db.DenialReason
	hour           int64 // Unix seconds of its first instant
	shadow         bool  // the limit is in SHADOW, and would have been the reason
}

// tally is how often a row was the reason of a denial, and how often the one that decided.
type tally struct{ denials, requests int64 }

type requestHash [16]byte

// New returns a counter that writes until Close.
func New(config Config) *Counter {
	if config.Interval == 0 {
		config.Interval = defaultInterval
	}
	if config.MaxRows == 0 {
		config.MaxRows = defaultMaxRows
	}
	if config.Lost == nil {
		config.Lost = func(int64) {}
	}
	denied, err := simplelru.NewLRU[requestHash, struct{}](maxRemembered, nil)
	if err != nil {
		panic(err) // the size is positive
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Counter{config: config, rows: map[row]tally{}, denied: denied, stop: stop, stopped: make(chan struct{})}
	go c.run(ctx)
	return c
}

// Denied counts a request of an organization (zero: the operator's) that was denied. requestID is "" where the client gave none. A
// request that is asked again with its requestId, and denied again, is counted once. What limits in SHADOW would have denied is counted apart, of
// requests that were admitted as well. It does not block.
func (c *Counter) Denied(organizationID uuid.UUID, requestID string, answer *db.UsageAnswer) {
	decisive := answer.Decisive()
	if decisive == nil && len(answer.ShadowDenials()) == 0 {
		return
	}
	common := row{hour: answer.DecidedAt.Truncate(time.Hour).Unix()}
	switch {
	case answer.APIKeyID != nil:
		common.apiKeyID = *answer.APIKeyID
	case organizationID != uuid.Nil:
		common.organizationID = organizationID
	default: // an unknown key is no organization's
		return
	}
	if c.config.Route != nil {
		common.callerID = organizationID
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if requestID != "" && c.repeats(organizationID, requestID, decisive != nil) {
		return
	}
	for _, denial := range answer.Refusals() {
		counted := tally{denials: 1}
		if denial == decisive {
			counted.requests = 1
		}
		c.add(rowOf(common, denial), counted)
	}
	for _, denial := range answer.ShadowDenials() {
		c.add(rowOf(common, denial), tally{denials: 1})
	}
}

// repeats tells whether a request was denied before, and remembers it if it is now. The mutex must be held.
func (c *Counter) repeats(organizationID uuid.UUID, requestID string, denied bool) bool {
	sum := sha256.Sum256(append(organizationID[:], requestID...))
	hash := requestHash(sum[:len(requestHash{})])
	_, repeated := c.denied.Get(hash)
	if denied {
		c.denied.Add(hash, struct{}{})
	}
	return repeated
}

func rowOf(common row, denial *db.Denial) row {
	common.reason, common.shadow = denial.Reason, denial.Shadow
	if denial.Limit != nil {
		common.limitID, common.limitKind = denial.Limit.ID, denial.Limit.Kind
	}
	return common
}

// add adds to a row. The mutex must be held.
func (c *Counter) add(r row, more tally) {
	counted, known := c.rows[r]
	if !known && len(c.rows) >= c.config.MaxRows {
		c.config.Lost(more.requests)
		return
	}
	c.rows[r] = tally{counted.denials + more.denials, counted.requests + more.requests}
}
