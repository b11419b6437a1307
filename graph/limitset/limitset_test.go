package limitset_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/limitset"
	"bursar/graph/model"
	"bursar/id"
)

const dollar = 1_000_000_000

// there are two budgets and a rate limit.
func there() (cost, tokens, requests *db.LimitStatus) {
	cost = &db.LimitStatus{ID: uuid.New(), Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, Period: db.LimitPeriodMONTHLY, MaxUnits: 100 * dollar, AlertUnits: []int64{50 * dollar}}
	tokens = &db.LimitStatus{ID: uuid.New(), Kind: db.LimitKindBUDGET, Type: db.LimitTypeTOKENS, Period: db.LimitPeriodNONE, MaxUnits: 1000, AlertUnits: []int64{}}
	requests = &db.LimitStatus{ID: uuid.New(), Kind: db.LimitKindRATE, Type: db.LimitTypeREQUESTS, Period: db.LimitPeriodDAY, MaxUnits: 60, AlertUnits: []int64{}}
	return cost, tokens, requests
}

func amount(text string) *decimal.Decimal { return new(decimal.RequireFromString(text)) }

func idOf(l *db.LimitStatus) *string { return new(l.ExternalID()) }

// A list that is given is the whole list; one that is not, and what a form has as it is, stay out of the plan.
func TestWholeLists(t *testing.T) {
	t.Parallel()
	cost, tokens, requests := there()
	current := []*db.LimitStatus{cost, tokens, requests}
	same := &model.BudgetLimitChange{ID: idOf(cost), Type: new(db.LimitTypeCOST), Amount: amount("100.0"), PeriodicReset: new(db.LimitPeriodMONTHLY), AlertThresholds: []*decimal.Decimal{amount("50")}}
	for _, test := range []struct {
		name                      string
		form                      limitset.Form
		deleted, changed, created int
		field                     string
	}{
		{"no list", limitset.Form{}, 0, 0, 0, ""},
		{"empty lists", limitset.Form{Budgets: []*model.BudgetLimitChange{}, Rates: []*model.RateLimitChange{}}, 3, 0, 0, ""},
		{"the same", limitset.Form{Budgets: []*model.BudgetLimitChange{{ID: idOf(tokens)}, same}}, 0, 0, 0, ""},
		{"one changed", limitset.Form{Budgets: []*model.BudgetLimitChange{same, {ID: idOf(tokens), Amount: amount("5")}}}, 0, 1, 0, "budgetLimits.1"},
		{"one missing, one new", limitset.Form{Budgets: []*model.BudgetLimitChange{same, {Type: new(db.LimitTypeTOKENS), Amount: amount("7")}}}, 1, 0, 1, "budgetLimits.1"},
		{"rates alone", limitset.Form{Rates: []*model.RateLimitChange{{Type: new(db.LimitTypeTOKENS), Limit: new(int64(9)), Interval: new(db.LimitPeriodDAY)}, {ID: idOf(requests), Interval: new(db.LimitPeriodHOUR)}}},
			0, 1, 1, "rateLimits.0"},
	} {
		plan, err := limitset.New(current, test.form)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if len(plan.Deleted) != test.deleted || len(plan.Changed) != test.changed || len(plan.Created) != test.created || plan.Field != test.field {
			t.Errorf("%s: %+v", test.name, plan)
		}
		if plan.Nothing() != (test.deleted+test.changed+test.created == 0) || plan.OnlyAdds() != (test.deleted+test.changed == 0) {
			t.Errorf("%s: nothing %t, only adds %t", test.name, plan.Nothing(), plan.OnlyAdds())
		}
	}
}

// A limit that is changed has what was given, and of the rest what it had; thresholds ascend.
func TestWhatIsNotGivenStays(t *testing.T) {
	t.Parallel()
	cost, tokens, _ := there()
	plan, err := limitset.New([]*db.LimitStatus{cost, tokens}, limitset.Form{Budgets: []*model.BudgetLimitChange{
		{ID: idOf(cost), AlertThresholds: []*decimal.Decimal{amount("80"), amount("20")}}, {ID: idOf(tokens), PeriodicReset: new(db.LimitPeriodWEEKLY)}}})
	if err != nil || len(plan.Changed) != 2 {
		t.Fatalf("%+v, %v", plan, err)
	}
	first, second := plan.Changed[0], plan.Changed[1]
	if *first.ID != cost.ID || first.MaxUnits != cost.MaxUnits || first.Period != cost.Period || !slices.Equal(first.AlertUnits, []int64{20 * dollar, 80 * dollar}) {
		t.Errorf("%+v", first)
	}
	if *second.ID != tokens.ID || second.MaxUnits != 1000 || second.Type != db.LimitTypeTOKENS || second.Period != db.LimitPeriodWEEKLY {
		t.Errorf("%+v", second)
	}
}

// Two limits may exchange their kinds, and a new one may have the kind of one that goes or changes; two of one kind are CONFLICT, about
// the second.
func TestKindsOfAForm(t *testing.T) {
	t.Parallel()
	cost, tokens, _ := there()
	current := []*db.LimitStatus{cost, tokens}
	exchanged := []*model.BudgetLimitChange{
		{ID: idOf(cost), Type: new(db.LimitTypeTOKENS), PeriodicReset: new(db.LimitPeriodNONE), Amount: amount("5"), AlertThresholds: []*decimal.Decimal{}},
		{ID: idOf(tokens), Type: new(db.LimitTypeCOST), PeriodicReset: new(db.LimitPeriodMONTHLY), Amount: amount("5")}}
	if plan, err := limitset.New(current, limitset.Form{Budgets: exchanged}); err != nil || len(plan.Changed) != 2 {
		t.Errorf("%+v, %v", plan, err)
	}
	moved := []*model.BudgetLimitChange{{ID: idOf(tokens), PeriodicReset: new(db.LimitPeriodWEEKLY)}, {Type: new(db.LimitTypeTOKENS), Amount: amount("1")}}
	if plan, err := limitset.New(current, limitset.Form{Budgets: moved}); err != nil || len(plan.Changed) != 1 || len(plan.Created) != 1 || len(plan.Deleted) != 1 {
		t.Errorf("%+v, %v", plan, err)
	}
	twice := []*model.BudgetLimitChange{{ID: idOf(cost)}, {ID: idOf(tokens)}, {Type: new(db.LimitTypeTOKENS), Amount: amount("1")}}
	_, err := limitset.New(current, limitset.Form{Budgets: twice})
	if faults := fault.All(err); len(faults) != 1 || faults[0].Code != fault.Conflict || faults[0].Field != "budgetLimits.2.type" {
		t.Errorf("%v", err)
	}
}

// All that is wrong is told at once, each with its path; ids of the other kind, of others and given twice among it.
func TestWrongForms(t *testing.T) {
	t.Parallel()
	cost, tokens, requests := there()
	_, err := limitset.New([]*db.LimitStatus{cost, tokens, requests}, limitset.Form{
		Budgets: []*model.BudgetLimitChange{
			{ID: new("x")}, {ID: idOf(requests)}, {ID: new(id.BudgetLimit.Format(uuid.New()))}, {ID: new(id.BudgetLimit.Format(requests.ID))},
			{ID: idOf(tokens), Type: new(db.LimitTypeCOST)}, {ID: idOf(tokens)}, {}, {Type: new(db.LimitTypeCOST), Amount: amount("0.5"), AlertThresholds: []*decimal.Decimal{amount("-1")}},
			{ID: idOf(cost), Amount: amount("1.0000000001")},
		},
		Rates: []*model.RateLimitChange{{}, {Type: new(db.LimitTypeTOKENS), Limit: new(int64(0)), Interval: new(db.LimitPeriodDAY)}, {ID: idOf(requests), Limit: new(int64(-1))}, {ID: idOf(cost)}},
	})
	var got []string
	for _, f := range fault.All(err) {
		got = append(got, fmt.Sprint(f.Code, " ", f.Field))
	}
	want := []string{
		"BAD_USER_INPUT budgetLimits.0.id", "BAD_USER_INPUT budgetLimits.1.id", "NOT_FOUND budgetLimits.2.id", "NOT_FOUND budgetLimits.3.id",
		"BAD_USER_INPUT budgetLimits.4.amount", "BAD_USER_INPUT budgetLimits.5.id", "BAD_USER_INPUT budgetLimits.6.type", "BAD_USER_INPUT budgetLimits.6.amount",
		"BAD_USER_INPUT budgetLimits.7.amount", "BAD_USER_INPUT budgetLimits.7.alertThresholds.0", "BAD_USER_INPUT budgetLimits.8.amount",
		"BAD_USER_INPUT rateLimits.0.type", "BAD_USER_INPUT rateLimits.0.limit", "BAD_USER_INPUT rateLimits.0.interval", "BAD_USER_INPUT rateLimits.1.limit",
		"BAD_USER_INPUT rateLimits.2.limit", "BAD_USER_INPUT rateLimits.3.id",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if _, err := limitset.New(nil, limitset.Form{Rates: make([]*model.RateLimitChange, 51)}); fault.CodeOf(err) != fault.BadUserInput {
		t.Errorf("51 limits: %v", err)
	}
}
