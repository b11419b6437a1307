package graph_test

import (
	"reflect"
	"testing"

	"bursar/graph/graphtest"
)

// What is told of a new reservation, and of a new event, without reading the stored row is what that row says: also where the price of the model
// gives the cost and the organization bounds how long a reservation holds, where the call is one of many, and where it is asked for again.
func TestBriefRowsAreTheStoredRows(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(graphtest.RootToken, "SetPrice", object{"input": priceInput("gpt-4.1*", "2.50", "10")})
	post(a, a.Admin, setHoldBounds, object{"input": object{"organizationId": a.OrganizationID(), "keySeconds": 77}}).Equal(77, "setHoldBounds", "organization", "keyHoldSeconds")
	const (
		reservation = "id status apiKeyId requests tokens cost admittedAt expiresAt"
		event       = "id tokens inputTokens outputTokens cost unpriced"
	)
	brief := func(answer any, field string) object {
		t.Helper()
		whole, _ := answer.(object)
		row, _ := whole[field].(object)
		if row == nil {
			t.Fatalf("no %s: %v", field, answer)
		}
		for name := range row {
			if name == "requestId" || name == "metadata" {
				delete(row, name)
			}
		}
		return row
	}
	for name, item := range map[string]object{
		"at a cost":       {"estimate": object{"requests": 3, "tokens": 12, "cost": "0.25"}},
		"at a price":      {"model": "gpt-4.1-mini", "estimate": object{"inputTokens": 1000, "maxOutputTokens": 10}, "ttlSeconds": 5},
		"without a price": {"model": "unknown", "estimate": object{"inputTokens": 1000, "cost": 1}},
	} {
		item["key"], item["requestId"] = a.KeyID(), name
		told := brief(oneOf(a, a.Gateway, "reserveUsage", "reservation { "+reservation+" }", item), "reservation")
		for way, other := range map[string]any{
			"whole":  oneOf(a, a.Gateway, "reserveUsage", "reservation { "+reservation+" requestId }", item),
			"again":  oneOf(a, a.Gateway, "reserveUsage", "reservation { "+reservation+" }", item),
			"many":   manyOf(a, a.Gateway, "reserveUsages", "requests", "reservation { "+reservation+" }", []any{object{"key": a.KeyID()}, item})[1],
			"stored": manyOf(a, a.Gateway, "reserveUsages", "requests", "reservation { "+reservation+" requestId }", []any{item, object{"secret": "?"}})[0],
		} {
			if row := brief(other, "reservation"); !reflect.DeepEqual(row, told) {
				t.Errorf("%s, %s: %v, and at first %v", name, way, row, told)
			}
		}
		report := object{"reservationId": told["id"], "requestId": name, "inputTokens": 900, "outputTokens": 7}
		switch name {
		case "at a cost":
			report["cost"] = "0.5"
		case "without a price":
			report["model"] = "unknown"
		}
		booked := brief(oneOf(a, a.Gateway, "recordUsage", "usageEvent { "+event+" }", report), "usageEvent")
		for way, other := range map[string]any{
			"whole": oneOf(a, a.Gateway, "recordUsage", "usageEvent { "+event+" metadata }", report),
			"again": oneOf(a, a.Gateway, "recordUsage", "usageEvent { "+event+" }", report),
			"many": manyOf(a, a.Gateway, "recordUsages", "events", "usageEvent { "+event+" }",
				[]any{object{"key": a.KeyID(), "inputTokens": 1}, report, object{"key": a.KeyID()}})[1],
		} {
			if row := brief(other, "usageEvent"); !reflect.DeepEqual(row, booked) {
				t.Errorf("%s, %s: %v, and at first %v", name, way, row, booked)
			}
		}
	}
	fresh := manyOf(a, a.Gateway, "recordUsages", "events", "usageEvent { "+event+" }", []any{
		object{"key": a.KeyID(), "inputTokens": 3, "outputTokens": 4, "cost": "0.5"}, object{"secret": "bsr_unknown"}, object{"key": a.KeyID(), "inputTokens": 1, "model": "gpt-4.1"}})
	if row := brief(fresh[0], "usageEvent"); row["tokens"] != 7.0 || row["cost"] != "0.5" || row["unpriced"] != false {
		t.Errorf("the first of three: %v", row)
	}
	if row := brief(fresh[2], "usageEvent"); row["tokens"] != 1.0 || row["cost"] != "0.0000025" {
		t.Errorf("the last of three: %v", row)
	}
}
