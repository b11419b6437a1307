package db_test

import (
	"context"
	"time"

	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
)

var someLeaseTTL = rapid.SampledFrom([]time.Duration{time.Second, 10 * time.Second, 20 * time.Second, time.Minute})

func (p *play) someWish(rt *rapid.T) wish {
	if len(p.wishes) > 0 && oneIn(rt, 6, "again") {
		return rapid.SampledFrom(p.wishes).Draw(rt, "wish")
	}
	w := wish{requests: max(1, someRequests.Draw(rt, "requests")), tokens: someTokens.Draw(rt, "tokens"), nanos: someNanos.Draw(rt, "nanos"),
		ttl: someLeaseTTL.Draw(rt, "ttl"), id: someIDs.Draw(rt, "id")}
	w.organization, w.key, w.secret = p.named(rt)
	if w.id != "" {
		p.wishes = append(p.wishes, w)
	}
	return w
}

func (p *play) leaseSome(rt *rapid.T) {
	batch := some(rt, p.someWish)
	answers, err := p.g.leaseOn(p.g.Pool, &p.Now, batch...)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer {
		w := batch[i]
		return p.Lease(model.Wish{Organization: p.g.scope(w.organization), Key: w.key, Secret: w.secret, ID: w.id, TTL: w.ttl,
			Usage: model.Usage{Requests: w.requests, Tokens: w.tokens, Nanos: w.nanos}})
	})
}

func (p *play) returnSome(rt *rapid.T) {
	batch := some(rt, p.someHold)
	keep := make([]model.Usage, len(batch))
	params := &db.ReturnLeasesParams{Now: &p.Now}
	for i, h := range batch {
		batch[i].ttl = rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute}).Draw(rt, "keep for")
		if rapid.Bool().Draw(rt, "keep") {
			keep[i] = model.Usage{Requests: someRequests.Draw(rt, "keep"), Tokens: someTokens.Draw(rt, "keep"), Nanos: someNanos.Draw(rt, "keep")}
		}
		params.OrganizationIDs = append(params.OrganizationIDs, p.g.scope(h.scope))
		params.LeaseIDs = append(params.LeaseIDs, h.id)
		params.KeepRequests = append(params.KeepRequests, keep[i].Requests)
		params.KeepTokens = append(params.KeepTokens, keep[i].Tokens)
		params.KeepCostNanos = append(params.KeepCostNanos, keep[i].Nanos)
		params.TTLSeconds = append(params.TTLSeconds, int32(batch[i].ttl/time.Second))
	}
	answers, err := db.New().ReturnLeases(context.Background(), p.g.Pool, params)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer {
		return p.ReturnLease(p.g.scope(batch[i].scope), batch[i].id, keep[i], batch[i].ttl)
	})
}

// changeLeasePolicy lets an organization's gateways lease, for a time, or not.
func (p *play) changeLeasePolicy(rt *rapid.T) {
	o := rapid.SampledFrom(p.Organizations).Draw(rt, "organization")
	o.NoLeases = oneIn(rt, 4, "no leases")
	o.Leasing = rapid.SampledFrom([]time.Duration{time.Second, 10 * time.Second, time.Minute}).Draw(rt, "leasing")
	p.exec(rt, `update organizations set leases_allowed = $2, lease_seconds = $3 where id = $1`, o.ID, !o.NoLeases, int32(o.Leasing/time.Second))
}
