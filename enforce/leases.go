package enforce

import (
	"context"

	"bursar/db"
)

func leaseUsage(ctx context.Context, on db.DBTX, batch []*LeaseRequest) ([]*db.UsageAnswer, error) {
	p := &db.LeaseUsageParams{}
	for _, r := range batch {
		p.AccessTokenIDs = append(p.AccessTokenIDs, r.Scope.AccessTokenID)
		p.OrganizationIDs = append(p.OrganizationIDs, r.Scope.OrganizationID)
		p.SecretHashes = append(p.SecretHashes, []byte(r.Scope.SecretHash))
		p.APIKeyIDs = append(p.APIKeyIDs, r.Scope.APIKeyID)
		p.RequestIDs = append(p.RequestIDs, r.RequestID)
		p.Fingerprints = append(p.Fingerprints, r.Fingerprint)
		p.Requests = append(p.Requests, r.Requests)
		p.Tokens = append(p.Tokens, r.Tokens)
		p.CostNanos = append(p.CostNanos, r.CostNanos)
		p.TTLSeconds = append(p.TTLSeconds, r.TTLSeconds)
		p.Metadata = append(p.Metadata, r.Metadata)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
	}
	return db.New().LeaseUsage(ctx, on, p)
}

func returnLeases(ctx context.Context, on db.DBTX, batch []*ReturnRequest) ([]*db.UsageAnswer, error) {
	p := &db.ReturnLeasesParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.OrganizationID)
		p.LeaseIDs = append(p.LeaseIDs, r.LeaseID)
		p.KeepRequests = append(p.KeepRequests, r.KeepRequests)
		p.KeepTokens = append(p.KeepTokens, r.KeepTokens)
		p.KeepCostNanos = append(p.KeepCostNanos, r.KeepCostNanos)
		p.TTLSeconds = append(p.TTLSeconds, r.TTLSeconds)
	}
	return db.New().ReturnLeases(ctx, on, p)
}
