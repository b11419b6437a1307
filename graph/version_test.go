package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// do runs a mutation by its name, with what is selected of its payload.
func do(a *graphtest.API, token, name, selected string, input object) *graphtest.Answer {
	a.T.Helper()
	typeName := strings.ToUpper(name[:1]) + name[1:] + "Input"
	return a.Post(token, object{"query": fmt.Sprintf(`mutation($input: %s!) { %s(input: $input) { %s } }`, typeName, name, selected), "variables": object{"input": input}})
}

// A subject's version goes up by one with each mutation that changes it, of its limits' definition, of its recipients and of its quotas; a limit's with each
// change of its definition. Usage, holds, resets, the last use and changes that change nothing leave both as they are, as do changes of
// another subject. updatedAt goes with the version.
func TestWhatVersionsCount(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	forms := formsOf(a)
	key, workspace, organization := forms["API key"], forms["workspace"], forms["organization"]
	reserved := ""
	for _, test := range []struct {
		name    string
		subject *form // whose version goes up; nil: none
		limit   *form // whose first budget's version goes up; nil: none
		do      func()
	}{
		{"usage", nil, nil, func() {
			a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key.subject, "inputTokens": 1, "cost": 90}})
			reserved = a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": key.subject, "estimate": object{"tokens": 1}}}).Text("reserveUsage", "reservation", "id")
		}},
		{"release", nil, nil, func() { a.Run(a.Gateway, "ReleaseReservation", object{"input": object{"reservationId": reserved}}) }},
		{"reset", nil, nil, func() {
			a.Run(a.Admin, "ResetBudgetLimit", object{"input": object{"id": key.limits("budgetLimits")[0]["id"]}})
		}},
		{"name", key, nil, func() { key.save(a.Admin, object{"name": "x"}).ok() }},
		{"the same name", nil, nil, func() {
			key.save(a.Admin, object{"name": "x", "enabled": true, "metadata": object{}, "description": nil}).ok()
		}},
		{"switched off", key, nil, func() { key.save(a.Admin, object{"enabled": false}).ok() }},
		{"switched on", key, nil, func() { key.save(a.Admin, object{"enabled": true}).ok() }},
		{"moved", key, nil, func() { key.save(a.Admin, object{"ownerId": a.OrganizationID()}).ok() }},
		{"another secret", key, nil, func() { a.Run(a.Admin, "RotateApiKey", object{"input": object{"id": key.subject}}) }},
		{"a key's recipient", key, nil, func() { addRecipients(a, a.Admin, key.subject, "new@acme.test") }},
		{"the same recipient", nil, nil, func() { addRecipients(a, a.Admin, key.subject, "NEW@acme.test") }},
		{"a recipient less", key, nil, func() {
			a.Run(a.Admin, "RemoveRecipients", object{"input": object{"subjectId": key.subject, "emails": []any{"New@acme.test"}}})
		}},
		{"nobody less", nil, nil, func() {
			a.Run(a.Admin, "RemoveRecipients", object{"input": object{"subjectId": key.subject, "emails": []any{"New@acme.test"}}})
		}},
		{"a key's budget", key, key, func() {
			a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": key.limits("budgetLimits")[0]["id"], "amount": 200}})
		}},
		{"the same budget", nil, nil, func() {
			a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": key.limits("budgetLimits")[0]["id"], "amount": 200}})
		}},
		{"a workspace's thresholds", workspace, workspace, func() {
			a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": workspace.limits("budgetLimits")[0]["id"], "alertThresholds": []any{1}}})
		}},
		{"a workspace's rate", workspace, nil, func() {
			a.Run(a.Admin, "UpdateRateLimit", object{"input": object{"id": workspace.limits("rateLimits")[0]["id"], "limit": 61}})
		}},
		{"one more", workspace, nil, func() {
			a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": workspace.subject, "type": "TOKENS", "limit": 61, "interval": "HOUR"}})
		}},
		{"one less", workspace, nil, func() {
			a.Run(a.Admin, "DeleteRateLimit", object{"input": object{"id": workspace.limits("rateLimits")[1]["id"]}})
		}},
		{"a workspace's name", workspace, nil, func() {
			a.Run(a.Admin, "UpdateWorkspace", object{"input": object{"id": workspace.subject, "name": "x"}})
		}},
		{"a key of the workspace", nil, nil, func() {
			a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": workspace.subject, "name": "x"}})
		}},
		{"the organization's period", organization, organization, func() {
			a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": organization.limits("budgetLimits")[0]["id"], "periodicReset": "WEEKLY"}})
		}},
		{"the organization's recipient", organization, nil, func() { addRecipients(a, a.Admin, organization.subject, "new@acme.test") }},
		{"the organization's name", organization, nil, func() {
			a.Run(graphtest.RootToken, "UpdateOrganization", object{"input": object{"id": organization.subject, "name": "x"}})
		}},
		{"bounds of holds", organization, nil, func() {
			do(a, a.Admin, "setHoldBounds", "organization { id }", object{"organizationId": organization.subject, "keySeconds": 60})
		}},
		{"leases", organization, nil, func() {
			do(a, a.Admin, "setLeasePolicy", "organization { id }", object{"organizationId": organization.subject, "allowed": false})
		}},
		{"domains", organization, nil, func() {
			do(a, a.Admin, "setRecipientDomains", "outsideCount", object{"organizationId": organization.subject, "domains": []any{"acme.test"}})
		}},
		{"quotas", organization, nil, func() {
			do(a, graphtest.RootToken, "setOrganizationQuotas", "organization { id }", object{"organizationId": organization.subject, "quotas": []any{object{"name": "MEMBERS", "maximum": 9}}})
		}},
		{"the same quotas", nil, nil, func() {
			do(a, graphtest.RootToken, "setOrganizationQuotas", "organization { id }", object{"organizationId": organization.subject, "quotas": []any{object{"name": "MEMBERS", "maximum": 9}}})
		}},
		{"a member", nil, nil, func() {
			a.Run(a.Admin, "AddMember", object{"input": object{"organizationId": organization.subject, "email": "n@acme.test", "role": "ADMIN"}})
		}},
		{"revoked", key, nil, func() { a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": key.subject}}) }},
		{"revoked before", nil, nil, func() { a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": key.subject}}) }},
	} {
		before := map[*form]object{key: key.now(), workspace: workspace.now(), organization: organization.now()}
		test.do()
		for f, b := range before {
			now := f.now()
			if more := now["version"].(float64) - b["version"].(float64); (more == 1) != (f == test.subject) || (more == 0) == (f == test.subject) ||
				(more == 0) != (now["updatedAt"] == b["updatedAt"]) {
				t.Errorf("%s: %s has version %v at %v after %v at %v", test.name, f.subject, now["version"], now["updatedAt"], b["version"], b["updatedAt"])
			}
			limit, old := now["budgetLimits"].([]any)[0].(object), b["budgetLimits"].([]any)[0].(object)
			if more := limit["version"].(float64) - old["version"].(float64); (more == 1) != (f == test.limit) || (more == 0) == (f == test.limit) ||
				(more == 0) != (limit["updatedAt"] == old["updatedAt"]) {
				t.Errorf("%s: the limit of %s has version %v at %v after %v at %v", test.name, f.subject, limit["version"], limit["updatedAt"], old["version"], old["updatedAt"])
			}
		}
	}
}

// A change that is based on another version than there is, is CONFLICT, which says the version of now, since when and by whom, and changes
// nothing; one that is based on that of now is made. What somebody else has changed is told before what is wrong with the rest.
func TestExpectedVersion(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	forms := formsOf(a)
	organization := forms["organization"].subject
	budget, rate := forms["API key"].limits("budgetLimits")[0]["id"], forms["workspace"].limits("rateLimits")[0]["id"]
	for _, test := range []struct {
		mutation, of string // whose version is expected
		input, wrong object
	}{
		{"updateApiKey", forms["API key"].subject, object{"id": forms["API key"].subject, "name": "new", "ownerId": organization}, object{"name": "", "budgetLimits": []any{object{"id": "bud_00000000000000000000000000000000"}}}},
		{"setLimits", forms["API key"].subject, object{"subjectId": forms["API key"].subject, "recipients": []any{}}, object{"recipients": []any{"x"}}},
		{"setLimits", forms["workspace"].subject, object{"subjectId": forms["workspace"].subject, "recipients": []any{}}, object{"budgetLimits": []any{object{"id": "bud_00000000000000000000000000000000"}}}},
		{"setLimits", organization, object{"subjectId": organization, "recipients": []any{}}, object{"rateLimits": []any{object{}}}},
		{"updateWorkspace", a.WorkspaceID(), object{"id": a.WorkspaceID(), "name": "new"}, nil},
		{"updateOrganization", organization, object{"id": organization, "name": "new"}, nil},
		{"setOrganizationQuotas", organization, object{"organizationId": organization, "quotas": []any{object{"name": "MEMBERS", "maximum": 99}}}, nil},
		{"setHoldBounds", organization, object{"organizationId": organization, "keyPercent": 50}, nil},
		{"setLeasePolicy", organization, object{"organizationId": organization, "allowed": true, "ttlSecondsMost": 9}, nil},
		{"setRecipientDomains", organization, object{"organizationId": organization, "domains": []any{"acme.test"}}, nil},
		{"updateBudgetLimit", budget.(string), object{"id": budget, "amount": 7, "alertThresholds": []any{}}, object{"amount": -1}},
		{"updateRateLimit", rate.(string), object{"id": rate, "limit": 7}, nil},
	} {
		version := func() int {
			answer := a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { ... on LimitSubject { version } ... on BudgetLimit { version } ... on RateLimit { version } } }`,
				"variables": object{"id": test.of}})
			return int(answer.Get("node", "version").(float64))
		}
		with := func(expected any, more object) object {
			input := object{"expectedVersion": expected}
			for _, fields := range []object{test.input, more} {
				maps.Copy(input, fields)
			}
			return input
		}
		before, now := fingerprintOf(t, a), version()
		for _, stale := range []int{now - 1, now + 1} {
			if stale == 0 {
				continue
			}
			for _, more := range []object{nil, test.wrong} {
				answer := do(a, graphtest.RootToken, test.mutation, "__typename", with(stale, more))
				answer.Must("CONFLICT", "expectedVersion")
				if text := answer.Errors[0].Message; !strings.Contains(text, fmt.Sprintf(" has version %d by now, since 20", now)) {
					t.Errorf("%s: %s", test.mutation, text)
				}
			}
		}
		for _, wrong := range []any{0, -1, 2147483648} {
			if answer := do(a, graphtest.RootToken, test.mutation, "__typename", with(wrong, nil)); len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" ||
				answer.Errors[0].Extensions.Field != "expectedVersion" {
				t.Errorf("%s with version %v: %+v", test.mutation, wrong, answer.Errors)
			}
		}
		if fingerprintOf(t, a) != before {
			t.Errorf("%s: a refused change changed something", test.mutation)
		}
		if answer := do(a, graphtest.RootToken, test.mutation, "__typename", with(now, nil)); len(answer.Errors) > 0 || version() <= now {
			t.Errorf("%s: version %d after %d, %+v", test.mutation, version(), now, answer.Errors)
		}
		do(a, graphtest.RootToken, test.mutation, "__typename", with(now, nil)).Must("CONFLICT", "expectedVersion")
		if answer := do(a, graphtest.RootToken, test.mutation, "__typename", with(nil, nil)); len(answer.Errors) > 0 {
			t.Errorf("%s without a version: %+v", test.mutation, answer.Errors)
		}
	}
	answer := do(a, a.Admin, "updateApiKey", "__typename", object{"id": forms["API key"].subject, "expectedVersion": 1})
	if text := answer.Errors[0].Message; !strings.HasSuffix(text, ": it was changed by root") {
		t.Errorf("%s", text)
	}
}

// Of people who save a form that all have read at the same version, over two servers, while gateways use the key and others change its name,
// its recipients and its limits one by one: exactly one wins in each round, the others are CONFLICT and leave no trace. The log has what was
// changed and nothing else; what was used is counted, whatever is saved.
func TestFormsSavedAtOnce(t *testing.T) {
	t.Parallel()
	url := kit.NewURL(t)
	a := kit.Serve(t, kit.Pool(t, url))
	second := *a
	second.URL = kit.Start(t, kit.Pool(t, url))
	key, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, &a.Tenant.Workspace.ID, nil)
	servers := []*graphtest.API{a, &second}
	subjects := []string{id.APIKey.Format(key.ID), a.WorkspaceID(), a.OrganizationID()}
	for _, subject := range subjects {
		(&form{a, subject}).save(a.Admin, object{"budgetLimits": []any{object{"type": "TOKENS", "amount": 1_000_000}}, "rateLimits": []any{object{"type": "REQUESTS", "limit": 1_000_000, "interval": "DAY"}}}).ok()
	}
	stop, gateways := make(chan struct{}), sync.WaitGroup{}
	var used atomic.Int64
	for i := range 2 {
		gateways.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				case <-time.After(10 * time.Millisecond):
				}
				answer := servers[i%2].Do(a.Gateway, "RecordUsage", object{"input": object{"key": subjects[0], "requestId": fmt.Sprint(i, "-", n), "inputTokens": 3}})
				if len(answer.Errors) > 0 {
					t.Errorf("%+v", answer.Errors)
					return
				}
				used.Add(3)
			}
		})
	}
	const people, rounds = 4, 2
	for round := range rounds {
		for _, subject := range subjects {
			f := &form{a, subject}
			read, log := f.now(), entries(a)
			budget, rate := read["budgetLimits"].([]any)[0].(object)["id"], read["rateLimits"].([]any)[0].(object)["id"]
			var won, conflicts atomic.Int64
			var savers sync.WaitGroup
			for i := range people {
				savers.Go(func() {
					answer := (&form{servers[i%2], subject}).save(a.Admin, object{"expectedVersion": read["version"],
						"budgetLimits": []any{object{"id": budget, "amount": 1_000_001 + round*people + i}, object{"type": "COST", "amount": 1_000_000 + i}},
						"rateLimits":   []any{object{"id": rate}}, "recipients": []any{fmt.Sprintf("p%d-%d@acme.test", round, i)}})
					switch {
					case len(answer.Errors) == 0:
						won.Add(1)
					case len(answer.Errors) == 1 && answer.Errors[0].Extensions.Code == "CONFLICT" && answer.Errors[0].Extensions.Field == "expectedVersion":
						conflicts.Add(1)
					default:
						t.Errorf("%+v", answer.Errors)
					}
				})
			}
			savers.Wait()
			if won.Load() != 1 || conflicts.Load() != people-1 {
				t.Fatalf("%s: %d won, %d conflicts", subject, won.Load(), conflicts.Load())
			}
			want := 5 // the amount, a budget and a recipient instead of those of the round before
			if round == 0 {
				want = 3
			}
			if got := entries(a) - log; got != want {
				t.Errorf("%s: %d entries in round %d, want %d", subject, got, round, want)
			}
		}
	}
	close(stop)
	gateways.Wait()
	for _, subject := range subjects {
		if got := (&form{a, subject}).limits("budgetLimits")[0]; got["used"] != fmt.Sprint(used.Load()) || got["generation"] != 1.0 {
			t.Errorf("%s has used %v in generation %v, want %d", subject, got["used"], got["generation"], used.Load())
		}
	}
}
