package enforce

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

func checkUsage(ctx context.Context, pool *pgxpool.Pool, batch []*CheckRequest) ([]*db.UsageAnswer, error) {
	p := &db.CheckUsageParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.Key.OrganizationID)
		p.SecretHashes = append(p.SecretHashes, notNull(r.Key.SecretHash))
		p.APIKeyIDs = append(p.APIKeyIDs, r.Key.ID)
		p.Requests = append(p.Requests, r.Estimate.Requests)
		p.Tokens = append(p.Tokens, r.Estimate.Tokens)
		p.CostNanos = append(p.CostNanos, r.Estimate.CostNanos)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
	}
	return db.New().CheckUsage(ctx, pool, p)
}

func reserveUsage(ctx context.Context, pool *pgxpool.Pool, batch []*ReserveRequest) ([]*db.UsageAnswer, error) {
	p := &db.ReserveUsageParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.Key.OrganizationID)
		p.SecretHashes = append(p.SecretHashes, notNull(r.Key.SecretHash))
		p.APIKeyIDs = append(p.APIKeyIDs, r.Key.ID)
		p.RequestIDs = append(p.RequestIDs, r.RequestID)
		p.Fingerprints = append(p.Fingerprints, r.Fingerprint)
		p.Requests = append(p.Requests, r.Estimate.Requests)
		p.Tokens = append(p.Tokens, r.Estimate.Tokens)
		p.CostNanos = append(p.CostNanos, r.Estimate.CostNanos)
		p.TTLSeconds = append(p.TTLSeconds, r.TTLSeconds)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
	}
	return db.New().ReserveUsage(ctx, pool, p)
}

func recordUsage(ctx context.Context, pool *pgxpool.Pool, batch []*RecordRequest) ([]*db.UsageAnswer, error) {
	p := &db.RecordUsageParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.Key.OrganizationID)
		p.SecretHashes = append(p.SecretHashes, notNull(r.Key.SecretHash))
		p.APIKeyIDs = append(p.APIKeyIDs, r.Key.ID)
		p.ReservationIDs = append(p.ReservationIDs, r.ReservationID)
		p.RequestIDs = append(p.RequestIDs, r.RequestID)
		p.Fingerprints = append(p.Fingerprints, r.Fingerprint)
		p.Requests = append(p.Requests, r.Requests)
		p.InputTokens = append(p.InputTokens, r.InputTokens)
		p.OutputTokens = append(p.OutputTokens, r.OutputTokens)
		p.CachedInputTokens = append(p.CachedInputTokens, r.CachedInputTokens)
		p.CostNanos = append(p.CostNanos, r.CostNanos)
		p.Providers = append(p.Providers, r.Provider)
		p.Models = append(p.Models, r.Model)
		p.Metadata = append(p.Metadata, r.Metadata)
		p.OccurredAt = append(p.OccurredAt, r.OccurredAt)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
	}
	return db.New().RecordUsage(ctx, pool, p)
}

func releaseReservations(ctx context.Context, pool *pgxpool.Pool, batch []*HoldRequest) ([]*db.UsageAnswer, error) {
	p := &db.ReleaseReservationsParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.OrganizationID)
		p.ReservationIDs = append(p.ReservationIDs, r.ReservationID)
	}
	return db.New().ReleaseReservations(ctx, pool, p)
}

func extendReservations(ctx context.Context, pool *pgxpool.Pool, batch []*HoldRequest) ([]*db.UsageAnswer, error) {
	p := &db.ExtendReservationsParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.OrganizationID)
		p.ReservationIDs = append(p.ReservationIDs, r.ReservationID)
		p.TTLSeconds = append(p.TTLSeconds, r.TTLSeconds)
	}
	return db.New().ExtendReservations(ctx, pool, p)
}

// notNull returns an empty value for nil, which would be a null in the array.
func notNull(hash []byte) []byte {
	if hash == nil {
		return []byte{}
	}
	return hash
}
