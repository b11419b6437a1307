package enforce

import (
	"context"

	"bursar/db"
)

func checkUsage(ctx context.Context, on db.DBTX, batch []*CheckRequest) ([]*db.UsageAnswer, error) {
	var scopes db.Scopes
	var priced db.Priced
	p := &db.CheckUsageParams{}
	for _, r := range batch {
		p.ScopeIndexes = append(p.ScopeIndexes, scopes.Index(r.Scope))
		p.Requests = append(p.Requests, r.Estimate.Requests)
		p.Tokens = append(p.Tokens, r.Estimate.Tokens)
		p.CostNanos = append(p.CostNanos, r.Estimate.CostNanos)
		priced.Add(r.Estimate.RequestLabels, r.Estimate.Sizes)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
	}
	p.AccessTokenIDs, p.OrganizationIDs = scopes.AccessTokenIDs, scopes.OrganizationIDs
	p.SecretHashes, p.APIKeyIDs = scopes.SecretHashes, scopes.APIKeyIDs
	p.Labels, p.Sizes = priced.Arguments()
	return db.New().CheckUsage(ctx, on, p)
}

func reserveUsage(ctx context.Context, on db.DBTX, batch []*ReserveRequest) ([]*db.UsageAnswer, error) {
	var scopes db.Scopes
	var priced db.Priced
	var rows []db.RowForm
	p := &db.ReserveUsageParams{}
	for _, r := range batch {
		p.ScopeIndexes = append(p.ScopeIndexes, scopes.Index(r.Scope))
		p.RequestIDs = append(p.RequestIDs, r.RequestID)
		p.Fingerprints = append(p.Fingerprints, r.Fingerprint)
		p.Requests = append(p.Requests, r.Estimate.Requests)
		p.Tokens = append(p.Tokens, r.Estimate.Tokens)
		p.CostNanos = append(p.CostNanos, r.Estimate.CostNanos)
		priced.Add(r.Estimate.RequestLabels, r.Estimate.Sizes)
		p.TTLSeconds = append(p.TTLSeconds, r.TTLSeconds)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
		rows = append(rows, r.Row)
	}
	p.AccessTokenIDs, p.OrganizationIDs = scopes.AccessTokenIDs, scopes.OrganizationIDs
	p.SecretHashes, p.APIKeyIDs = scopes.SecretHashes, scopes.APIKeyIDs
	p.Labels, p.Sizes = priced.Arguments()
	p.IDsOnly = db.IDsOnly(rows)
	answers, err := db.New().ReserveUsage(ctx, on, p)
	for _, a := range answers {
		a.Deny()
		if a.Reservation == nil && a.ReservationID != nil {
			a.Reservation = &db.Reservation{ID: *a.ReservationID}
		}
	}
	return answers, err
}

func recordUsage(ctx context.Context, on db.DBTX, batch []*RecordRequest) ([]*db.UsageAnswer, error) {
	var scopes db.Scopes
	var rows []db.RowForm
	p := &db.RecordUsageParams{}
	for _, r := range batch {
		p.ScopeIndexes = append(p.ScopeIndexes, scopes.Index(r.Scope))
		p.ReservationIDs = append(p.ReservationIDs, r.ReservationID)
		p.RequestIDs = append(p.RequestIDs, r.RequestID)
		p.Fingerprints = append(p.Fingerprints, r.Fingerprint)
		p.AddReport(&r.Usage)
		p.SkipLimits = append(p.SkipLimits, r.SkipLimits)
		rows = append(rows, r.Row)
	}
	p.AccessTokenIDs, p.OrganizationIDs = scopes.AccessTokenIDs, scopes.OrganizationIDs
	p.SecretHashes, p.APIKeyIDs = scopes.SecretHashes, scopes.APIKeyIDs
	p.IDsOnly = db.IDsOnly(rows)
	answers, err := db.New().RecordUsage(ctx, on, p)
	for _, a := range answers {
		if a.UsageEvent == nil && a.UsageEventID != nil {
			a.UsageEvent = &db.UsageEvent{ID: *a.UsageEventID}
		}
	}
	return answers, err
}

func releaseReservations(ctx context.Context, on db.DBTX, batch []*HoldRequest) ([]*db.UsageAnswer, error) {
	p := &db.ReleaseReservationsParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.OrganizationID)
		p.ReservationIDs = append(p.ReservationIDs, r.ReservationID)
	}
	return db.New().ReleaseReservations(ctx, on, p)
}

func extendReservations(ctx context.Context, on db.DBTX, batch []*HoldRequest) ([]*db.UsageAnswer, error) {
	p := &db.ExtendReservationsParams{}
	for _, r := range batch {
		p.OrganizationIDs = append(p.OrganizationIDs, r.OrganizationID)
		p.ReservationIDs = append(p.ReservationIDs, r.ReservationID)
		p.TTLSeconds = append(p.TTLSeconds, r.TTLSeconds)
	}
	return db.New().ExtendReservations(ctx, on, p)
}
