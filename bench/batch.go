package bench

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
)

const (
	batchItems = 256  // of a batch of row o
	batchKeys  = 2000 // that they are drawn from
)

// batchReserve and batchPairs are the names of row o's measurements.
const (
	batchReserve = "o reserve"
	batchPairs   = "o pairs"
)

// measureBatches measures row o: batches of reservations, and of reservations that are recorded, as the server sends them.
func (r *runner) measureBatches(ctx context.Context) error {
	return r.measureAll(ctx,
		row{letter: "o", name: batchReserve, what: "batches of 256 reservations, 2,000 keys, one connection, no HTTP", connections: 1, newWorker: r.batches(false)},
		row{letter: "o", name: batchPairs, what: "the same, each then recorded in a batch", connections: 1, newWorker: r.batches(true)})
}

// batches returns workers that call the SQL functions with batches of requests.
func (r *runner) batches(record bool) newWorker {
	return func(ctx context.Context, number int) (*worker, error) {
		connection, err := r.Pool.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		random, prefix, calls := newRandom(number), requestPrefix("o", number), 0
		hashes := make([][]byte, min(batchKeys, r.Data.Keys))
		for i := range hashes {
			hashes[i] = auth.Hash(r.Data.Secret(i))
		}
		return &worker{
			do: func(ctx context.Context) error {
				b := &batch{connection: connection}
				for range batchItems {
					calls++
					b.add(r.Data.OrganizationID, hashes[random.IntN(len(hashes))], prefix+strconv.Itoa(calls))
				}
				return b.run(ctx, record)
			},
			close: func() error { connection.Release(); return nil },
		}, nil
	}
}

// batch is requests of one statement.
type batch struct {
	connection *pgxpool.Conn
	scopes     db.Scopes
	p          db.ReserveUsageParams
	rows       []db.RowForm
}

func (b *batch) add(organizationID uuid.UUID, hash []byte, requestID string) {
	fingerprint, p := sha256.Sum256(nil), &b.p
	p.ScopeIndexes = append(p.ScopeIndexes, b.scopes.Index(db.Scope{OrganizationID: organizationID, SecretHash: string(hash)}))
	p.RequestIDs, p.Fingerprints = append(p.RequestIDs, requestID), append(p.Fingerprints, fingerprint[:])
	p.Requests, p.Tokens, p.CostNanos = append(p.Requests, 1), append(p.Tokens, estimateTokens), append(p.CostNanos, estimateCostNanos)
	p.TTLSeconds, p.SkipLimits, b.rows = append(p.TTLSeconds, 600), append(p.SkipLimits, true), append(b.rows, db.IDOnly)
}

var errBatchRefused = errors.New("a request of a batch was refused, although the limits are far away")

// run reserves, and records what was reserved.
func (b *batch) run(ctx context.Context, record bool) error {
	s, p := &b.scopes, &b.p
	p.AccessTokenIDs, p.OrganizationIDs, p.SecretHashes, p.APIKeyIDs = s.AccessTokenIDs, s.OrganizationIDs, s.SecretHashes, s.APIKeyIDs
	p.IDsOnly = db.IDsOnly(b.rows)
	answers, err := db.New().ReserveUsage(ctx, b.connection, p)
	if err != nil {
		return err
	}
	var reported db.Scopes
	q := &db.RecordUsageParams{RequestIDs: p.RequestIDs, Fingerprints: p.Fingerprints, SkipLimits: p.SkipLimits, IDsOnly: p.IDsOnly}
	for _, answer := range answers {
		if !answer.Allowed || answer.ReservationID == nil {
			return errBatchRefused
		}
		q.ScopeIndexes = append(q.ScopeIndexes, reported.Index(db.Scope{OrganizationID: p.OrganizationIDs[0]}))
		q.ReservationIDs = append(q.ReservationIDs, *answer.ReservationID)
		q.AddReport(&db.ReportedUsage{Requests: 1, InputTokens: usedInputTokens, OutputTokens: usedOutputTokens, CostNanos: estimateCostNanos,
			Provider: "openai", Model: "gpt-4o", Metadata: "{}"})
	}
	if !record {
		return nil
	}
	q.AccessTokenIDs, q.OrganizationIDs = reported.AccessTokenIDs, reported.OrganizationIDs
	q.SecretHashes, q.APIKeyIDs = reported.SecretHashes, reported.APIKeyIDs
	answers, err = db.New().RecordUsage(ctx, b.connection, q)
	if err == nil && (len(answers) != batchItems || answers[0].Error != nil) {
		err = errBatchRefused
	}
	return err
}
