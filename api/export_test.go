package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/auth"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/graph/graphtest"
	"bursar/id"
)

// answered is an answer to a request for an export.
type answered struct {
	status int
	header http.Header
	body   string
}

// exported requests an export.
func exported(a *graphtest.API, token, path string, query url.Values) *answered {
	a.T.Helper()
	request, err := http.NewRequestWithContext(a.T.Context(), http.MethodGet, a.URL+"/export/"+path+"?"+query.Encode(), nil)
	if err != nil {
		a.T.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.T.Fatal(err)
	}
	return &answered{response.StatusCode, response.Header, string(body)}
}

// rows returns the rows of an export, by the names of their columns.
func (d *answered) rows(t *testing.T) []map[string]string {
	t.Helper()
	if d.status != http.StatusOK || !strings.HasPrefix(d.header.Get("Content-Type"), "text/csv") {
		t.Fatalf("status %d, %s: %s", d.status, d.header.Get("Content-Type"), d.body)
	}
	records, err := csv.NewReader(strings.NewReader(d.body)).ReadAll()
	if err != nil {
		t.Fatalf("%v: %s", err, d.body)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// refused fails the test unless the answer is an error with a status and a code, about a parameter.
func (d *answered) refused(t *testing.T, status int, code, field string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Extensions struct{ Code, Field string }
		}
	}
	if err := json.Unmarshal([]byte(d.body), &body); err != nil || len(body.Errors) != 1 {
		t.Fatalf("%v: %s", err, d.body)
	}
	if got := body.Errors[0].Extensions; d.status != status || got.Code != code || got.Field != field {
		t.Fatalf("status %d, want %d %s about %q: %s", d.status, status, code, field, d.body)
	}
}

// always is a time that everything is in.
func always(more url.Values) url.Values {
	query := url.Values{"from": {"2020-01-01"}, "to": {"2036-01-01T00:00:00Z"}}
	maps.Copy(query, more)
	return query
}

// The exports have what was used, by what they are asked for: sums, the ledger's rows and the audit log, oldest first.
func TestExports(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, model := range []string{"m-1", "m-2"} {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "requestId": "r " + model, "provider": "openai", "model": model,
			"inputTokens": 100, "outputTokens": 20, "cachedInputTokens": 40, "cacheWriteTokens": 30, "cacheWrite1hTokens": 20, "audioInputTokens": 10, "reasoningTokens": 5,
			"audioOutputTokens": 6, "images": 2, "webSearches": 3, "serviceTier": "FLEX", "cost": "0.25", "metadata": object{"team": "blue"}}})
	}
	usage := exported(a, a.Viewer, "usage.csv", always(url.Values{"interval": {"MONTH"}, "groupBy": {"api_key,model"}})).rows(t)
	if len(usage) != 2 || usage[0]["model"] != "m-1" || usage[1]["model"] != "m-2" || usage[0]["apiKeyId"] != a.KeyID() ||
		usage[0]["tokens"] != "120" || usage[0]["cost"] != "0.25" || usage[0]["denied"] != "0" || usage[0]["requests"] != "1" {
		t.Errorf("%v", usage)
	}
	total := exported(a, a.Viewer, "usage.csv", always(nil)).rows(t)
	if len(total) != 1 || total[0]["tokens"] != "240" || total[0]["cost"] != "0.5" || len(total[0]) != 18 {
		t.Errorf("%v", total)
	}
	for column, each := range map[string]int{"cacheWriteTokens": 30, "cacheWrite1hTokens": 20, "audioInputTokens": 10, "reasoningTokens": 5, "audioOutputTokens": 6,
		"images": 2, "webSearches": 3} {
		if total[0][column] != strconv.Itoa(2*each) || exported(a, a.Viewer, "events.csv", nil).rows(t)[0][column] != strconv.Itoa(each) {
			t.Errorf("%s is %s of two", column, total[0][column])
		}
	}
	tiers := exported(a, a.Viewer, "usage.csv", always(url.Values{"interval": {"MONTH"}, "groupBy": {"service_tier"}, "serviceTiers": {"flex,batch"}})).rows(t)
	if len(tiers) != 1 || tiers[0]["serviceTier"] != "FLEX" || tiers[0]["webSearches"] != "6" || tiers[0]["unpricedRequests"] != "0" {
		t.Errorf("%v", tiers)
	}
	if none := exported(a, a.Viewer, "events.csv", url.Values{"serviceTiers": {"STANDARD"}}).rows(t); len(none) != 0 {
		t.Errorf("%v", none)
	}
	events := exported(a, a.Viewer, "events.csv", nil).rows(t)
	if len(events) != 2 || events[0]["requestId"] != "r m-1" || events[1]["model"] != "m-2" || events[0]["metadata"] != `{"team":"blue"}` ||
		events[0]["cachedInputTokens"] != "40" || events[0]["serviceTier"] != "FLEX" {
		t.Errorf("%v", events)
	}
	entries := exported(a, a.Viewer, "audit.csv", nil).rows(t)
	if len(entries) == 0 || entries[0]["organizationId"] != a.OrganizationID() || entries[0]["id"] == "" {
		t.Errorf("%v", entries)
	}
	byTarget := exported(a, a.Viewer, "audit.csv", url.Values{"targetId": {a.KeyID()}}).rows(t)
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": "other"}})
	actor := a.Run(a.Viewer, "AuditLog", object{"filter": object{"targetId": a.KeyID()}}).Text("auditLog", "edges", 0, "node", "actor")
	byActor := exported(a, a.Viewer, "audit.csv", url.Values{"actorId": {actor}, "action": {"updateApiKey"}}).rows(t)
	if len(byTarget) == 0 || byTarget[0]["targetId"] != a.KeyID() || len(byActor) != 1 || byActor[0]["actor"] != actor || byActor[0]["action"] != "updateApiKey" {
		t.Errorf("%v, %v", byTarget, byActor)
	}
	focus := exported(a, a.Viewer, "usage.csv", always(url.Values{"format": {"focus"}})).rows(t)
	if len(focus) != 2 || focus[0]["SkuId"] != "openai/m-1" || focus[0]["PricingQuantity"] != "120" || focus[0]["PricingUnit"] != "tokens" ||
		focus[0]["BilledCost"] != "0.25" || focus[0]["ResourceId"] != a.KeyID() || focus[0]["x_CachedInputTokens"] != "40" {
		t.Errorf("%v", focus)
	}
}

// Who may have an export is who may ask for the field of the schema with the same rows: another role is FORBIDDEN, a caller without a valid
// token UNAUTHENTICATED.
func TestExportsAskForTheFieldsRoles(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	member := a.Tenant.Member(a.Tenant.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
	tokens := map[auth.Role]string{
		auth.RoleRoot: graphtest.RootToken, auth.RoleOwner: a.Tenant.BoundToken(a.Tenant.Owner, db.TokenRoleOWNER), auth.RoleAdmin: a.Admin,
		auth.RoleMember: a.Tenant.BoundToken(member, db.TokenRoleADMIN), auth.RoleViewer: a.Viewer, auth.RoleGateway: a.Gateway,
	}
	for path, field := range map[string]string{"usage.csv": "usage", "events.csv": "usageEvents", "audit.csv": "auditLog"} {
		granted := graph.Schema().Query.Fields.ForName(field).Directives.ForName("auth").Arguments
		allowed := granted.ForName("roles").Value.String()
		if own := granted.ForName("own"); own != nil {
			allowed += own.Value.String()
		}
		for role, token := range tokens {
			query := url.Values{}
			if path == "usage.csv" {
				query = always(nil)
			}
			if role == auth.RoleRoot && path != "audit.csv" {
				query.Set(map[string]string{"usage.csv": "subjectId", "events.csv": "ownerId"}[path], a.OrganizationID())
			}
			answer := exported(a, token, path, query)
			if want := strings.Contains(allowed, string(role)); want != (answer.status == http.StatusOK) {
				t.Errorf("%s of a %s: status %d, allowed is %s", path, role, answer.status, allowed)
			} else if !want {
				answer.refused(t, http.StatusForbidden, "FORBIDDEN", "")
			}
		}
		exported(a, "", path, nil).refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "")
		exported(a, "bsr_tok_wrong", path, nil).refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "")
	}
}

// A MEMBER has the usage and the events of API keys that they created and of no others, also where they ask for no key; and everybody has
// what is of their own organization alone.
func TestExportsAreConfined(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	member := a.Tenant.Member(a.Tenant.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
	token := a.Tenant.BoundToken(member, db.TokenRoleADMIN)
	own, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, &member.ID)
	ownID := id.APIKey.Format(own.ID)
	record := func(key string) {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key, "inputTokens": 1}})
	}
	record(a.KeyID())
	record(ownID)
	others := dbtest.NewTenant(t, a.Pool)
	keysOf := func(answer *answered) string {
		keys := []string{}
		for _, row := range answer.rows(t) {
			keys = append(keys, row["apiKeyId"])
		}
		slices.Sort(keys)
		return strings.Join(keys, " ")
	}
	byKey := func(more url.Values) url.Values {
		query := always(url.Values{"groupBy": {"API_KEY"}})
		maps.Copy(query, more)
		return query
	}
	both := []string{a.KeyID(), ownID}
	slices.Sort(both)
	for what, c := range map[string]struct {
		answer *answered
		want   string
	}{
		"a MEMBER's usage":       {exported(a, token, "usage.csv", byKey(nil)), ownID},
		"a MEMBER's events":      {exported(a, token, "events.csv", nil), ownID},
		"a MEMBER's key":         {exported(a, token, "usage.csv", byKey(url.Values{"subjectId": {ownID}})), ownID},
		"a VIEWER's usage":       {exported(a, a.Viewer, "usage.csv", byKey(nil)), strings.Join(both, " ")},
		"a VIEWER's events":      {exported(a, a.Viewer, "events.csv", nil), strings.Join(both, " ")},
		"a key of the VIEWER's":  {exported(a, a.Viewer, "events.csv", url.Values{"apiKeyId": {ownID}}), ownID},
		"the operator's key":     {exported(a, graphtest.RootToken, "usage.csv", byKey(url.Values{"apiKeyIds": {ownID}})), ownID},
		"both keys":              {exported(a, a.Viewer, "usage.csv", byKey(url.Values{"subjectId": {a.OrganizationID()}, "apiKeyIds": {a.KeyID() + "," + ownID}})), strings.Join(both, " ")},
		"one of a workspace's":   {exported(a, a.Viewer, "usage.csv", byKey(url.Values{"subjectId": {a.WorkspaceID()}, "apiKeyIds": {ownID}})), ""},
		"keys of the VIEWER's":   {exported(a, a.Viewer, "usage.csv", byKey(url.Values{"apiKeyIds": {ownID}})), ownID},
		"a workspace":            {exported(a, a.Viewer, "events.csv", url.Values{"ownerId": {a.WorkspaceID()}}), a.KeyID()},
		"a workspace's usage":    {exported(a, a.Viewer, "usage.csv", byKey(url.Values{"subjectId": {a.WorkspaceID()}})), a.KeyID()},
		"the operator's":         {exported(a, graphtest.RootToken, "events.csv", url.Values{"ownerId": {a.OrganizationID()}}), strings.Join(both, " ")},
		"another organization's": {exported(a, others.AccessToken(others.Organization.ID, db.TokenRoleVIEWER), "events.csv", nil), ""},
	} {
		if got := keysOf(c.answer); got != c.want {
			t.Errorf("%s is of %q, want %q", what, got, c.want)
		}
	}
	foreign := others.AccessToken(others.Organization.ID, db.TokenRoleADMIN)
	for _, subject := range []string{a.OrganizationID(), a.WorkspaceID(), a.KeyID()} {
		exported(a, foreign, "usage.csv", always(url.Values{"subjectId": {subject}})).refused(t, http.StatusNotFound, "NOT_FOUND", "subjectId")
	}
	exported(a, foreign, "usage.csv", always(url.Values{"apiKeyIds": {ownID}})).refused(t, http.StatusNotFound, "NOT_FOUND", "apiKeyIds.0")
	exported(a, foreign, "events.csv", url.Values{"apiKeyId": {ownID}}).refused(t, http.StatusNotFound, "NOT_FOUND", "apiKeyId")
	exported(a, foreign, "events.csv", url.Values{"ownerId": {a.WorkspaceID()}}).refused(t, http.StatusNotFound, "NOT_FOUND", "ownerId")
	exported(a, foreign, "audit.csv", url.Values{"targetId": {a.KeyID()}}).refused(t, http.StatusNotFound, "NOT_FOUND", "targetId")
	exported(a, token, "usage.csv", always(url.Values{"subjectId": {a.KeyID()}})).refused(t, http.StatusForbidden, "FORBIDDEN", "")
	exported(a, token, "usage.csv", always(url.Values{"subjectId": {a.OrganizationID()}})).refused(t, http.StatusForbidden, "FORBIDDEN", "")
	exported(a, token, "events.csv", url.Values{"ownerId": {a.WorkspaceID()}}).refused(t, http.StatusForbidden, "FORBIDDEN", "")
	exported(a, token, "usage.csv", always(url.Values{"apiKeyIds": {a.KeyID()}})).refused(t, http.StatusForbidden, "FORBIDDEN", "")
}

// A parameter that is wrong, unknown or missing is refused by its name, all at once, and so is another method.
func TestExportsRefuseWrongParameters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, c := range []struct {
		path, query, field string
	}{
		{"usage.csv", "from=2026-01-01", "to"},
		{"usage.csv", "to=2026-01-01", "from"},
		{"usage.csv", "from=2026-01-02&to=2026-01-01", "to"},
		{"usage.csv", "from=yesterday&to=2026-01-01", "from"},
		{"usage.csv", "from=2026-01-01&from=2026-01-01&to=2026-01-02", "from"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&interval=YEAR", "interval"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&groupBy=MODEL,COLOR", "groupBy"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&format=xml", "format"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&format=focus&groupBy=MODEL", "groupBy"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&format=focus&interval=WEEK", "interval"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&subjectId=acme", "subjectId"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&ownerId=" + a.OrganizationID(), "ownerId"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&models=" + strings.Repeat("x", 201), "models.0"},
		{"usage.csv", "from=2026-01-01&to=2026-01-02&subjectId=" + a.KeyID() + "&apiKeyIds=" + a.KeyID(), "apiKeyIds"},
		{"events.csv", "apiKeyId=" + a.KeyID() + "&ownerId=" + a.WorkspaceID(), "ownerId"},
		{"events.csv", "apiKeyId=" + a.WorkspaceID(), "apiKeyId"},
		{"events.csv", "ownerId=" + a.KeyID(), "ownerId"},
		{"events.csv", "interval=DAY", "interval"},
		{"audit.csv", "targetId=acme", "targetId"},
		{"audit.csv", "actorId=acme", "actorId"},
		{"audit.csv", "format=focus", "format"},
	} {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.path+" "+c.field, func(t *testing.T) {
			exported(a, a.Viewer, c.path, query).refused(t, http.StatusBadRequest, "BAD_USER_INPUT", c.field)
		})
	}
	exported(a, graphtest.RootToken, "events.csv", nil).refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "ownerId")
	exported(a, a.Viewer, "prices.csv", nil).refused(t, http.StatusNotFound, "NOT_FOUND", "")
	exported(a, a.Viewer, "audit.csv", url.Values{"action": {a.Viewer}}).refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "")

	several := exported(a, a.Viewer, "usage.csv", url.Values{"from": {"x"}, "color": {"red"}})
	for _, field := range []string{`"field":"from"`, `"field":"to"`, `"field":"color"`} {
		if !strings.Contains(several.body, field) {
			t.Errorf("%s is not told: %s", field, several.body)
		}
	}
	post, err := http.Post(a.URL+"/export/usage.csv", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	_ = post.Body.Close()
	if post.StatusCode != http.StatusUnauthorized {
		t.Errorf("POST without a token: %d", post.StatusCode)
	}
}

// fill adds rows to the ledger as recordings would, of several keys and models, one a second up to now, and rolls some of them up.
func fill(a *graphtest.API, number int) {
	a.T.Helper()
	for _, statement := range []string{
		`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, request_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select k.organization_id, uuid_v7(t.at), nextval('usage_events_position_seq'), k.id, k.workspace_id, 'request ' || n, 1, n, 1, 0, n * 1000,
			'p-' || n % 2, 'm-' || n % 3, 1, '{}', '{}', t.at, t.at
		from generate_series(1, $1::integer) n
		cross join lateral (select now() - ($1::integer - n) * interval '1 second' as at) t
		join api_keys k on k.id = $2`,
		`select roll_up_usage(k.organization_id, $1::integer / 2) from api_keys k where k.id = $2`,
	} {
		if _, err := a.Pool.Exec(a.T.Context(), statement, number, a.Tenant.Key.ID); err != nil {
			a.T.Fatal(err)
		}
	}
}

// An export of many pages has each row once, in order, and its sums are those of the reports: of the ledger, of what is rolled up and of
// what is not.
func TestExportsOfManyPages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const number = 9_001
	fill(a, number)
	rows := exported(a, a.Viewer, "events.csv", nil).rows(t)
	for i, row := range rows {
		if row["requestId"] != fmt.Sprint("request ", i+1) {
			t.Fatalf("row %d is %v", i, row)
		}
	}
	from, to := time.Now().Add(-time.Hour).UTC().Truncate(time.Second), time.Now().Add(time.Hour).UTC()
	within := 0
	for _, row := range rows {
		if at, err := time.Parse(time.RFC3339Nano, row["recordedAt"]); err != nil || !at.Before(from) {
			within++
		}
	}
	span := url.Values{"from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}}
	if got := len(exported(a, a.Viewer, "events.csv", span).rows(t)); len(rows) != number || got != within || within == number || within == 0 {
		t.Errorf("%d rows, want %d; since %s %d, want %d", len(rows), number, from, got, within)
	}
	one := url.Values{"models": {"m-1"}, "providers": {"p-0"}}
	if got := len(exported(a, a.Viewer, "events.csv", one).rows(t)); got != number/6 {
		t.Errorf("%d rows of one model, want %d", got, number/6)
	}
	for _, interval := range []string{"HOUR", "DAY", "WEEK", "MONTH"} {
		query := always(url.Values{"interval": {interval}, "groupBy": {"API_KEY", "WORKSPACE", "PROVIDER", "MODEL", "SERVICE_TIER"}})
		tokens, starts := int64(0), []string{}
		for _, row := range exported(a, a.Viewer, "usage.csv", query).rows(t) {
			n, err := strconv.ParseInt(row["tokens"], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			tokens, starts = tokens+n, append(starts, row["start"])
		}
		if want := int64(number*(number+1)/2 + number); tokens != want || !slices.IsSorted(starts) || len(starts) < 6 {
			t.Errorf("by %s: %d tokens in %d rows, want %d", interval, tokens, len(starts), want)
		}
	}
}

// A bucket with more rows than a page has comes in several pages, each row once, also where only names and tiers tell rows apart.
func TestExportsOfWideBuckets(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	if _, err := a.Pool.Exec(t.Context(), `insert into usage_days (organization_id, bucket_start, api_key_id, provider, model, workspace_id,
			service_tier, requests, input_tokens, output_tokens, cached_input_tokens, cost_nanos)
		select k.organization_id, d.day, k.id, 'p', 'm-' || n / 2, k.workspace_id, (array['STANDARD', 'BATCH'])[1 + n % 2]::service_tier, 1, n / 2, 0, 0, 0
		from api_keys k, generate_series(1, 6000) n, (values (timestamptz '2026-03-01 00:00:00Z'), ('2026-03-02 00:00:00Z')) d (day) where k.id = $1`,
		a.Tenant.Key.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Pool.Exec(t.Context(), `insert into usage_workspace_days (organization_id, bucket_start, workspace_id, provider, model, service_tier, requests,
			input_tokens, output_tokens, cached_input_tokens, cost_nanos)
		select u.organization_id, u.bucket_start, u.workspace_id, u.provider, u.model, u.service_tier, 1, u.input_tokens, 0, 0, 0 from usage_days u`); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range exported(a, a.Viewer, "usage.csv", always(url.Values{"groupBy": {"MODEL,SERVICE_TIER"}})).rows(t) {
		seen[row["start"]+row["model"]+row["serviceTier"]] = true
		if row["inputTokens"] != strings.TrimPrefix(row["model"], "m-") {
			t.Fatalf("%v", row)
		}
	}
	if len(seen) != 12_000 {
		t.Errorf("%d rows, want 12,000", len(seen))
	}
}

// What people and gateways have named is no formula in a spreadsheet, and stays what it is for a program but for the apostrophe.
func TestExportsAreNoFormulas(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": "=HYPERLINK(\"https://evil.test\", \"key\")"}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "requestId": "-2+3", "provider": "+p", "model": "@m\r\nnext", "cost": "1.5"}})
	for path, query := range map[string]url.Values{
		"events.csv": nil, "usage.csv": always(url.Values{"groupBy": {"API_KEY,PROVIDER,MODEL"}}),
	} {
		answer := exported(a, a.Viewer, path, query)
		row := answer.rows(t)[0]
		if row["apiKeyName"] != "'=HYPERLINK(\"https://evil.test\", \"key\")" || row["provider"] != "'+p" || row["model"] != "'@m\nnext" ||
			row["cost"] != "1.5" || path == "events.csv" && row["requestId"] != "'-2+3" || !strings.Contains(answer.body, "@m\r\nnext") {
			t.Errorf("%s: %q", path, answer.body)
		}
	}
}
