package db_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// wish is what is asked of a lease: requests, tokens and nano-dollars, for a time.
type wish struct {
	id                      string
	organization, key       uuid.UUID // zero: the tenant's
	secret                  []byte    // hash; in place of the key
	requests, tokens, nanos int64
	ttl                     time.Duration
}

func wishRequests(requests int64) wish { return wish{requests: requests, ttl: 10 * time.Second} }
func wishTokens(requests, tokens int64) wish {
	return wish{requests: requests, tokens: tokens, ttl: 10 * time.Second}
}

func (w wish) named(id string) wish                  { w.id = id; return w }
func (w wish) lasting(ttl time.Duration) wish        { w.ttl = ttl; return w }
func (w wish) costing(nanos int64) wish              { w.nanos = nanos; return w }
func (w wish) by(key uuid.UUID) wish                 { w.key = key; return w }
func (w wish) fingerprint() []byte                   { return digest("lease", w.requests, w.tokens, w.nanos, w.ttl) }
func (w wish) left() (requests, tokens, nanos int64) { return w.requests, w.tokens, w.nanos }

// leaseOn asks for leases in one statement; a nil now is the database's clock.
func (g *gateway) leaseOn(on db.DBTX, now *time.Time, batch ...wish) ([]*db.UsageAnswer, error) {
	p := &db.LeaseUsageParams{Now: now}
	for _, w := range batch {
		scope := g.scopeOf(w.organization, w.key, w.secret, false)
		p.AccessTokenIDs = append(p.AccessTokenIDs, scope.AccessTokenID)
		p.OrganizationIDs = append(p.OrganizationIDs, scope.OrganizationID)
		p.SecretHashes = append(p.SecretHashes, []byte(scope.SecretHash))
		p.APIKeyIDs = append(p.APIKeyIDs, scope.APIKeyID)
		p.RequestIDs = append(p.RequestIDs, w.id)
		p.Fingerprints = append(p.Fingerprints, w.fingerprint())
		p.Requests = append(p.Requests, w.requests)
		p.Tokens = append(p.Tokens, w.tokens)
		p.CostNanos = append(p.CostNanos, w.nanos)
		p.TTLSeconds = append(p.TTLSeconds, int32(w.ttl/time.Second))
		p.SkipLimits = append(p.SkipLimits, false)
	}
	return db.New().LeaseUsage(context.Background(), on, p)
}

// askLease asks for one lease.
func (g *gateway) askLease(w wish) *db.UsageAnswer {
	g.T.Helper()
	answers, err := g.leaseOn(g.Pool, &g.now, w)
	return must(g.T, answers, err)[0]
}

// lease asks for one lease, which must be granted.
func (g *gateway) lease(w wish) *db.Reservation {
	g.T.Helper()
	answer := g.askLease(w)
	wantReasons(g.T, answer)
	return answer.Reservation
}

// leased tells what a lease must have been granted.
func (g *gateway) leased(lease *db.Reservation, requests, tokens, nanos int64) *db.Reservation {
	g.T.Helper()
	if got, want := [3]int64(lease.Leased), [3]int64{requests, tokens, nanos}; got != want {
		g.T.Errorf("granted %v, want %v", got, want)
	}
	return lease
}

// holding tells what a lease must still hold, as it is stored.
func (g *gateway) holding(lease *db.Reservation, requests, tokens, nanos int64) {
	g.T.Helper()
	got := [3]int64{query[int64](g, `select requests from reservations where id = $1`, lease.ID),
		query[int64](g, `select tokens from reservations where id = $1`, lease.ID),
		query[int64](g, `select cost_nanos from reservations where id = $1`, lease.ID)}
	if want := [3]int64{requests, tokens, nanos}; got != want {
		g.T.Errorf("the lease holds %v, want %v", got, want)
	}
}

// giveBack returns a lease, but for what is kept.
func (g *gateway) giveBack(lease uuid.UUID, keep wish) *db.UsageAnswer {
	g.T.Helper()
	requests, tokens, nanos := keep.left()
	answers, err := db.New().ReturnLeases(context.Background(), g.Pool, &db.ReturnLeasesParams{
		OrganizationIDs: []uuid.UUID{g.Organization.ID}, LeaseIDs: []uuid.UUID{lease}, KeepRequests: []int64{requests},
		KeepTokens: []int64{tokens}, KeepCostNanos: []int64{nanos}, TTLSeconds: []int32{int32(keep.ttl / time.Second)}, Now: &g.now})
	return must(g.T, answers, err)[0]
}
