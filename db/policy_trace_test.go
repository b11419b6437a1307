package db_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
)

// traced is a row of the recorded trace: when it was, and its tokens.
type traced struct {
	at            time.Duration // after the first row
	input, output int64
}

// trace returns the first rows of the recorded trace, at most a number of them.
func trace(t *testing.T, most int) []traced {
	t.Helper()
	file, err := os.Open("../data/azure-llm-2023-conversation.csv")
	must(t, 0, err)
	defer func() { must(t, 0, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	must(t, 0, err)
	rows = rows[1:min(len(rows), most+1)]
	all := make([]traced, len(rows))
	var first time.Time
	for i, row := range rows {
		at, err := time.Parse("2006-01-02 15:04:05.9999999", row[0])
		must(t, 0, err)
		if i == 0 {
			first = at
		}
		input, err := strconv.ParseInt(row[1], 10, 64)
		must(t, 0, err)
		output, err := strconv.ParseInt(row[2], 10, 64)
		must(t, 0, err)
		all[i] = traced{at: at.Sub(first), input: input, output: output}
	}
	return all
}

// refusals returns what refuses a request, by limit and group.
func refusals(denials []*db.Denial) (all []string) {
	for _, d := range denials {
		all = append(all, fmt.Sprint(d.Reason, " ", identity(d.Limit)))
	}
	slices.Sort(all)
	return all
}

// What a policy in SHADOW says that it would refuse is what it refuses when it is enforced, request by request of the recorded trace, with users and models drawn in: by
// the same limits, in the same groups, for the same reason, from the same state. That state is of a policy that lets all pass in the first half, and of one that refuses in the second.
func TestShadowSaysWhatIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "decides 250 recorded requests three times each")
	g := newGateway(t)
	groups := g.newPolicy(policy{groupBy: []string{"metadata.user", "model"}, mode: db.LimitModeSHADOW,
		limits: []policyLimit{policyBudget("TOKENS", "DAILY", 100_000), policyRate("REQUESTS", "MINUTE", 10), policyRate("TOKENS", "MINUTE", 15_000)}})
	began, rows := g.now, trace(t, dbtest.Repeat(250))
	decide := func(tx pgx.Tx, mode db.LimitMode, e estimate) *db.UsageAnswer {
		t.Helper()
		inner, err := tx.Begin(t.Context())
		must(t, 0, err)
		_, err = inner.Exec(t.Context(), `select update_policy($1, $2, null, $3, null, null, null, '{}', '[]', '[]', $4)`, g.Organization.ID, groups, mode, g.now)
		must(t, 0, err)
		answers, err := g.reserveOn(inner, &g.now, e)
		must(t, 0, err)
		must(t, 0, inner.Rollback(t.Context()))
		return answers[0]
	}
	shadowed, refused, passed := 0, 0, 0
	for i, row := range rows {
		if i == len(rows)/2 {
			g.exec(`select update_policy($1, $2, null, 'ENFORCE', null, null, null, '{}', '[]', '[]', $3)`, g.Organization.ID, groups, g.now)
		}
		g = g.at(began.Add(row.at))
		labels := user(fmt.Sprintf("user-%d", (i*7919)%11%4))
		labels.Model = []string{"large", "small"}[i*31%5%2]
		e := estimateTokens(row.input + (row.output+255)/256*256).of(labels)
		tx, err := g.Pool.Begin(t.Context())
		must(t, 0, err)
		shadow, enforced := decide(tx, db.LimitModeSHADOW, e), decide(tx, db.LimitModeENFORCE, e)
		must(t, 0, tx.Rollback(t.Context()))
		wanted, got := refusals(shadow.ShadowDenials()), refusals(enforced.Refusals())
		if !slices.Equal(wanted, got) || !shadow.Allowed || enforced.Allowed != (len(wanted) == 0) {
			t.Fatalf("row %d: shadow says %q, and refused is %q", i, wanted, got)
		}
		if len(wanted) > 0 {
			shadowed++
		}
		if answer := g.reserve(e); !answer.Allowed {
			refused++
		} else {
			g.record(reportTokens(row.input + row.output).settling(answer.Reservation.ID))
			passed++
		}
	}
	t.Logf("of %d requests shadow would have refused %d; %d passed, %d were refused", len(rows), shadowed, passed, refused)
	if shadowed == 0 || refused == 0 || shadowed <= refused || passed+refused != len(rows) {
		t.Errorf("%d would have been refused, %d were, %d passed: the trace tells nothing", shadowed, refused, passed)
	}
	g.verified()
}

// Invented values are bounded: of many requests, each of another metadata.user, as many as the policy may have groups are admitted, and every other one is denied with
// POLICY_GROUPS_EXHAUSTED, which names the policy. The users that have a group, and requests that do not fall under it, pass as before, and nothing more is stored. The million
// of the promise is BURSAR_TEST_REPEAT=200. Another organization's users are its own.
func TestAMillionInventedUsers(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "decides 5,000 requests of as many users")
	g := newGateway(t)
	const most = 1000
	invented := dbtest.Repeat(5_000)
	users := g.newPolicy(policy{groupBy: []string{"metadata.user"}, maxGroups: most, limits: []policyLimit{policyBudget("TOKENS", "MONTHLY", 100), policyRate("REQUESTS", "MINUTE", 100)}})
	g.admit(estimateTokens(1).of(user("ann")))
	admitted, denied := 1, 0
	for from := 0; from < invented; from += 500 {
		batch := make([]estimate, min(500, invented-from))
		for i := range batch {
			batch[i] = estimateTokens(1).of(user(fmt.Sprintf("invented-%d", from+i)))
		}
		answers, err := g.reserveOn(g.Pool, &g.now, batch...)
		must(t, 0, err)
		for _, a := range answers {
			if a.Allowed {
				admitted++
				continue
			}
			denied++
			if d := a.Refusals(); len(d) != 1 || d[0].Reason != db.DenialReasonPOLICYGROUPSEXHAUSTED || d[0].Policy == nil || d[0].Policy.ID != users {
				t.Fatalf("denied with %+v", d)
			}
		}
	}
	equal(t, "admitted", admitted, most)
	equal(t, "denied", denied, invented+1-most)
	for what, want := range map[string]int{"policy_groups": most, "counters": 2 * most, "reservations": most} {
		equal(t, what, query[int](g, `select count(*) from `+what), want)
	}
	equal(t, "one who has a group", g.reserve(estimateTokens(99).of(user("ann"))).Allowed, true)
	equal(t, "an invented one who has", g.reserve(estimateTokens(99).of(user("invented-7"))).Allowed, true)
	equal(t, "one who has not", g.reserve(estimateTokens(1).of(user("zoe"))).Allowed, false)
	g.exec(`select update_policy($1, $2, null, null, null, null, '[{"attribute": "model", "allowed": ["large"], "refused": []}]', '{}', '[]', '[]', $3)`, g.Organization.ID, users, g.now)
	equal(t, "one who does not fall under it", g.reserve(estimateTokens(1).of(user("zoe"))).Allowed, true)
	g.neighbour().admit(estimateTokens(5).of(user("another")))
	g.verified()
}
