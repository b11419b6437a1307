// Package enforce carries concurrent checks, reservations and records to the database in batches. It decides nothing: the
// functions that it calls do.
package enforce

import (
	"cmp"
	"context"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
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
	lanes  []*lane
	giveUp context.CancelFunc // ends statements that are past their deadline
}

// New returns an enforcer that works until Close. On a pool that is not of [db.NewEnforcementPool], a statement that is not answered in
// time loses its connection.
func New(pool *pgxpool.Pool, config Config) *Enforcer {
	config.Lanes = cmp.Or(config.Lanes, defaultLanes)
	config.MaxBatch = cmp.Or(config.MaxBatch, defaultMaxBatch)
	config.MaxQueue = cmp.Or(config.MaxQueue, defaultMaxQueue)
	config.Timeout = cmp.Or(config.Timeout, defaultTimeout)
	closing, giveUp := context.WithCancel(context.Background())
	e := &Enforcer{giveUp: giveUp}
	on := db.NewEnforcementDB(closing, pool)
	for range config.Lanes {
		e.lanes = append(e.lanes, newLane(on, config))
	}
	return e
}

// Close answers what is queued and ends. No method may be called afterwards. It waits for no statement that is past its deadline.
func (e *Enforcer) Close() {
	e.giveUp()
	for _, l := range e.lanes {
		l.close()
	}
}

// lane returns the lane of an organization; the operator, who names none, has one of them and a share like an organization.
func (e *Enforcer) lane(organizationID uuid.UUID) *lane {
	random := binary.BigEndian.Uint64(organizationID[8:]) // of a UUID of version 7; 0 for the zero id
	return e.lanes[random%uint64(len(e.lanes))]
}

// Check answers whether a request would be admitted now. It reads only.
func (e *Enforcer) Check(ctx context.Context, request *CheckRequest) (*db.UsageAnswer, error) {
	return e.lane(request.Scope.OrganizationID).check.do(ctx, request.Scope.OrganizationID, request)
}

// Reserve checks and holds. A denial is an answer, not an error.
func (e *Enforcer) Reserve(ctx context.Context, request *ReserveRequest) (*db.UsageAnswer, error) {
	return e.lane(request.Scope.OrganizationID).reserve.do(ctx, request.Scope.OrganizationID, request)
}

// ReserveAll is Reserve for requests of one organization, one after the other in their order. It returns the outcome of each at its index;
// requests that are nil have none.
func (e *Enforcer) ReserveAll(ctx context.Context, organizationID uuid.UUID, requests []*ReserveRequest) []Outcome {
	return e.lane(organizationID).reserve.doAll(ctx, organizationID, requests)
}

// RecordAll is Record for reports of one organization, as ReserveAll is Reserve.
func (e *Enforcer) RecordAll(ctx context.Context, organizationID uuid.UUID, requests []*RecordRequest) []Outcome {
	return e.lane(organizationID).record.doAll(ctx, organizationID, requests)
}

// Record books usage in full.
func (e *Enforcer) Record(ctx context.Context, request *RecordRequest) (*db.UsageAnswer, error) {
	return e.lane(request.Scope.OrganizationID).record.do(ctx, request.Scope.OrganizationID, request)
}

// Release gives a hold back.
func (e *Enforcer) Release(ctx context.Context, request *HoldRequest) (*db.UsageAnswer, error) {
	return e.lane(request.OrganizationID).release.do(ctx, request.OrganizationID, request)
}

// Extend pushes a reservation's expiry.
func (e *Enforcer) Extend(ctx context.Context, request *HoldRequest) (*db.UsageAnswer, error) {
	return e.lane(request.OrganizationID).extend.do(ctx, request.OrganizationID, request)
}

// Lease grants what a gateway may hand out by itself. A denial is an answer, not an error.
func (e *Enforcer) Lease(ctx context.Context, request *LeaseRequest) (*db.UsageAnswer, error) {
	return e.lane(request.Scope.OrganizationID).lease.do(ctx, request.Scope.OrganizationID, request)
}

// ReturnLease gives back what a lease holds, but for what it is to keep.
func (e *Enforcer) ReturnLease(ctx context.Context, request *ReturnRequest) (*db.UsageAnswer, error) {
	return e.lane(request.OrganizationID).giveBack.do(ctx, request.OrganizationID, request)
}
