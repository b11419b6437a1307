package graph_test

import (
	"slices"
	"testing"
	"time"

	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/simulate"
)

// simulationInput asks for a simulation of one rate limit on a subject's usage.
func simulationInput(subject string) object {
	return object{"subjectId": subject, "limits": object{"rateLimits": []any{object{"type": "REQUESTS", "limit": 1, "interval": "DAY"}}},
		"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
}

// endSimulations cancels what is not finished: an organization has one simulation at a time.
func (r *roleTokens) endSimulations() {
	r.T.Helper()
	if _, err := r.Pool.Exec(r.T.Context(), `update simulations set status = 'CANCELED', finished_at = now() where finished_at is null`); err != nil {
		r.T.Fatal(err)
	}
}

// runSimulation does what the job does.
func runSimulation(a *graphtest.API) {
	a.T.Helper()
	claimed, err := db.New().ClaimSimulation(a.T.Context(), a.Pool)
	if err == nil {
		err = simulate.Run(a.T.Context(), a.Pool, claimed, 100)
	}
	if err != nil {
		a.T.Fatal(err)
	}
}

const simulationDocument = `query ($id: ID!, $interval: SimulationInterval! = DAY) { node(id: $id) { ... on Simulation {
	subjectId subject { name } status percent eventsDone eventsTotal interval actorNode { __typename } replayed { events tokens cost }
	refused { events tokens cost keyCount buckets(interval: $interval) { events cost } keys { events apiKeyId apiKey { id } } }
	budgetLimits { type amount alertThresholds periodicReset resetDays resetAnchor timeZone weekStartsOn dayOfMonth enabled mode
		refused { events } alerts { kind threshold periods } }
	rateLimits { type limit interval refused { events cost } } } } }`

// A simulation says what limits would have refused, by each of them, by the day and by the key, and which alerts they would have raised; it is listed
// to those of its organization alone, and says who asked for it. A repeated requestId answers the simulation that it has made, and no second one is begun while one is
// not finished. One that was canceled stays so.
func TestSimulation(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for range 4 {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 100, "cost": "1.5"}})
	}
	input := object{"subjectId": a.KeyID(), "from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Hour), "requestId": "once", "limits": object{
		"budgetLimits": []any{
			object{"type": "COST", "amount": "5", "alertThresholds": []any{"1", "4"}, "periodicReset": "EVERY_DAYS", "resetDays": 7, "timeZone": "Europe/Berlin", "resetAnchor": "2026-01-05"},
			object{"type": "TOKENS", "amount": 150, "mode": "SHADOW"},
		},
		"rateLimits": []any{object{"type": "REQUESTS", "limit": 100, "interval": "WEEK"}},
	}}
	began := a.Run(a.Admin, "SimulateLimits", object{"input": input})
	simulation := began.Text("simulateLimits", "simulation", "id")
	began.Equal(nil, "simulateLimits", "simulation", "refused")
	a.Run(a.Admin, "SimulateLimits", object{"input": input}).Equal(simulation, "simulateLimits", "simulation", "id")
	a.Refused(a.Admin, "SimulateLimits", object{"input": extended(input, object{"to": time.Now().Add(2 * time.Hour)})}, "IDEMPOTENCY_MISMATCH", "")
	a.Refused(a.Admin, "SimulateLimits", object{"input": extended(input, object{"requestId": "twice"})}, "CONFLICT", "subjectId")
	runSimulation(a)

	got := post(a, a.Viewer, simulationDocument, object{"id": simulation})
	for field, want := range map[string]any{"status": "DONE", "percent": 100, "eventsDone": 4, "eventsTotal": 4, "subjectId": a.KeyID(), "interval": "HOUR",
		"replayed": object{"events": 4, "tokens": "400", "cost": "6"}, "actorNode": object{"__typename": "AccessToken"}} {
		got.Equal(want, "node", field)
	}
	got.Equal(object{"events": 1, "tokens": "100", "cost": "1.5", "keyCount": 1, "buckets": []any{object{"events": 1, "cost": "1.5"}},
		"keys": []any{object{"events": 1, "apiKeyId": a.KeyID(), "apiKey": object{"id": a.KeyID()}}}}, "node", "refused")
	got.Equal(object{"type": "COST", "amount": "5", "alertThresholds": []any{"1", "4"}, "periodicReset": "EVERY_DAYS", "resetDays": 7, "resetAnchor": "2026-01-05",
		"timeZone": "Europe/Berlin", "weekStartsOn": "SUNDAY", "dayOfMonth": 1, "enabled": true, "mode": "ENFORCE", "refused": object{"events": 1}, "alerts": []any{
			object{"kind": "THRESHOLD", "threshold": "1", "periods": 1}, object{"kind": "THRESHOLD", "threshold": "4", "periods": 1},
			object{"kind": "REFUSED", "threshold": nil, "periods": 1}}}, "node", "budgetLimits", 0)
	got.Equal(object{"events": 3}, "node", "budgetLimits", 1, "refused")
	got.Equal([]any{object{"kind": "EXHAUSTED", "threshold": nil, "periods": 1}}, "node", "budgetLimits", 1, "alerts")
	got.Equal([]any{object{"type": "REQUESTS", "limit": 100, "interval": "WEEK", "refused": object{"events": 0, "cost": "0"}}}, "node", "rateLimits")
	post(a, a.Viewer, simulationDocument, object{"id": simulation, "interval": "HOUR"}).Equal(1, "node", "refused", "buckets", 0, "events")
	a.Run(a.Admin, "CancelSimulation", object{"input": object{"id": simulation}}).Equal("DONE", "cancelSimulation", "simulation", "status")

	second := a.Run(a.Admin, "SimulateLimits", object{"input": simulationInput(a.WorkspaceID())}).Text("simulateLimits", "simulation", "id")
	a.Run(a.Admin, "CancelSimulation", object{"input": object{"id": second}}).Equal("CANCELED", "cancelSimulation", "simulation", "status")
	entries := a.Run(a.Viewer, "AuditLog", object{"filter": object{"targetId": second}})
	entries.Equal(true, "auditLog", "edges", 0, "node", "after", "canceled")
	entries.Equal("1", "auditLog", "edges", 1, "node", "after", "limits", 0, "amount")
	if edges, _ := a.Run(a.Viewer, "AuditLog", object{"filter": object{"targetId": simulation}}).Get("auditLog", "edges").([]any); len(edges) != 1 {
		t.Errorf("%d entries of the simulation, want that it was asked for alone", len(edges))
	}
	listed := a.Run(a.Viewer, "Simulations", object{"first": 1})
	listed.Equal(2, "simulations", "totalCount")
	listed.Equal(second, "simulations", "nodes", 0, "id")
	a.Run(a.Viewer, "Simulations", object{"filter": object{"subjectId": a.KeyID()}}).Equal(1, "simulations", "totalCount")
}

// Everything that is wrong with a simulation is told at once, each with its field, and none is begun.
func TestWrongSimulations(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, c := range map[string]struct {
		change object
		fields []string
	}{
		"all at once": {object{"to": "2026-01-01T00:00:00Z", "from": "2026-01-02T00:00:00Z", "limits": object{
			"budgetLimits": []any{object{"type": "COST", "amount": "0.5"}, object{"type": "TOKENS", "amount": 5, "timeZone": "Nowhere/Land", "periodicReset": "DAILY"}},
			"rateLimits":   []any{object{"type": "PARALLEL_REQUESTS", "limit": 5}, object{"type": "TOKENS", "limit": 0, "interval": "DAY"}}}},
			[]string{"limits.budgetLimits.0.amount", "limits.rateLimits.0.type", "limits.rateLimits.1.limit", "to", "limits.budgetLimits.1.timeZone"}},
		"no limits":  {object{"limits": object{}}, []string{"limits.budgetLimits"}},
		"a long one": {object{"from": "2024-01-01T00:00:00Z"}, []string{"to"}},
	} {
		got := fieldsOfErrors(t, a.Do(a.Admin, "SimulateLimits", object{"input": extended(simulationInput(a.KeyID()), c.change)}))
		if !slices.Equal(got, c.fields) {
			t.Errorf("%s: %v, want %v", name, got, c.fields)
		}
	}
	double := object{"type": "REQUESTS", "limit": 1, "interval": "DAY"}
	a.Refused(a.Admin, "SimulateLimits", object{"input": extended(simulationInput(a.KeyID()), object{"limits": object{"rateLimits": []any{double, double}}})},
		"CONFLICT", "limits.rateLimits.1.type")
	a.Run(a.Admin, "Simulations", nil).Equal(0, "simulations", "totalCount")
}
