package db_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/model"
)

// estimate is a request for a check or a reservation; zero ids are the gateway's tenant's.
type estimate struct {
	organization, key       uuid.UUID
	secret                  []byte // hash; in place of the key
	id                      string
	requests, tokens, nanos int64
	ttl                     time.Duration
	labels                  db.RequestLabels
	input, output           *int64 // sizes; nil: not given
	images, searches        int64
}

func estimateTokens(tokens int64) estimate {
	return estimate{requests: 1, tokens: tokens, ttl: 10 * time.Minute}
}

func estimateCost(nanos int64) estimate {
	return estimate{requests: 1, nanos: nanos, ttl: 10 * time.Minute}
}

func estimateRequests(requests int64) estimate {
	return estimate{requests: requests, ttl: 10 * time.Minute}
}

func (e estimate) named(id string) estimate               { e.id = id; return e }
func (e estimate) by(key uuid.UUID) estimate              { e.key = key; return e }
func (e estimate) presenting(secretHash []byte) estimate  { e.secret = secretHash; return e }
func (e estimate) lasting(ttl time.Duration) estimate     { e.ttl = ttl; return e }
func (e estimate) within(organization uuid.UUID) estimate { e.organization = organization; return e }
func (e estimate) costing(nanos int64) estimate           { e.nanos = nanos; return e }
func (e estimate) of(labels db.RequestLabels) estimate    { e.labels = labels; return e }
func (e estimate) fingerprint() []byte {
	return digest(e.requests, e.tokens, e.nanos, e.ttl, e.labels, given(e.input), given(e.output))
}

// report is usage that has happened; zero ids are the gateway's tenant's, -1 requests are not given.
type report struct {
	organization, key, reservation                  uuid.UUID
	secret                                          []byte // hash; in place of the key
	id                                              string
	requests, input, output, cached, written, nanos int64
	provider, model                                 string
	metadata                                        string // JSON; "": {}
	occurredAt                                      time.Time
	parts                                           model.Parts
}

func reportTokens(tokens int64) report { return report{requests: -1, input: tokens} }
func reportCost(nanos int64) report    { return report{requests: -1, nanos: nanos} }

func (r report) named(id string) report                { r.id = id; return r }
func (r report) by(key uuid.UUID) report               { r.key = key; return r }
func (r report) presenting(secretHash []byte) report   { r.secret = secretHash; return r }
func (r report) within(organization uuid.UUID) report  { r.organization = organization; return r }
func (r report) settling(reservation uuid.UUID) report { r.reservation = reservation; return r }
func (r report) counting(requests int64) report        { r.requests = requests; return r }
func (r report) costing(nanos int64) report            { r.nanos = nanos; return r }
func (r report) of(parts model.Parts) report           { r.parts = parts; return r }
func (r report) from(provider, model string) report    { r.provider, r.model = provider, model; return r }
func (r report) about(metadata string) report          { r.metadata = metadata; return r }
func (r report) fingerprint() []byte {
	return digest(r.requests, r.input, r.output, r.cached, r.written, r.nanos, r.provider, r.model, r.reservation, r.parts, r.metadata)
}

// digest stands for the fingerprint that the server makes of a request's contents.
func digest(contents ...any) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v", contents))
	return sum[:]
}

// anyOrganization stands for the operator's scope, in which every organization's keys are found.
var anyOrganization = uuid.MustParse("ffffffff-ffff-ffff-ffff-ffffffffffff")

// scope returns the organization id that the functions are given: zero for the operator.
func (g *gateway) scope(organization uuid.UUID) uuid.UUID {
	switch organization {
	case anyOrganization:
		return uuid.Nil
	case uuid.Nil:
		return g.Organization.ID
	}
	return organization
}

// scopeOf returns what identifies a request to the functions. The key is the tenant's when nothing else names one: no id, no secret,
// and named is false.
func (g *gateway) scopeOf(organization, key uuid.UUID, secret []byte, named bool) db.Scope {
	if key == uuid.Nil && len(secret) == 0 && !named {
		key = g.Key.ID
	}
	return db.Scope{OrganizationID: g.scope(organization), SecretHash: string(secret), APIKeyID: key}
}

// reserveOn reserves a batch on a connection, a transaction or a pool; a nil now is the database's clock.
func (g *gateway) reserveOn(on db.DBTX, now *time.Time, batch ...estimate) ([]*db.UsageAnswer, error) {
	var scopes db.Scopes
	var priced db.Priced
	p := &db.ReserveUsageParams{Now: now}
	for _, e := range batch {
		p.ScopeIndexes = append(p.ScopeIndexes, scopes.Index(g.scopeOf(e.organization, e.key, e.secret, false)))
		p.RequestIDs = append(p.RequestIDs, e.id)
		p.Fingerprints = append(p.Fingerprints, e.fingerprint())
		p.Requests = append(p.Requests, e.requests)
		p.Tokens = append(p.Tokens, e.tokens)
		p.CostNanos = append(p.CostNanos, e.nanos)
		p.TTLSeconds = append(p.TTLSeconds, int32(e.ttl/time.Second))
		priced.Add(e.labels, db.Sizes{InputTokens: e.input, MaxOutputTokens: e.output, Images: e.images, WebSearches: e.searches})
	}
	p.AccessTokenIDs, p.OrganizationIDs = scopes.AccessTokenIDs, scopes.OrganizationIDs
	p.SecretHashes, p.APIKeyIDs = scopes.SecretHashes, scopes.APIKeyIDs
	p.Labels, p.Sizes = priced.Arguments()
	answers, err := db.New().ReserveUsage(context.Background(), on, p)
	for _, a := range answers {
		a.Deny()
	}
	return answers, err
}

// recordOn records a batch on a connection, a transaction or a pool; a nil now is the database's clock.
func (g *gateway) recordOn(on db.DBTX, now *time.Time, batch ...report) ([]*db.UsageAnswer, error) {
	var scopes db.Scopes
	p := &db.RecordUsageParams{Now: now}
	for _, r := range batch {
		p.ScopeIndexes = append(p.ScopeIndexes, scopes.Index(g.scopeOf(r.organization, r.key, r.secret, r.reservation != uuid.Nil)))
		p.ReservationIDs = append(p.ReservationIDs, r.reservation)
		p.RequestIDs = append(p.RequestIDs, r.id)
		p.Fingerprints = append(p.Fingerprints, r.fingerprint())
		p.AddReport(&db.ReportedUsage{
			Requests: r.requests, InputTokens: r.input, OutputTokens: r.output, CachedInputTokens: r.cached,
			CacheWriteTokens: r.written, CacheWrite1hTokens: r.parts.Written1h, ReasoningTokens: r.parts.Reasoning,
			AudioInputTokens: r.parts.AudioInput, AudioOutputTokens: r.parts.AudioOutput, Images: r.parts.Images, WebSearches: r.parts.Searches,
			ServiceTier: db.ServiceTier(r.parts.Tier), CostNanos: r.nanos, Provider: r.provider, Model: r.model, Metadata: cmp.Or(r.metadata, "{}"), OccurredAt: r.occurredAt,
		})
	}
	p.AccessTokenIDs, p.OrganizationIDs = scopes.AccessTokenIDs, scopes.OrganizationIDs
	p.SecretHashes, p.APIKeyIDs = scopes.SecretHashes, scopes.APIKeyIDs
	return db.New().RecordUsage(context.Background(), on, p)
}

// checkOn checks a batch on a connection, a transaction or a pool.
func (g *gateway) checkOn(on db.DBTX, now *time.Time, batch ...estimate) ([]*db.UsageAnswer, error) {
	var scopes db.Scopes
	var priced db.Priced
	p := &db.CheckUsageParams{Now: now}
	for _, e := range batch {
		p.ScopeIndexes = append(p.ScopeIndexes, scopes.Index(g.scopeOf(e.organization, e.key, e.secret, false)))
		p.Requests = append(p.Requests, e.requests)
		p.Tokens = append(p.Tokens, e.tokens)
		p.CostNanos = append(p.CostNanos, e.nanos)
		priced.Add(e.labels, db.Sizes{InputTokens: e.input, MaxOutputTokens: e.output, Images: e.images, WebSearches: e.searches})
	}
	p.AccessTokenIDs, p.OrganizationIDs = scopes.AccessTokenIDs, scopes.OrganizationIDs
	p.SecretHashes, p.APIKeyIDs = scopes.SecretHashes, scopes.APIKeyIDs
	p.Labels, p.Sizes = priced.Arguments()
	return db.New().CheckUsage(context.Background(), on, p)
}
