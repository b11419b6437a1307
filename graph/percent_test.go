package graph_test

import (
	"slices"
	"testing"
)

const thresholdsOf = `query($id: ID!) { node(id: $id) { ... on BudgetLimit { version alertThresholds alertThresholdPercents thresholds { amount percent } } } }`

// Thresholds are set in percent and as amounts, each list by itself: what is not given stays, and an empty list takes it away. Those in percent follow the
// amount, also in another unit; alerts say as what they were set. All that is wrong is told at once.
func TestThresholdsInPercent(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 1000,
		"alertThresholds": []any{100}, "alertThresholdPercents": []any{90, 50}}}).Text("createBudgetLimit", "budgetLimit", "id")
	has := func(amounts, percents, all []any) {
		t.Helper()
		answer := a.Post(a.Viewer, object{"query": thresholdsOf, "variables": object{"id": budget}})
		answer.Equal(amounts, "node", "alertThresholds")
		answer.Equal(percents, "node", "alertThresholdPercents")
		answer.Equal(all, "node", "thresholds")
	}
	at := func(amount string, percent any) object { return object{"amount": amount, "percent": percent} }
	has([]any{"100"}, []any{50, 90}, []any{at("100", nil), at("500", 50), at("900", 90)})
	change := func(input object) {
		t.Helper()
		a.Run(a.Admin, "UpdateBudgetLimit", object{"input": extended(object{"id": budget}, input)})
	}
	change(object{"amount": 2000})
	has([]any{"100"}, []any{50, 90}, []any{at("100", nil), at("1000", 50), at("1800", 90)})
	change(object{"alertThresholds": []any{}})
	has([]any{}, []any{50, 90}, []any{at("1000", 50), at("1800", 90)})
	change(object{"type": "COST", "amount": "10"})
	has([]any{}, []any{50, 90}, []any{at("5", 50), at("9", 90)})
	form := func(input object) object {
		return object{"input": object{"subjectId": a.KeyID(), "budgetLimits": []any{extended(object{"id": budget}, input)}}}
	}
	a.Run(a.Admin, "SetLimits", form(object{"amount": "20"}))
	has([]any{}, []any{50, 90}, []any{at("10", 50), at("18", 90)})
	a.Run(a.Admin, "SetLimits", form(object{"alertThresholdPercents": []any{10}}))
	has([]any{}, []any{10}, []any{at("2", 10)})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "cost": "2"}})
	a.Post(a.Viewer, object{"query": `query { alerts { nodes { threshold thresholdPercent } } }`}).
		Equal([]any{object{"threshold": "2", "thresholdPercent": 10}}, "alerts", "nodes")
	change(object{"alertThresholdPercents": []any{}})
	has([]any{}, []any{}, []any{})

	wrong := a.Post(a.Admin, object{"query": `mutation($input: UpdateBudgetLimitInput!) { updateBudgetLimit(input: $input) { budgetLimit { id } } }`,
		"variables": object{"input": object{"id": budget, "amount": "0.5", "alertThresholdPercents": []any{0, 100, 7, 7}}}})
	var fields []string
	for _, refused := range wrong.Errors {
		fields = append(fields, refused.Extensions.Field)
	}
	if want := []string{"amount", "alertThresholdPercents.0", "alertThresholdPercents.1", "alertThresholdPercents.3"}; !slices.Equal(fields, want) {
		t.Errorf("refused are %q, want %q", fields, want)
	}
}
