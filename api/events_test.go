package api_test

import (
	"slices"
	"strings"
	"testing"

	"bursar/db"
	"bursar/graph/graphtest"
)

// Guarantee: a listener is told by its id of each thing that changes: of what people set, of the keys and limits that usage is booked on, of
// the organization when requests hold something, and of alerts.
func TestListenersAreToldWhatChanges(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	s, first := listen(a, a.Viewer, nil)
	if first.name != "ready" || first.id == "" {
		t.Fatalf("the first event is %+v", first)
	}
	renameKey(a, "renamed")
	wantTypes(t, s.await(a.KeyID())[0], "ApiKey", "AuditEntry")
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	if e := s.await(budget); !slices.Contains(e[len(e)-1].IDs, a.KeyID()) {
		t.Errorf("%+v does not name the budget's key", e)
	}
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 10}}})
	s.await(a.OrganizationID())
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 200}})
	heard := s.await(budget)
	alert := a.Run(a.Viewer, "Alerts", nil).Text("alerts", "edges", 0, "node", "id")
	last := heard[len(heard)-1]
	wantTypes(t, last, "ApiKey", "UsageEvent", "BudgetLimit", "Alert")
	for _, id := range []string{a.KeyID(), alert, a.OrganizationID()} {
		if !slices.Contains(last.IDs, id) {
			t.Errorf("%+v does not name %s", last, id)
		}
	}
}

// Guarantee: who may not read an organization hears nothing of it, and the header says that proxies must not keep events back.
func TestWhoMayListen(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, test := range map[string]struct {
		token, organization string
		status              int
	}{
		"nobody": {"", "", 401}, "a gateway": {a.Gateway, "", 403}, "the operator": {graphtest.RootToken, "", 400},
		"the operator, of nothing": {graphtest.RootToken, "nothing", 404}, "an unknown id": {graphtest.RootToken, "org_00000000000000000000000000000001", 404},
	} {
		response := openStream(t.Context(), a, test.token, map[string]string{"Bursar-Organization": test.organization})
		if response.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", name, response.StatusCode, test.status)
		}
		_ = response.Body.Close()
	}
	for _, organization := range []string{a.OrganizationID(), a.Tenant.Organization.Slug} {
		s, first := listen(a, graphtest.RootToken, map[string]string{"Bursar-Organization": organization})
		if first.name != "ready" {
			t.Errorf("the operator hears %+v", first)
		}
		for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no", "Content-Length": "", "Content-Encoding": ""} {
			if got := s.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// Guarantee: a MEMBER hears of the API keys that they created and of what everybody sees, and neither of others' keys nor of tokens and audit
// entries; another organization's listener hears nothing.
func TestMembersHearOfTheirKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	own := a.Tenant.BoundToken(a.Tenant.Member(a.Tenant.Organization.ID, "ordinary@acme.test", db.MemberRoleMEMBER), db.TokenRoleADMIN)
	mine := a.Run(own, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": "mine"}}).Text("createApiKey", "apiKey", "id")
	member, _ := listen(a, own, nil)
	other := kit.Serve(t, a.Pool)
	stranger, _ := listen(other, other.Admin, nil)

	renameKey(a, "not the member's")
	a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "role": "VIEWER"}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}})
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": mine, "name": "changed"}})
	for _, e := range member.await(mine) {
		for _, id := range e.IDs {
			if id != mine && !strings.HasPrefix(id, "org_") && !strings.HasPrefix(id, "ws_") {
				t.Errorf("the member hears of %s", id)
			}
		}
		if slices.Contains(e.Types, "AuditEntry") || slices.Contains(e.Types, "AccessToken") || slices.Contains(e.Types, "UsageEvent") {
			t.Errorf("the member hears of %v", e.Types)
		}
	}
	renameKey(other, "theirs")
	for _, e := range stranger.await(other.KeyID()) {
		if slices.Contains(e.IDs, a.KeyID()) || slices.Contains(e.IDs, a.OrganizationID()) {
			t.Errorf("another organization hears %+v", e)
		}
	}
}

// Guarantee: a listener is told when denied requests have been counted, and of whose key.
func TestListenersAreToldOfDenials(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "enabled": false}})
	s, _ := listen(a, a.Admin, nil)
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
	heard := s.await(a.KeyID())
	wantTypes(t, heard[len(heard)-1], "DenialCount")
}
