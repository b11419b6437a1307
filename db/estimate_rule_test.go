package db_test

import (
	"testing"

	"github.com/google/uuid"
)

// rule sets how much of the output is held for a key, or for the organization (zero).
func (g *gateway) rule(key uuid.UUID, policy string, percent int) {
	g.T.Helper()
	g.exec(`select set_estimate_policy($1, nullif($2, '00000000-0000-0000-0000-000000000000'::uuid), nullif($3, '')::estimate_policy, $4)`,
		g.Organization.ID, key, policy, percent)
}

// holds fails the test unless a request holds as many tokens and nano-dollars.
func (g *gateway) holds(what string, e estimate, tokens, nanos int64) {
	g.T.Helper()
	answer := g.reserve(e)
	wantReasons(g.T, answer)
	equal(g.T, what+": tokens", answer.Reservation.Tokens, tokens)
	equal(g.T, what+": nanos", answer.Reservation.CostNanos, nanos)
	g.release(answer.Reservation.ID)
}

// Of the output that a request may have as much is held as the key's policy says, else the organization's, else all: a share, or what 99 of
// 100 of the last 1,000 calls of the key and the model wrote, once there were 100, and never more than all. Input is always held, and what a
// call uses is booked in full.
func TestEstimatePolicies(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.price("openai", "gpt-4*", rates(1_000, 10_000)...)
	call, other := estimateModel("openai", "gpt-4", 100, 64_000), g.newKey()
	g.holds("all", call, 64_100, 640_100)
	g.rule(uuid.Nil, "SHARE", 10)
	g.holds("the organization's share", call, 6_500, 64_100)
	g.holds("of one, rounded up", estimateModel("openai", "gpt-4", 0, 1), 1, 10)
	g.rule(other, "UPPER_BOUND", 100)
	g.holds("all of another key", call.by(other), 64_100, 640_100)
	g.holds("a cost that is given", call.costing(5), 6_500, 5)
	g.rule(other, "", 0)
	g.holds("the organization's again", call.by(other), 6_500, 64_100)
	g.neighbour().holds("another organization's", call, 64_100, 640_100)

	g.rule(g.Key.ID, "PERCENTILE", 100)
	for i := range 99 {
		g.book(reportModel("openai", "GPT-4", 1, int64(i)))
	}
	g.rollUp()
	g.holds("before 100 calls", call, 64_100, 640_100)
	g.book(reportModel("openai", "gpt-4", 1, 50_000))
	g.rollUp()
	g.holds("99 of 100 calls", call, 198, 100+980)
	g.holds("at most all", estimateModel("openai", "gpt-4", 100, 7), 107, 170)
	g.holds("another model", estimateModel("openai", "gpt-4o", 100, 7), 107, 170)
	g.holds("another key", call.by(other), 6_500, 64_100)
	g.book(reportModel("openai", "gpt-4", 1, 40_000))
	g.book(reportModel("openai", "gpt-4", 1, 30_000))
	g.rollUp()
	g.holds("100 of 102 calls", call, 40_100, 400_100)
	equal(t, "kept", query[int](g, `select cardinality(tokens) from recent_outputs where api_key_id = $1`, g.Key.ID), 102)
	long := g.admit(estimateModel("openai", "gpt-4", 100, 64_000))
	equal(t, "booked in full", g.book(reportModel("", "", 100, 64_000).settling(long)).CostNanos, 640_100)
	batch := []report{}
	for range 1000 {
		batch = append(batch, reportModel("openai", "gpt-4", 1, 3))
	}
	_, err := g.recordOn(g.Pool, &g.now, batch...)
	must(t, 0, err)
	g.rollUp()
	g.holds("the last 1,000 calls", call, 103, 130)
	g.verified()
	wantConstraint(t, g.tryRule(101), "estimate_rules_percent_check")
	equal(t, "audited", query[int](g, `select count(*)::integer from audit_log where action like '%estimate_rules' and organization_id = $1`, g.Organization.ID), 4)
}

func (g *gateway) tryRule(percent int) error {
	_, err := g.Pool.Exec(g.T.Context(), `select set_estimate_policy($1, null, 'SHARE', $2)`, g.Organization.ID, percent)
	return err
}
