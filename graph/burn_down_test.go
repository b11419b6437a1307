package graph_test

import (
	"testing"
	"time"

	"bursar/graph/graphtest"
)

const burnDown = `query($id: ID!, $interval: UsageInterval!) { node(id: $id) { ... on BudgetLimit {
	used periodStart projectedExhaustion burnDown(interval: $interval) { at used remaining } } } }`

// A budget's burn-down begins with its period at zero and ends with all that is used, in the budget's unit; a budget with usage is projected to be
// used up, one without is not. They are read for all budgets of a page.
func TestBurnDown(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := func(subject string, input object) string {
		input["subjectId"] = subject
		return a.Run(a.Admin, "CreateBudgetLimit", object{"input": input}).Text("createBudgetLimit", "budgetLimit", "id")
	}
	cost := budget(a.OrganizationID(), object{"type": "COST", "amount": "10", "periodicReset": "MONTHLY"})
	tokens := budget(a.KeyID(), object{"type": "TOKENS", "amount": 50})
	idle := budget(a.OrganizationID(), object{"type": "TOKENS", "amount": "1000000000000000"})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 20, "cost": "2.5"}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "outputTokens": 40, "cost": "0.000000001"}})

	read := func(id, interval string) *graphtest.Answer {
		return post(a, a.Viewer, burnDown, object{"id": id, "interval": interval})
	}
	for _, interval := range []string{"HOUR", "DAY", "WEEK", "MONTH"} {
		answer := read(cost, interval)
		points := answer.Get("node", "burnDown").([]any)
		answer.Equal(answer.Get("node", "periodStart"), "node", "burnDown", 0, "at")
		answer.Equal("0", "node", "burnDown", 0, "used")
		answer.Equal("10", "node", "burnDown", 0, "remaining")
		answer.Equal("2.500000001", "node", "burnDown", len(points)-1, "used")
		answer.Equal("7.499999999", "node", "burnDown", len(points)-1, "remaining")
	}
	if points := read(cost, "DAY").Get("node", "burnDown").([]any); len(points) != time.Now().UTC().Day()+1 {
		t.Errorf("%d points by day on the %d. of a month", len(points), time.Now().UTC().Day())
	}
	used := read(tokens, "DAY")
	used.Equal("60", "node", "burnDown", 1, "used")
	used.Equal("0", "node", "burnDown", 1, "remaining")
	if at, err := time.Parse(time.RFC3339, used.Text("node", "projectedExhaustion")); err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("a budget that is used up is projected for %v: %v", at, err)
	}
	read(idle, "WEEK").Equal(nil, "node", "projectedExhaustion") // in more than a century

	page := post(a, a.Viewer, `{ apiKeys(first: 5) { edges { node { budgetLimits { used projectedExhaustion burnDown(interval: DAY) { used } } } } } }`, nil)
	page.Equal("60", "apiKeys", "edges", 0, "node", "budgetLimits", 0, "burnDown", 1, "used")
}
