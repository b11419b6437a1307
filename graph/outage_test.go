package graph_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"bursar/graph/graphtest"
)

// outageInput is a report of two calls with a key while Bursar did not answer.
func outageInput(key string) object {
	return object{"requestId": uuid.NewString(), "beganAt": "2026-01-01T00:00:00Z", "endedAt": "2026-01-01T00:05:00Z", "calls": 2, "cost": "0.50",
		"keys": []any{object{"apiKeyId": key, "calls": 2, "cost": "0.50"}}}
}

// outages returns the entries of the audit log that are about outages.
func outages(a *graphtest.API) []any {
	a.T.Helper()
	list, _ := a.Run(a.Viewer, "AuditLog", object{"filter": object{"action": "reportOutage"}}).Get("auditLog", "edges").([]any)
	return list
}

// What a gateway let go on while Bursar did not answer is one entry of the audit log, however often it is reported: with when, how many calls, what they
// may have cost, and whose they were.
func TestOutageIsAudited(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	input := object{"input": outageInput(a.KeyID())}
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() { a.Run(a.Gateway, "ReportOutage", input) })
	}
	together.Wait()
	a.Run(a.Gateway, "ReportOutage", input).Equal(true, "reportOutage", "replayed")
	entries := a.Run(a.Viewer, "AuditLog", object{"filter": object{"action": "reportOutage"}})
	if n := len(outages(a)); n != 1 {
		t.Fatalf("%d entries, want one", n)
	}
	entry := func(path ...any) []any { return append([]any{"auditLog", "edges", 0, "node"}, path...) }
	entries.Equal(a.OrganizationID(), entry("targetId")...)
	entries.Equal(nil, entry("before")...)
	entries.Equal(object{"organizationId": a.OrganizationID(), "beganAt": "2026-01-01T00:00:00+00:00", "endedAt": "2026-01-01T00:05:00+00:00", "calls": 2, "cost": "0.5",
		"keys": []any{object{"apiKeyId": a.KeyID(), "calls": 2, "cost": "0.5"}}}, entry("after")...)
	if actor := entries.Text(entry("actor")...); actor[:4] != "tok_" {
		t.Errorf("the actor is %q, want the gateway's token", actor)
	}
}

// A report whose values cannot be is refused with the field, and so is a requestId that was used for another one; neither is in the audit log.
func TestOutagesThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	key := func(changed object) object {
		return object{"keys": []any{extended(object{"apiKeyId": a.KeyID(), "calls": 1, "cost": "0"}, changed)}}
	}
	many := make([]any, 101)
	for i := range many {
		many[i] = object{"apiKeyId": a.KeyID(), "calls": 1, "cost": "0"}
	}
	for field, changed := range map[string]object{
		"requestId":    {"requestId": ""},
		"calls":        {"calls": 0},
		"cost":         {"cost": "-1"},
		"endedAt":      {"endedAt": "2025-12-31T23:59:59Z"},
		"keys":         {"keys": many},
		"keys.0.calls": key(object{"calls": -1}),
		"keys.0.cost":  key(object{"cost": "9000000001"}),
	} {
		a.Refused(a.Gateway, "ReportOutage", object{"input": extended(outageInput(a.KeyID()), changed)}, "BAD_USER_INPUT", field)
	}
	a.Refused(a.Gateway, "ReportOutage", object{"input": extended(outageInput(a.KeyID()), object{"keys": []any{}})}, "BAD_USER_INPUT", "keys")
	input := outageInput(a.KeyID())
	a.Run(a.Gateway, "ReportOutage", object{"input": input})
	a.Refused(a.Gateway, "ReportOutage", object{"input": extended(input, object{"calls": 3})}, "IDEMPOTENCY_MISMATCH", "")
	if n := len(outages(a)); n != 1 {
		t.Errorf("%d entries, want one", n)
	}
}
