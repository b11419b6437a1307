package db_test

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
)

// held names a reservation to release or to extend.
type held struct {
	scope, id uuid.UUID
	ttl       time.Duration
}

// Numbers that fill limits to the last unit or pass them by one more often than chance would, and now and then the largest
// that the API lets in.
var (
	someTokens   = mostly(1_000_000_000_000_000, 0, 1, 5, 10, 24, 25, 26, 40, 50, 51, 100)
	someNanos    = mostly(9_000_000_000*dollar, 0, 0, 1, dollar/2, dollar, dollar+1, 2*dollar)
	someRequests = mostly(1_000_000_000, 0, 1, 1, 1, 2, 3, 5)
	someIDs      = rapid.SampledFrom([]string{"", "", "a", "b", "c"})
	someTTL      = rapid.SampledFrom([]time.Duration{time.Second, time.Minute, 10 * time.Minute, 24 * time.Hour})
)

func mostly(seldom int64, often ...int64) *rapid.Generator[int64] {
	return rapid.SampledFrom(append(slices.Repeat(often, 6), seldom))
}

func oneIn(rt *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(rt, what) == n }

// someKey draws a key: every other time the first one, so that enough happens to one of them.
func (p *play) someKey(rt *rapid.T) *model.Key {
	if rapid.Bool().Draw(rt, "first") {
		return p.Keys[0]
	}
	return rapid.SampledFrom(p.Keys).Draw(rt, "key")
}

// fill makes an estimate what one of its key's limits has left, or one more.
func (p *play) fill(rt *rapid.T, e *estimate) {
	k := p.Named(p.g.scope(e.organization), e.key, e.secret)
	if k == nil || len(p.LimitsOf(k)) == 0 {
		return
	}
	period := rapid.SampledFrom(p.LimitsOf(k)).Draw(rt, "limit").Current()
	left := whole(period.Amount).Sub(period.Used()).Sub(p.Reserved(period)).IntPart() + rapid.Int64Range(0, 1).Draw(rt, "over")
	switch {
	case left <= 0 || left > 1_000_000_000_000_000:
	case period.Unit == db.LimitTypeCOST:
		e.nanos = left
	case period.Unit == db.LimitTypeTOKENS:
		e.tokens = left
	default:
		e.requests = left
	}
}

// named draws which key a request names, how, and in which scope.
func (p *play) named(rt *rapid.T) (scope, key uuid.UUID, secret []byte) {
	k := p.someKey(rt)
	scope, key = k.Organization, k.ID
	switch rapid.IntRange(0, 11).Draw(rt, "naming") {
	case 0:
		scope = anyOrganization
	case 1:
		scope = p.Organizations[0].ID
	case 2:
		key = uuid.New()
	case 3, 4, 5:
		key, secret = uuid.Nil, p.secrets[rapid.IntRange(0, len(p.secrets)-1).Draw(rt, "secret")]
		if rapid.Bool().Draw(rt, "anywhere") {
			scope = anyOrganization
		}
	case 6, 7:
		key, secret = uuid.Nil, []byte(k.Secrets[len(k.Secrets)-1].Hash)
	}
	return scope, key, secret
}

func (p *play) someEstimate(rt *rapid.T) estimate {
	if len(p.estimates) > 0 && oneIn(rt, 6, "again") {
		return rapid.SampledFrom(p.estimates).Draw(rt, "estimate")
	}
	e := estimate{requests: someRequests.Draw(rt, "requests"), tokens: someTokens.Draw(rt, "tokens"), nanos: someNanos.Draw(rt, "nanos"),
		ttl: someTTL.Draw(rt, "ttl"), id: someIDs.Draw(rt, "id")}
	e.organization, e.key, e.secret = p.named(rt)
	if oneIn(rt, 3, "of a model") {
		e.price(rt)
	}
	if len(p.Policies) > 0 && oneIn(rt, 2, "with attributes") {
		p.attribute(rt, &e.labels)
	}
	if oneIn(rt, 4, "fill") {
		p.fill(rt, &e)
	}
	if e.id != "" {
		p.estimates = append(p.estimates, e)
	}
	return e
}

func (p *play) someReport(rt *rapid.T) report {
	if len(p.reports) > 0 && oneIn(rt, 6, "again") {
		return rapid.SampledFrom(p.reports).Draw(rt, "report")
	}
	r := report{requests: -1, input: someTokens.Draw(rt, "input"), nanos: someNanos.Draw(rt, "nanos"), id: someIDs.Draw(rt, "id")}
	if oneIn(rt, 3, "without a cost") {
		r.price(rt)
	}
	if rapid.Bool().Draw(rt, "full") {
		r.requests, r.output = someRequests.Draw(rt, "requests"), someTokens.Draw(rt, "output")
		r.cached, r.written, r.provider, r.model = min(r.input, 1), min(max(0, r.input-1), 2), "acme", "large"
		if r.nanos == model.NotGiven {
			r.requests, r.output = min(r.requests, 1000), min(r.output, 1000)
		}
		r.parts = model.Parts{Written1h: min(r.written, 1), AudioInput: r.input, Reasoning: r.output / 3, AudioOutput: r.output / 2,
			Images: 1, Searches: 2, Tier: rapid.SampledFrom([]string{"", "STANDARD", "BATCH", "PRIORITY"}).Draw(rt, "tier")}
	}
	if len(p.Policies) > 0 && oneIn(rt, 2, "with attributes") {
		r.metadata = metadataOf(someUsers.Draw(rt, "user"))
		if r.model == "" {
			r.model = policyModels.Draw(rt, "model")
		}
	}
	if len(p.Reservations) > 0 && rapid.IntRange(0, 2).Draw(rt, "settling") > 0 {
		h := p.someHold(rt)
		r.organization, r.reservation = h.scope, h.id
	} else {
		r.organization, r.key, r.secret = p.named(rt)
	}
	if r.id != "" {
		p.reports = append(p.reports, r)
	}
	return r
}

func (p *play) someHold(rt *rapid.T) held {
	h := held{scope: p.Organizations[0].ID, id: uuid.New(), ttl: someTTL.Draw(rt, "ttl")}
	if len(p.Reservations) == 0 || oneIn(rt, 20, "unknown") {
		return h
	}
	r := rapid.SampledFrom(p.Reservations).Draw(rt, "reservation")
	if latest := p.Reservations[len(p.Reservations)-1]; rapid.Bool().Draw(rt, "latest") {
		r = latest
	}
	h.id, h.scope = r.ID, r.Organization
	switch rapid.IntRange(0, 9).Draw(rt, "scope") {
	case 0:
		h.scope = anyOrganization
	case 1:
		h.scope = p.Organizations[1].ID
	}
	return h
}

// some draws a batch: one request, or several.
func some[V any](rt *rapid.T, one func(rt *rapid.T) V) []V {
	batch := make([]V, rapid.SampledFrom([]int{1, 1, 1, 2, 3, 6}).Draw(rt, "batch"))
	for i := range batch {
		batch[i] = one(rt)
	}
	return batch
}

func (p *play) reserveSome(rt *rapid.T) {
	batch := some(rt, p.someEstimate)
	answers, err := p.g.reserveOn(p.g.Pool, &p.Now, batch...)
	before := len(p.Alerts)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer { return p.Reserve(p.asked(batch[i])) })
	if len(batch) > 1 {
		p.Together(before)
	}
}

func (p *play) checkSome(rt *rapid.T) {
	batch := some(rt, p.someEstimate)
	answers, err := p.g.checkOn(p.g.Pool, &p.Now, batch...)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer { return p.Check(p.asked(batch[i])) })
}

func (p *play) recordSome(rt *rapid.T) {
	batch := some(rt, p.someReport)
	answers, err := p.g.recordOn(p.g.Pool, &p.Now, batch...)
	before := len(p.Alerts)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer { return p.Record(p.reported(batch[i])) })
	if len(batch) > 1 {
		p.Together(before)
	}
}

func (p *play) releaseSome(rt *rapid.T) {
	batch := some(rt, p.someHold)
	params := &db.ReleaseReservationsParams{Now: &p.Now}
	for _, h := range batch {
		params.OrganizationIDs = append(params.OrganizationIDs, p.g.scope(h.scope))
		params.ReservationIDs = append(params.ReservationIDs, h.id)
	}
	answers, err := db.New().ReleaseReservations(context.Background(), p.g.Pool, params)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer { return p.Release(p.g.scope(batch[i].scope), batch[i].id) })
}

func (p *play) extendSome(rt *rapid.T) {
	batch := some(rt, p.someHold)
	params := &db.ExtendReservationsParams{Now: &p.Now}
	for _, h := range batch {
		params.OrganizationIDs = append(params.OrganizationIDs, p.g.scope(h.scope))
		params.ReservationIDs = append(params.ReservationIDs, h.id)
		params.TTLSeconds = append(params.TTLSeconds, int32(h.ttl/time.Second))
	}
	answers, err := db.New().ExtendReservations(context.Background(), p.g.Pool, params)
	p.answered(rt, len(batch), answers, err, func(i int) *model.Answer { return p.Extend(p.g.scope(batch[i].scope), batch[i].id, batch[i].ttl) })
}
