package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// form is an API key, a workspace and an organization, each with a form of its limits and recipients.
type form struct {
	*graphtest.API
	subject string // its id
}

// formsOf returns the form of a new API key, which updateApiKey saves, and those of a new workspace and of the organization, which
// setLimits saves; each has a budget of 100 dollars, one of 1,000 tokens, a rate and two recipients.
func formsOf(a *graphtest.API) map[string]*form {
	a.T.Helper()
	key, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, &a.Tenant.Workspace.ID, nil)
	forms := map[string]*form{
		"API key": {a, id.APIKey.Format(key.ID)}, "workspace": {a, a.WorkspaceID()}, "organization": {a, a.OrganizationID()}}
	for _, f := range forms {
		f.save(a.Admin, object{
			"budgetLimits": []any{object{"type": "COST", "amount": 100, "alertThresholds": []any{80}}, object{"type": "TOKENS", "amount": 1000, "periodicReset": "MONTHLY"}},
			"rateLimits":   []any{object{"type": "REQUESTS", "limit": 60, "interval": "DAY"}},
			"recipients":   []any{"b@acme.test", "A@acme.test"}}).ok()
	}
	return forms
}

// saved is the answer to a form that was saved.
type saved struct {
	*form
	*graphtest.Answer
}

// save saves a form's fields, in the mutation for its subject.
func (f *form) save(token string, fields object) *saved {
	f.T.Helper()
	input, operation := maps.Clone(fields), "SetLimits"
	if strings.HasPrefix(f.subject, "key_") {
		input["id"], operation = f.subject, "SaveApiKey"
	} else {
		input["subjectId"] = f.subject
	}
	return &saved{f, f.Do(token, operation, object{"input": input})}
}

// ok fails the test unless the form was saved, and returns its subject.
func (s *saved) ok() object {
	s.T.Helper()
	if len(s.Errors) > 0 {
		s.T.Fatalf("%s: %+v", s.subject, s.Errors)
	}
	if strings.HasPrefix(s.subject, "key_") {
		return s.Get("updateApiKey", "apiKey").(object)
	}
	return s.Get("setLimits", "subject").(object)
}

const readSubject = `query($id: ID!) { node(id: $id) { ... on LimitSubject { version updatedAt name
	budgetLimits { id version updatedAt type amount used alertThresholds periodicReset generation } rateLimits { id version updatedAt type limit interval used }
	recipients { email source } } } }`

// now returns the subject as it stands.
func (f *form) now() object {
	f.T.Helper()
	answer := f.Post(f.Admin, object{"query": readSubject, "variables": object{"id": f.subject}})
	if len(answer.Errors) > 0 {
		f.T.Fatalf("%+v", answer.Errors)
	}
	return answer.Get("node").(object)
}

func (f *form) version() int { return int(f.now()["version"].(float64)) }

// limits returns the limits of a list of the subject.
func (f *form) limits(list string) []object {
	var found []object
	for _, limit := range f.now()[list].([]any) {
		found = append(found, limit.(object))
	}
	return found
}

// added returns the addresses that were added to the subject.
func (f *form) added() string {
	var emails []string
	for _, r := range f.now()["recipients"].([]any) {
		if r.(object)["source"] == "ADDED" {
			emails = append(emails, r.(object)["email"].(string))
		}
	}
	return strings.Join(emails, " ")
}

// entries returns how many entries the audit log has.
func entries(a *graphtest.API) (n int) {
	a.T.Helper()
	if err := a.Pool.QueryRow(a.T.Context(), `select count(*) from audit_log`).Scan(&n); err != nil {
		a.T.Fatal(err)
	}
	return n
}

// A form is saved whole: what has an id stays itself, with what it has counted; what has none is new; what is missing is deleted; a list
// that is not given stays. Each change has one entry in the audit log, what stays has none, and saving what there is changes nothing.
func TestFormIsSavedWhole(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, f := range formsOf(a) {
		key := f.subject
		if name != "API key" {
			created, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, &a.Tenant.Workspace.ID, nil)
			key = id.APIKey.Format(created.ID)
		}
		counted := f.limits("budgetLimits")[0]["used"]
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key, "inputTokens": 7, "cost": 9}})
		budgets, rate := f.limits("budgetLimits"), f.limits("rateLimits")[0]
		if counted == budgets[0]["used"] {
			t.Fatalf("%s: nothing was counted", name)
		}
		before, version := entries(a), f.version()
		f.save(a.Admin, object{"expectedVersion": version,
			"budgetLimits": []any{object{"id": budgets[0]["id"], "amount": "100", "alertThresholds": []any{80}}, object{"id": budgets[1]["id"]}},
			"rateLimits":   []any{object{"id": rate["id"], "type": "REQUESTS", "limit": 60, "interval": "DAY"}}, "recipients": []any{"a@ACME.test", "B@acme.test"}}).ok()
		if f.version() != version || entries(a) != before {
			t.Errorf("%s: what there is was saved, and has version %d after %d, %d entries after %d", name, f.version(), version, entries(a), before)
		}

		after := f.save(a.Admin, object{"expectedVersion": version,
			"budgetLimits": []any{object{"type": "TOKENS", "amount": 5000}, object{"id": budgets[0]["id"], "amount": 150, "alertThresholds": []any{}}},
			"rateLimits":   []any{object{"type": "TOKENS", "limit": 10, "interval": "MINUTE"}, object{"id": rate["id"], "limit": 61}},
			"recipients":   []any{"A@acme.test", "c@acme.test"}}).ok()
		left, rates := f.limits("budgetLimits"), f.limits("rateLimits")
		if len(left) != 2 || left[0]["id"] != budgets[0]["id"] || left[0]["amount"] != "150" || left[0]["used"] != budgets[0]["used"] || left[0]["generation"] != 1.0 ||
			left[0]["version"] != 2.0 || left[1]["type"] != "TOKENS" || left[1]["periodicReset"] != "NONE" || left[1]["id"] == budgets[1]["id"] || left[1]["version"] != 1.0 {
			t.Errorf("%s: budgets %v after %v", name, left, budgets)
		}
		if len(rates) != 2 || rates[0]["id"] != rate["id"] || rates[0]["limit"] != 61.0 || rates[0]["used"] != rate["used"] || rates[1]["type"] != "TOKENS" {
			t.Errorf("%s: rates %v after %v", name, rates, rate)
		}
		if got := f.added(); got != "A@acme.test c@acme.test" {
			t.Errorf("%s: recipients %s", name, got)
		}
		if n := entries(a) - before; n != 7 { // a budget and a rate changed, each one new, a budget deleted, a recipient new and one gone
			t.Errorf("%s: %d entries in the audit log", name, n)
		}
		if after["version"] != f.now()["version"] {
			t.Errorf("%s: the answer has version %v, a reader %v", name, after["version"], f.now()["version"])
		}
		for _, list := range []string{"budgetLimits", "rateLimits"} { // the other one stays
			version = f.version()
			f.save(a.Admin, object{list: []any{}, "expectedVersion": version}).ok()
			if f.version() <= version || len(f.limits(list)) != 0 {
				t.Errorf("%s: %s %v", name, list, f.limits(list))
			}
		}
		f.save(a.Admin, object{"recipients": []any{}}).ok()
		if f.added() != "" {
			t.Errorf("%s: recipients %s", name, f.added())
		}
	}
}

// Two limits of a subject exchange their kinds in one call; one is deleted and another of its kind created; one gives its kind to a new
// one. None of it is a conflict, ids stay, and another kind begins at zero. Two of one kind are CONFLICT.
func TestKindsAreExchanged(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for name, f := range formsOf(a) {
		budgets := f.limits("budgetLimits")
		first, second := budgets[0]["id"], budgets[1]["id"]
		f.save(a.Admin, object{"budgetLimits": []any{
			object{"id": first, "type": "TOKENS", "periodicReset": "MONTHLY", "amount": 7, "alertThresholds": []any{}},
			object{"id": second, "type": "COST", "periodicReset": "NONE", "amount": 8}}}).ok()
		exchanged := f.limits("budgetLimits")
		if exchanged[0]["id"] != first || exchanged[0]["type"] != "TOKENS" || exchanged[0]["generation"] != 2.0 || exchanged[0]["periodicReset"] != "MONTHLY" ||
			exchanged[1]["id"] != second || exchanged[1]["type"] != "COST" || exchanged[1]["amount"] != "8" {
			t.Errorf("%s: %v", name, exchanged)
		}
		f.save(a.Admin, object{"budgetLimits": []any{object{"id": second}, object{"type": "TOKENS", "periodicReset": "MONTHLY", "amount": 9}}}).ok()
		if got := f.limits("budgetLimits"); len(got) != 2 || got[0]["id"] != second || got[1]["id"] == first || got[1]["amount"] != "9" {
			t.Errorf("%s: one was to be replaced by one of its kind: %v", name, got)
		}
		f.save(a.Admin, object{"budgetLimits": []any{object{"type": "COST", "amount": 3}, object{"id": second, "periodicReset": "WEEKLY"}}}).ok()
		if got := f.limits("budgetLimits"); len(got) != 2 || got[0]["id"] != second || got[0]["periodicReset"] != "WEEKLY" || got[1]["amount"] != "3" {
			t.Errorf("%s: one was to give its kind to a new one: %v", name, got)
		}
		before := fingerprintOf(t, a)
		f.save(a.Admin, object{"budgetLimits": []any{object{"id": second, "periodicReset": "NONE"}, object{"type": "COST", "amount": 3}}}).Must("CONFLICT", "budgetLimits.1.type")
		if fingerprintOf(t, a) != before {
			t.Error("a refused form changed something")
		}
		rate := f.limits("rateLimits")[0]["id"]
		f.save(a.Admin, object{"rateLimits": []any{object{"id": rate, "interval": "HOUR"}, object{"type": "REQUESTS", "limit": 1, "interval": "DAY"}}}).ok()
		if got := f.limits("rateLimits"); len(got) != 2 || got[0]["id"] != rate || got[0]["interval"] != "HOUR" || got[1]["interval"] != "DAY" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Of a form of which a part is refused, nothing is done: not the name, not a limit, not a recipient.
func TestFormIsSavedOrNot(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	forms := formsOf(a)
	a.Post(a.Admin, object{"query": setDomains, "variables": object{"input": object{"organizationId": a.OrganizationID(), "domains": []any{"acme.test"}}}})
	a.Post(graphtest.RootToken, object{"query": `mutation($input: SetOrganizationQuotasInput!) { setOrganizationQuotas(input: $input) { organization { id } } }`,
		"variables": object{"input": object{"organizationId": a.OrganizationID(), "quotas": []any{
			object{"name": "LIMITS_PER_SUBJECT", "maximum": 4}, object{"name": "RECIPIENTS_PER_SUBJECT", "maximum": 3}}}}})
	for name, f := range forms {
		budgets := f.limits("budgetLimits")
		changed := []any{object{"id": budgets[0]["id"], "amount": 7, "alertThresholds": []any{}}}
		before := fingerprintOf(t, a)
		for _, test := range []struct {
			fields      object
			code, field string
		}{
			{object{"budgetLimits": changed, "recipients": []any{"a@acme.test", "x@elsewhere.test"}}, "BAD_USER_INPUT", "recipients.1"},
			{object{"budgetLimits": changed, "recipients": []any{"a@acme.test", "b@acme.test", "c@acme.test", "d@acme.test"}}, "QUOTA_EXCEEDED", "recipients"},
			{object{"recipients": []any{}, "budgetLimits": append(changed, object{"type": "TOKENS", "amount": 1}, object{"type": "TOKENS", "amount": 1, "periodicReset": "WEEKLY"},
				object{"type": "TOKENS", "amount": 1, "periodicReset": "MONTHLY"}), "rateLimits": []any{object{"type": "TOKENS", "limit": 1, "interval": "DAY"}}}, "QUOTA_EXCEEDED", "budgetLimits.0"},
			{object{"rateLimits": []any{}, "budgetLimits": []any{object{"id": strings.Replace(budgets[0]["id"].(string), "bud_", "rat_", 1)}}}, "BAD_USER_INPUT", "budgetLimits.0.id"},
			{object{"rateLimits": []any{}, "budgetLimits": []any{object{"id": "bud_00000000000000000000000000000000"}}}, "NOT_FOUND", "budgetLimits.0.id"},
			{object{"budgetLimits": changed, "expectedVersion": f.version() - 1}, "CONFLICT", "expectedVersion"},
			{object{"budgetLimits": changed, "expectedVersion": 0}, "BAD_USER_INPUT", "expectedVersion"},
		} {
			f.save(a.Admin, test.fields).Must(test.code, test.field)
			if fingerprintOf(t, a) != before {
				t.Fatalf("%s: %v was refused and changed something", name, test.fields)
			}
		}
	}
	key := forms["API key"]
	if _, err := a.Pool.Exec(t.Context(), `update organizations set plan = 'FREE' where id = $1`, a.Tenant.Organization.ID); err != nil {
		t.Fatal(err)
	}
	budgets := key.limits("budgetLimits")
	before := fingerprintOf(t, a)
	key.save(a.Admin, object{"name": "x", "rateLimits": []any{}, "budgetLimits": []any{object{"id": budgets[0]["id"]}, object{"id": budgets[1]["id"], "amount": 9}}}).
		Must("FEATURE_NOT_AVAILABLE", "budgetLimits.1")
	key.save(a.Admin, object{"name": "x", "budgetLimits": []any{object{"id": budgets[0]["id"]}}, "rateLimits": []any{object{"type": "TOKENS", "limit": 1, "interval": "DAY"}}}).
		Must("FEATURE_NOT_AVAILABLE", "rateLimits.0")
	if fingerprintOf(t, a) != before {
		t.Error("what the plan does not include changed something")
	}
	key.save(a.Admin, object{"name": "renamed", "budgetLimits": []any{object{"id": budgets[0]["id"]}}, "rateLimits": []any{}}).ok() // deleting is in every plan
	if got := key.now(); got["name"] != "renamed" || len(key.limits("budgetLimits")) != 1 || len(key.limits("rateLimits")) != 0 {
		t.Errorf("%v", got)
	}
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": key.subject}})
	before = fingerprintOf(t, a)
	key.save(a.Admin, object{"budgetLimits": []any{}}).Must("CONFLICT", "id")
	if fingerprintOf(t, a) != before {
		t.Error("a revoked key's form changed something")
	}
}

// All that is wrong with a form is answered at once, each beside its field, whether the limit is new or has an id.
func TestEveryWrongFieldOfAFormAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	forms := formsOf(a)
	for name, f := range forms {
		budgets, rate := f.limits("budgetLimits"), f.limits("rateLimits")[0]
		wrong := object{
			"expectedVersion": f.version(), "recipients": []any{"a@acme.test", "no"},
			"budgetLimits": []any{object{"id": budgets[0]["id"], "amount": "0.5"}, object{"type": "COST", "amount": 0}, object{"periodicReset": "WEEKLY"},
				object{"id": budgets[1]["id"], "alertThresholds": []any{5000}}},
			"rateLimits": []any{object{"id": rate["id"], "limit": 0}, object{"type": "TOKENS", "interval": "DAY"}},
		}
		want := []string{"recipients.1", "budgetLimits.0.amount", "budgetLimits.1.amount", "budgetLimits.2.type", "budgetLimits.2.amount", "budgetLimits.3.alertThresholds",
			"rateLimits.0.limit", "rateLimits.1.limit"}
		if name == "API key" {
			wrong["name"], wrong["ownerId"] = "", "ws_1"
			want = append([]string{"ownerId", "name"}, want...)
		}
		before := fingerprintOf(t, a)
		for range 2 {
			if got := fieldsOfErrors(t, f.save(a.Admin, wrong).Answer); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: errors about %v, want %v", name, got, want)
			}
		}
		got := fieldsOfErrors(t, f.save(a.Admin, object{"recipients": 5, "budgetLimits": []any{object{"id": budgets[0]["id"], "amount": "x"}, object{"type": "cost"}, object{"type": "COST", "amount": 0}},
			"rateLimits": []any{object{"limit": "5"}}}).Answer) // of another kind
		for _, field := range []string{"budgetLimits.0.amount", "budgetLimits.1.type", "budgetLimits.2.amount", "rateLimits.0.limit"} {
			if !strings.Contains(fmt.Sprint(got, " "), field) {
				t.Errorf("%s: of values of another kind: %v lacks %s", name, got, field)
			}
		}
		if fingerprintOf(t, a) != before {
			t.Errorf("%s: something was changed", name)
		}
	}
}

// A MEMBER saves the form of a key that they created as far as they add to it, and keep what there is; what they would change or take away is
// FORBIDDEN, as is everybody else's form. A limit that finance has added meanwhile is not deleted by a form that does not know it.
func TestMemberSavesForms(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	member := r.tokens["MEMBER"]
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	f := &form{r.API, id.APIKey.Format(key.ID)}
	f.save(member, object{"name": "mine", "budgetLimits": []any{object{"type": "TOKENS", "amount": 5}}, "recipients": []any{"a@acme.test"}}).ok()
	budget := f.limits("budgetLimits")[0]["id"]
	f.save(member, object{"budgetLimits": []any{object{"id": budget, "amount": 5}, object{"type": "COST", "amount": 1}}, "recipients": []any{"A@acme.test", "b@acme.test"},
		"rateLimits": []any{object{"type": "TOKENS", "limit": 1, "interval": "DAY"}}}).ok()
	rate := f.limits("rateLimits")[0]["id"]
	all := []any{object{"id": budget}, object{"id": f.limits("budgetLimits")[1]["id"]}}
	read := f.version()
	r.Run(r.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": f.subject, "type": "COST", "amount": 1, "periodicReset": "MONTHLY"}})
	before := fingerprintOf(t, r.API)
	for _, fields := range []object{
		{"budgetLimits": all}, {"budgetLimits": []any{}}, {"rateLimits": []any{}}, {"recipients": []any{"a@acme.test"}}, {"rateLimits": []any{object{"id": rate, "limit": 2}}},
		{"name": "", "budgetLimits": []any{}}, {"ownerId": r.WorkspaceID(), "rateLimits": []any{object{"id": rate}}},
	} {
		f.save(member, fields).Must("FORBIDDEN", "")
	}
	f.save(member, object{"budgetLimits": all, "expectedVersion": read}).Must("CONFLICT", "expectedVersion")
	r.Do(member, "SetLimits", object{"input": object{"subjectId": f.subject, "rateLimits": []any{}}}).Must("FORBIDDEN", "")
	for _, subject := range []string{r.KeyID(), r.WorkspaceID(), r.OrganizationID()} {
		(&form{r.API, subject}).save(member, object{"recipients": []any{"x@acme.test"}}).Must("FORBIDDEN", "")
	}
	if fingerprintOf(t, r.API) != before {
		t.Error("something was changed")
	}
	r.Do(member, "SetLimits", object{"input": object{"subjectId": f.subject, "rateLimits": []any{object{"id": rate}, object{"type": "TOKENS", "limit": 1, "interval": "HOUR"}}}}).
		Equal("HOUR", "setLimits", "subject", "rateLimits", 1, "interval")
}

// An address that bounced and is in a form stays as it is: an unchanged form has nobody written to again. One that is added anew is, as with
// addRecipients, but not by a MEMBER. Whoever hears of alerts anyway keeps what was added, since lists do not show that.
func TestRecipientsOfAForm(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	f := &form{r.API, id.APIKey.Format(key.ID)}
	f.save(r.Admin, object{"recipients": []any{"bounced@acme.test", "a@acme.test", r.Tenant.Owner.Email, r.member.Email}}).ok()
	if _, err := r.Pool.Exec(t.Context(), `insert into suppressed_addresses (organization_id, address, reason) values ($1, 'bounced@acme.test', 'BOUNCED')`,
		r.Tenant.Organization.ID); err != nil {
		t.Fatal(err)
	}
	suppressed := func() (n int) {
		if err := r.Pool.QueryRow(t.Context(), `select count(*) from suppressed_addresses`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := entries(r.API)
	f.save(r.Admin, object{"recipients": []any{"A@acme.test", "Bounced@acme.test"}}).ok()
	if suppressed() != 1 || entries(r.API) != before || f.added() != "a@acme.test bounced@acme.test" {
		t.Errorf("%d suppressed, %d entries after %d, %s", suppressed(), entries(r.API), before, f.added())
	}
	f.save(r.Admin, object{"recipients": []any{"a@acme.test"}}).ok()
	f.save(r.tokens["MEMBER"], object{"recipients": []any{"c@acme.test", "a@acme.test", "bounced@acme.test"}}).Must("FORBIDDEN", "recipients.2")
	f.save(r.Admin, object{"recipients": []any{"a@acme.test", "bounced@acme.test", "BOUNCED@acme.test"}}).ok()
	if suppressed() != 0 || f.added() != "a@acme.test bounced@acme.test" {
		t.Errorf("%d suppressed, %s", suppressed(), f.added())
	}
	var kept int
	if err := r.Pool.QueryRow(t.Context(), `select count(*) from recipients`).Scan(&kept); err != nil || kept != 4 {
		t.Errorf("%d rows, %v: those of the owner and the creator are to stay", kept, err)
	}
}

// A form names limits of its own subject alone: those of the key's workspace, of another key and of another organization are NOT_FOUND.
func TestFormsDoNotReachOthersLimits(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	forms := formsOf(a)
	other := *a
	other.Tenant = dbtest.NewTenant(t, a.Pool)
	other.Admin = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleADMIN)
	foreign := formsOf(&other)
	before := fingerprintOf(t, a)
	for name, f := range forms {
		for _, others := range []map[string]*form{forms, foreign} {
			for owner, o := range others {
				if o == f {
					continue
				}
				for _, token := range []string{a.Admin, graphtest.RootToken} {
					f.save(token, object{"budgetLimits": []any{object{"id": o.limits("budgetLimits")[0]["id"], "amount": 3}}}).Must("NOT_FOUND", "budgetLimits.0.id")
					f.save(token, object{"rateLimits": []any{object{"id": o.limits("rateLimits")[0]["id"], "limit": 3}}}).Must("NOT_FOUND", "rateLimits.0.id")
				}
				_ = owner
			}
		}
		foreign[name].save(a.Admin, object{"recipients": []any{}}).Must("NOT_FOUND", map[bool]string{true: "id", false: "subjectId"}[name == "API key"])
	}
	if fingerprintOf(t, a) != before {
		t.Error("something was changed")
	}
}
