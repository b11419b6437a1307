package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// Usage that was not reserved is charged at once to every limit of the key, in each limit's own unit.
func TestUnreservedUsageIsCharged(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tokens := g.tokenBudget(100)
	cost := g.budget(onWorkspace, db.LimitTypeCOST, db.LimitPeriodMONTHLY, dollar)
	requests := g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 10)
	rate := g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodMINUTE, 1000)
	event := g.book(report{
		requests: 3, input: 20, output: 5, cached: 12, written: 4, nanos: 7, provider: "openai", model: "gpt-5",
		parts: model.Parts{Written1h: 3, AudioInput: 4, Reasoning: 2, AudioOutput: 3, Images: 8, Searches: 9, Tier: "BATCH"}})
	g.counts(tokens, 25, 0)
	g.counts(cost, 7, 0)
	g.counts(requests, 3, 0)
	g.counts(rate, 25, 0)
	equal(t, "tokens", event.Tokens(), 25)
	equal(t, "requests", event.Requests, 3)
	equal(t, "input tokens", event.InputTokens, 20)
	equal(t, "output tokens", event.OutputTokens, 5)
	equal(t, "cached input tokens", event.CachedInputTokens, 12)
	equal(t, "cache write tokens", event.CacheWriteTokens, 4)
	equal(t, "cache write tokens for an hour", event.CacheWrite1hTokens, 3)
	equal(t, "audio input tokens", event.AudioInputTokens, 4)
	equal(t, "reasoning tokens", event.ReasoningTokens, 2)
	equal(t, "audio output tokens", event.AudioOutputTokens, 3)
	equal(t, "images", event.Images, 8)
	equal(t, "web searches", event.WebSearches, 9)
	equal(t, "service tier", event.ServiceTier, db.ServiceTierBATCH)
	equal(t, "service tier when not given", g.book(reportTokens(0).counting(0)).ServiceTier, db.ServiceTierSTANDARD)
	equal(t, "provider", event.Provider, "openai")
	equal(t, "model", event.Model, "gpt-5")
	equalTime(t, "occurred", event.OccurredAt, noon)
	g.verified()
}

// A server of a release before sends fewer quantities and labels: those that it does not know are booked as zero, and as of the STANDARD tier.
func TestQuantitiesThatAreNotSentAreZero(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	for sent, written := range map[int]int64{4: 0, 5: 5} { // what unreleased binaries sent, and release 1
		params := &db.RecordUsageParams{
			AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{g.Organization.ID}, SecretHashes: [][]byte{{}},
			APIKeyIDs: []uuid.UUID{g.Key.ID}, ScopeIndexes: []int32{1}, ReservationIDs: []uuid.UUID{{}}, RequestIDs: []string{""},
			Fingerprints: [][]byte{{}}, Now: &g.now,
		}
		params.AddReport(&db.ReportedUsage{Requests: 1, InputTokens: 9, OutputTokens: 3, CacheWriteTokens: 5, CacheWrite1hTokens: 1, ReasoningTokens: 1,
			AudioInputTokens: 1, AudioOutputTokens: 1, Images: 1, WebSearches: 1, ServiceTier: "FLEX", Metadata: "{}"})
		params.Quantities, params.Labels = params.Quantities[:sent], params.Labels[:3]
		answers, err := db.New().RecordUsage(context.Background(), g.Pool, params)
		event := must(t, answers, err)[0].UsageEvent
		equal(t, "output tokens", event.OutputTokens, 3)
		equal(t, "cache write tokens", event.CacheWriteTokens, written)
		equal(t, "others", event.CacheWrite1hTokens+event.ReasoningTokens+event.AudioInputTokens+event.AudioOutputTokens+event.Images+event.WebSearches, 0)
		equal(t, "service tier", event.ServiceTier, db.ServiceTierSTANDARD)
	}
	g.counts(budget, 24, 0)
	g.verified()
}

// Settling charges what was really used, gives the whole hold back and makes one ledger row that names the reservation.
func TestSettlingReplacesTheHold(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for _, used := range []int64{0, 1, 30, 31} {
		g := newGatewayIn(t, pool)
		budget := g.tokenBudget(100)
		reservation := g.admit(estimateTokens(30))
		event := g.book(reportTokens(used).settling(reservation))
		g.counts(budget, used, 0)
		equal(t, "reservation", *event.ReservationID, reservation)
		equal(t, "status", g.status(reservation), db.ReservationStatusSETTLED)
		g.verified()
	}
}

// What exceeds the estimate or the limit is booked in full, never clamped or dropped; the next admission is denied.
func TestOvershootIsBookedInFull(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(250).settling(g.admit(estimateTokens(10))))
	g.book(reportTokens(50))
	g.counts(budget, 300, 0)
	equal(t, "remaining", g.limit(budget).Remaining().String(), "0")
	g.deny(estimateTokens(0), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}

// Explicit zero is zero: no tokens, no cost and no requests are booked as such and charge nothing.
func TestExplicitZeroIsZero(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 10)
	event := g.book(report{requests: 0})
	equal(t, "requests", event.Requests, 0)
	g.counts(budget, 0, 0)
	g.counts(rate, 0, 0)
	equal(t, "requests when not given", g.book(reportTokens(0)).Requests, 1)
	g.counts(rate, 1, 0)
	g.admit(estimateRequests(0))
	g.counts(rate, 1, 0)
	g.verified()
}

// Requests count when they are reserved; settling adds only those above, releasing and expiring take none away.
func TestRequestsCountOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
	same, more, fewer, unsaid := g.admit(estimateRequests(2)), g.admit(estimateRequests(2)), g.admit(estimateRequests(2)), g.admit(estimateRequests(2))
	g.counts(rate, 8, 0)
	g.book(reportTokens(0).settling(same).counting(2))
	g.counts(rate, 8, 0)
	equal(t, "added", g.book(reportTokens(0).settling(more).counting(5)).CountedRequests, 3)
	g.counts(rate, 11, 0)
	equal(t, "requests of fewer", g.book(reportTokens(0).settling(fewer).counting(1)).Requests, 1)
	g.counts(rate, 11, 0)
	equal(t, "requests when not given", g.book(reportTokens(0).settling(unsaid)).Requests, 2)
	g.counts(rate, 11, 0)
	released, expired := g.admit(estimateRequests(3)), g.admit(estimateRequests(4).lasting(time.Second))
	g.release(released)
	g.after(time.Second).sweep()
	equal(t, "status", g.status(expired), db.ReservationStatusEXPIRED)
	g.counts(rate, 18, 0)
	g.verified()
}

// occurredAt is the client's data: it is kept and decides nothing.
func TestOccurredAtDecidesNothing(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	for _, occurred := range []time.Time{noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0)} {
		r := reportTokens(10)
		r.occurredAt = occurred
		event := g.book(r)
		equalTime(t, "occurred", event.OccurredAt, occurred)
		equalTime(t, "recorded", event.RecordedAt, noon)
	}
	g.counts(budget, 20, 0)
	equal(t, "history", len(g.history(budget)), 0)
}

// A reservation decides whose usage it is, whatever key is named beside it.
func TestReservationDecidesTheKey(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other, secret := g.Factory.Key(g.Organization.ID, &g.Workspace.ID, nil)
	reservation := g.admit(estimateTokens(10))
	event := g.book(reportTokens(10).settling(reservation).presenting(secret.Hash))
	equal(t, "key", event.APIKeyID, g.Key.ID)
	event = g.book(reportTokens(10).settling(g.admit(estimateTokens(10))).by(other.ID))
	equal(t, "key", event.APIKeyID, g.Key.ID)
	event = g.book(reportTokens(10).settling(g.admit(estimateTokens(10))).presenting(make([]byte, 32)))
	equal(t, "key", event.APIKeyID, g.Key.ID)
	g.verified()
}

// A reservation that is unknown, or another organization's, is NOT_FOUND and books nothing.
func TestUnknownReservationIsNotFound(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	foreign := other.admit(estimateTokens(1))
	for _, reservation := range []uuid.UUID{uuid.New(), foreign} {
		wantError(t, g.record(reportTokens(1).settling(reservation)), "NOT_FOUND")
		wantError(t, g.release(reservation), "NOT_FOUND")
		wantError(t, g.extend(reservation, time.Hour), "NOT_FOUND")
	}
	equal(t, "status", g.status(foreign), db.ReservationStatusHELD)
	g.book(reportTokens(1).settling(foreign).within(anyOrganization))
	equal(t, "status", g.status(foreign), db.ReservationStatusSETTLED)
}

// A batch books each report by itself: one that is not found takes nothing from the others.
func TestBatchOfRecords(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	reservation := g.admit(estimateTokens(10))
	answers, err := g.recordOn(g.Pool, &g.now, reportTokens(3), reportTokens(4).by(uuid.New()),
		reportTokens(5).settling(reservation), reportTokens(6).settling(reservation))
	must(t, 0, err)
	for i, want := range []string{"", "NOT_FOUND", "", "RESERVATION_CLOSED"} {
		equal(t, "ordinal", answers[i].Ordinal, int32(i+1))
		wantError(t, answers[i], want)
	}
	g.counts(budget, 8, 0)
	equal(t, "used in the first answer", answers[0].Limits[0].UsedUnits.String(), "8") // the whole batch's
	g.verified()
}

// A key's last use is noted at most once a minute.
func TestLastUsedIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	lastUsed := func() time.Time { return *query[*time.Time](g, `select last_used_at from api_keys`) }
	g.admit(estimateTokens(1))
	equalTime(t, "last used", lastUsed(), noon)
	g.after(time.Minute).admit(estimateTokens(1))
	equalTime(t, "last used a minute later", lastUsed(), noon)
	g.after(time.Minute + time.Microsecond).book(reportTokens(1))
	equalTime(t, "last used later", lastUsed(), noon.Add(time.Minute+time.Microsecond))
}

// A ledger row is found by its id alone, in the partition of its time.
func TestUsageEventIsFoundByItsID(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	event := g.book(reportTokens(3))
	events, err := db.New().FindUsageEvents(context.Background(), g.Pool, &db.FindUsageEventsParams{
		IDs: []uuid.UUID{event.ID}, RecordedFrom: noon.Add(-time.Millisecond), RecordedTo: noon.Add(time.Millisecond)})
	equal(t, "events", len(must(t, events, err)), 1)
	seconds, nanoseconds := event.ID.Time().UnixTime()
	equal(t, "milliseconds in the id", seconds*1000+nanoseconds/1e6, noon.UnixMilli())
}
