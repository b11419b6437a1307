// Package enforce carries concurrent checks, reservations and records to the database in batches. It decides nothing: the
// functions that it calls do.
package enforce

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// Estimate is what a request will use at most: requests, tokens and nano-dollars.
type Estimate struct{ Requests, Tokens, CostNanos int64 }

// CheckRequest asks whether a request would be admitted.
type CheckRequest struct {
	Caller     db.Caller
	Estimate   Estimate
	SkipLimits bool // answer without the limits' standing
}

// ReserveRequest asks for a hold.
type ReserveRequest struct {
	Caller      db.Caller
	RequestID   string // "" when not given
	Fingerprint []byte // of the contents: the same request id with another one is a mismatch
	Estimate    Estimate
	TTLSeconds  int32
	SkipLimits  bool // answer without the limits' standing
	IDOnly      bool // answer with the reservation's id and nothing else of it
}

// RecordRequest reports usage that has happened.
type RecordRequest struct {
	Caller            db.Caller
	ReservationID     uuid.UUID // zero: not given
	RequestID         string    // "" when not given
	Fingerprint       []byte
	Requests          int64 // -1: what the reservation counted, else 1
	InputTokens       int64
	OutputTokens      int64
	CachedInputTokens int64
	CostNanos         int64
	Provider, Model   string
	Metadata          string    // a JSON object
	OccurredAt        time.Time // zero: not given
	SkipLimits        bool      // answer without the limits' standing
	IDOnly            bool      // answer with the ledger row's id and nothing else of it
}

// HoldRequest names a reservation, within an organization; the zero organization is any.
type HoldRequest struct {
	OrganizationID uuid.UUID
	ReservationID  uuid.UUID
	TTLSeconds     int32 // of an extension
}

// Enforcer carries requests to the database. Its methods may be called concurrently; their errors are faults, and on any
// error nothing was granted.
type Enforcer struct {
	check   *lane[CheckRequest]
	reserve *lane[ReserveRequest]
	record  *lane[RecordRequest]
	release *lane[HoldRequest]
	extend  *lane[HoldRequest]
}

// New returns an enforcer that works until Close.
func New(pool *pgxpool.Pool) *Enforcer {
	return &Enforcer{
		check:   newLane(pool, checkUsage),
		reserve: newLane(pool, reserveUsage),
		record:  newLane(pool, recordUsage),
		release: newLane(pool, releaseReservations),
		extend:  newLane(pool, extendReservations),
	}
}

// Close answers what is queued and ends. No method may be called afterwards.
func (e *Enforcer) Close() {
	e.check.close()
	e.reserve.close()
	e.record.close()
	e.release.close()
	e.extend.close()
}

// Check answers whether a request would be admitted now. It reads only.
func (e *Enforcer) Check(ctx context.Context, request *CheckRequest) (*db.UsageAnswer, error) {
	return e.check.do(ctx, request)
}

// Reserve checks and holds. A denial is an answer, not an error.
func (e *Enforcer) Reserve(ctx context.Context, request *ReserveRequest) (*db.UsageAnswer, error) {
	return e.reserve.do(ctx, request)
}

// Record books usage in full.
func (e *Enforcer) Record(ctx context.Context, request *RecordRequest) (*db.UsageAnswer, error) {
	return e.record.do(ctx, request)
}

// Release gives a hold back.
func (e *Enforcer) Release(ctx context.Context, request *HoldRequest) (*db.UsageAnswer, error) {
	return e.release.do(ctx, request)
}

// Extend pushes a reservation's expiry.
func (e *Enforcer) Extend(ctx context.Context, request *HoldRequest) (*db.UsageAnswer, error) {
	return e.extend.do(ctx, request)
}
