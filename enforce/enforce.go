// Package enforce carries concurrent checks, reservations and records to the database in batches. It decides nothing: the
// functions that it calls do.
package enforce

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/confirmed"
)

// Estimate is what a request will use at most: requests, tokens and nano-dollars. Tokens and CostNanos are -1 when they are to be computed
// by the price of the model. Its JSON is a part of a request's fingerprint: fields since the first release are left out when they are zero.
type Estimate struct {
	Requests, Tokens, CostNanos int64

	db.RequestLabels
	db.Sizes
}

// CheckRequest asks whether a request would be admitted.
type CheckRequest struct {
	Scope      db.Scope
	Estimate   Estimate
	SkipLimits bool // answer without the limits' standing
}

// ReserveRequest asks for a hold.
type ReserveRequest struct {
	Scope       db.Scope
	RequestID   string // "" when not given
	Fingerprint []byte // of the contents: the same request id with another one is a mismatch
	Estimate    Estimate
	TTLSeconds  int32
	SkipLimits  bool       // answer without the limits' standing
	Row         db.RowForm // what to answer of the reservation
}

// RecordRequest reports usage that has happened.
type RecordRequest struct {
	Scope         db.Scope
	ReservationID uuid.UUID // zero: not given
	RequestID     string    // "" when not given
	Fingerprint   []byte    // of the contents: the same request id with another one is a mismatch
	Usage         db.ReportedUsage
	SkipLimits    bool       // answer without the limits' standing
	Row           db.RowForm // what to answer of the ledger's row
}

// HoldRequest names a reservation, within an organization; the zero organization is any.
type HoldRequest struct {
	OrganizationID uuid.UUID
	ReservationID  uuid.UUID
	TTLSeconds     int32 // of an extension
}

// LeaseRequest asks for what a gateway may hand out by itself. Its amounts are what would be liked.
type LeaseRequest struct {
	Scope                       db.Scope
	RequestID                   string // "" when not given
	Fingerprint                 []byte // of the contents: the same request id with another one is a mismatch
	Requests, Tokens, CostNanos int64
	TTLSeconds                  int32
	Metadata                    string // a JSON object; "": none
	SkipLimits                  bool   // answer without the limits' standing
}

// ReturnRequest names a lease, within an organization (the zero organization is any), and what it is to keep.
type ReturnRequest struct {
	OrganizationID                          uuid.UUID
	LeaseID                                 uuid.UUID
	KeepRequests, KeepTokens, KeepCostNanos int64
	TTLSeconds                              int32 // of what it keeps; 0: as long as it lasted
}

// Config says how requests share statements. Zero values are the defaults, which were measured (docs/performance.md).
type Config struct {
	// Lanes is how many batches may be in the database at a time; the requests of one organization share one. Default 4.
	Lanes int
	// MaxBatch is how many requests one statement carries at most, and half of how many reports. Default 256.
	MaxBatch int
	// MaxQueue is how many requests of one kind wait in a lane. The organizations that wait have equal shares of it, half of it at
	// most and one request at least; what is beyond an organization's share is UNAVAILABLE after a second. Default 4096.
	MaxQueue int
	// Timeout is how long a request waits for its answer, its batch's retries included. Default 5 s.
	Timeout time.Duration
	// Denials is told of each denied reservation. nil: nothing is, at no cost.
	Denials DenialCounter
	// Observer counts and times requests. nil: nothing does, at no cost.
	Observer Observer
	// ObserverOf returns the observer of one of several databases, by its pool, in place of Observer. nil: Observer is that of all.
	ObserverOf func(pool *pgxpool.Pool) Observer
	// Tracer makes statements part of their requests' traces. nil: nothing does, at no cost.
	Tracer Tracer
}

const (
	defaultLanes      = 4
	defaultMaxBatch   = 256
	defaultMaxQueue   = 4096
	defaultTimeout    = 5 * time.Second
	reportsPerRequest = 2 // gateways send reports in bulk, of few keys, and each counter is written once in a statement
	readers           = 2 // batches of checks of one lane in the database at a time
)

// Enforcer carries requests to the database. Its methods may be called concurrently; their errors are faults, and on any
// error nothing was granted.
type Enforcer struct {
	lanes   lanes                    // of the one database
	route   db.Route                 // nil: there is one database
	each    map[*pgxpool.Pool]*lanes // of several databases
	timeout time.Duration
	giveUp  context.CancelFunc // ends statements that are past their deadline
}

// New returns an enforcer that works until Close. On a pool that is not of [db.NewEnforcementPool], a statement that is not answered in
// time loses its connection.
func New(pool *pgxpool.Pool, config Config) *Enforcer {
	config = config.withDefaults()
	closing, giveUp := context.WithCancel(context.Background())
	return &Enforcer{lanes: newLanes(confirmed.NewDB(closing, pool), config), timeout: config.Timeout, giveUp: giveUp}
}

// NewRouted returns an enforcer on several databases, as New on each of their pools. A request goes to the database that decides for its organization, and
// waits for that in its own time while the organization is moved. Each database has lanes of its own: one that is slow or lost holds up no other's requests.
func NewRouted(route db.Route, config Config) *Enforcer {
	pools := route.All()
	if len(pools) == 1 {
		return New(pools[0], config)
	}
	config = config.withDefaults()
	closing, giveUp := context.WithCancel(context.Background())
	e := &Enforcer{route: route, each: map[*pgxpool.Pool]*lanes{}, timeout: config.Timeout, giveUp: giveUp}
	for _, pool := range pools {
		of := config
		if config.ObserverOf != nil {
			of.Observer = config.ObserverOf(pool)
		}
		each := newLanes(confirmed.NewDB(closing, pool), of)
		e.each[pool] = &each
	}
	return e
}

func (c Config) withDefaults() Config {
	c.Lanes = cmp.Or(c.Lanes, defaultLanes)
	c.MaxBatch = cmp.Or(c.MaxBatch, defaultMaxBatch)
	c.MaxQueue = cmp.Or(c.MaxQueue, defaultMaxQueue)
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	return c
}

// Close answers what is queued and ends. No method may be called afterwards. It waits for no statement that is past its deadline.
func (e *Enforcer) Close() {
	e.giveUp()
	e.lanes.close()
	for _, each := range e.each {
		each.close()
	}
}

// Check answers whether a request would be admitted now. It reads only.
func (e *Enforcer) Check(ctx context.Context, request *CheckRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.Scope.OrganizationID, request, func(l *lane) *queue[CheckRequest] { return l.check })
}

// Reserve checks and holds. A denial is an answer, not an error.
func (e *Enforcer) Reserve(ctx context.Context, request *ReserveRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.Scope.OrganizationID, request, func(l *lane) *queue[ReserveRequest] { return l.reserve })
}

// ReserveAll is Reserve for requests of one organization, one after the other in their order. It returns the outcome of each at its index;
// requests that are nil have none.
func (e *Enforcer) ReserveAll(ctx context.Context, organizationID uuid.UUID, requests []*ReserveRequest) []Outcome {
	return doAll(ctx, e, organizationID, requests, func(l *lane) *queue[ReserveRequest] { return l.reserve })
}

// RecordAll is Record for reports of one organization, as ReserveAll is Reserve.
func (e *Enforcer) RecordAll(ctx context.Context, organizationID uuid.UUID, requests []*RecordRequest) []Outcome {
	return doAll(ctx, e, organizationID, requests, func(l *lane) *queue[RecordRequest] { return l.record })
}

// Record books usage in full.
func (e *Enforcer) Record(ctx context.Context, request *RecordRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.Scope.OrganizationID, request, func(l *lane) *queue[RecordRequest] { return l.record })
}

// Release gives a hold back.
func (e *Enforcer) Release(ctx context.Context, request *HoldRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.OrganizationID, request, func(l *lane) *queue[HoldRequest] { return l.release })
}

// Extend pushes a reservation's expiry.
func (e *Enforcer) Extend(ctx context.Context, request *HoldRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.OrganizationID, request, func(l *lane) *queue[HoldRequest] { return l.extend })
}

// Lease grants what a gateway may hand out by itself. A denial is an answer, not an error.
func (e *Enforcer) Lease(ctx context.Context, request *LeaseRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.Scope.OrganizationID, request, func(l *lane) *queue[LeaseRequest] { return l.lease })
}

// ReturnLease gives back what a lease holds, but for what it is to keep.
func (e *Enforcer) ReturnLease(ctx context.Context, request *ReturnRequest) (*db.UsageAnswer, error) {
	return do(ctx, e, request.OrganizationID, request, func(l *lane) *queue[ReturnRequest] { return l.giveBack })
}
