package graph_test

import (
	"slices"
	"strings"
	"testing"

	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/id"
)

// mails replaces the mail about a key's alert: to each address one about the alert, which is QUEUED, and one about the reset, which is DELIVERED,
// queued one minute after another from noon on.
func mails(a *graphtest.API, key string, addresses ...string) {
	a.T.Helper()
	used(a, key)
	_, keyID, _ := id.Parse(key)
	for _, statement := range []string{
		`delete from alert_deliveries d using alerts a where a.id = d.alert_id and a.api_key_id = $1 and $2::text[] is not null`,
		`insert into alert_deliveries (organization_id, alert_id, purpose, address, email, status, queued_at, next_attempt_at)
		select a.organization_id, a.id, m.purpose, fold_case(e.email), e.email, m.status,
			'2026-01-01T12:00:00Z'::timestamptz + interval '1 minute' * row_number() over (order by e.place, m.purpose), now()
		from alerts a, unnest($2::text[]) with ordinality e (email, place),
			(values ('ALERT'::delivery_purpose, 'QUEUED'::delivery_status), ('RESET', 'DELIVERED')) m (purpose, status)
		where a.api_key_id = $1`,
	} {
		if _, err := a.Pool.Exec(a.T.Context(), statement, keyID, addresses); err != nil {
			a.T.Fatal(err)
		}
	}
}

// listed returns the addresses, purposes and statuses of all deliveries that a filter finds, read in pages of three.
func listed(a *graphtest.API, token string, filter object) (found []string) {
	a.T.Helper()
	for after := any(nil); ; {
		answer := a.Post(token, object{"query": `query($filter: AlertDeliveryFilter, $after: String) { alertDeliveries(filter: $filter, first: 3, after: $after) {
			totalCount nodes { email purpose status } pageInfo { hasNextPage endCursor } } }`, "variables": object{"filter": filter, "after": after}})
		for i := range answer.Get("alertDeliveries", "nodes").([]any) {
			one := func(field string) string { return answer.Text("alertDeliveries", "nodes", i, field) }
			found = append(found, one("email")+" "+one("purpose")+" "+one("status"))
		}
		if answer.Get("alertDeliveries", "pageInfo", "hasNextPage") == false {
			answer.Equal(len(found), "alertDeliveries", "totalCount")
			return found
		}
		after = answer.Get("alertDeliveries", "pageInfo", "endCursor")
	}
}

// Deliveries are listed over all alerts, those that were queued last first: those in some statuses, to an address in whatever case, from a
// time and before another, and all of these together. Pages join to exactly what the filter finds.
func TestDeliveryList(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	mails(a, a.KeyID(), "One@acme.test", "two@acme.test")
	all := listed(a, a.Viewer, nil)
	if len(all) != 4 || all[0] != "two@acme.test RESET DELIVERED" {
		t.Fatalf("%q", all)
	}
	having := func(texts ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(one string) bool {
			return !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(one, text) })
		})
	}
	for _, test := range []struct {
		filter object
		want   []string
	}{
		{object{}, all},
		{object{"statuses": []any{"QUEUED"}}, having("QUEUED")},
		{object{"statuses": []any{"QUEUED", "DELIVERED", "QUEUED"}}, all},
		{object{"statuses": []any{}}, nil},
		{object{"statuses": []any{"COMPLAINED"}}, nil},
		{object{"email": "ONE@ACME.test"}, having("One@")},
		{object{"email": "ONE@ACME.test", "statuses": []any{"DELIVERED"}}, having("One@acme.test RESET")},
		{object{"email": ""}, all},
		{object{"email": "nobody@acme.test"}, nil},
		{object{"from": "2026-01-01T12:04:00Z"}, all[:1]},
		{object{"from": "2026-01-01T12:02:00Z", "to": "2026-01-01T12:04:00Z"}, all[1:3]},
		{object{"to": "2026-01-01T12:02:00Z"}, all[3:]},
	} {
		for _, token := range []string{a.Viewer, graphtest.RootToken} {
			if got := listed(a, token, test.filter); !slices.Equal(got, test.want) {
				t.Errorf("%v: %q, want %q", test.filter, got, test.want)
			}
		}
	}
	const query = `query($filter: AlertDeliveryFilter, $after: String) { alertDeliveries(filter: $filter, after: $after) { nodes { email } } }`
	ask := func(variables object) *graphtest.Answer {
		return a.Post(a.Viewer, object{"query": query, "variables": variables})
	}
	ask(object{"filter": object{"email": "no address"}}).Must("BAD_USER_INPUT", "filter.email")
	ask(object{"filter": object{"from": "2026-01-02T00:00:00Z", "to": "2026-01-02T00:00:00Z"}}).Must("BAD_USER_INPUT", "filter.to")
	ask(object{"after": "AZ3kEAAAcACAAAAAAAAAAQ"}).Must("BAD_USER_INPUT", "after")
}

// A MEMBER sees mail about the API keys that they created, to whomever it went, and none about others; a gateway sees none.
func TestDeliveriesOfOwnKeys(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	mails(r.API, id.APIKey.Format(key.ID), "mine@acme.test")
	mails(r.API, r.KeyID(), "others@acme.test")
	whole := listed(r.API, r.Viewer, nil)
	for _, who := range []string{r.tokens["MEMBER"], r.Tenant.BoundToken(r.member, db.TokenRoleVIEWER)} {
		for _, filter := range []object{nil, {"organizationId": r.OrganizationID()}, {"email": "mine@acme.test"}} {
			got := listed(r.API, who, filter)
			if len(got) != 2 || slices.ContainsFunc(got, func(one string) bool { return !strings.HasPrefix(one, "mine@") }) || len(whole) != 4 {
				t.Errorf("%v: %q of %q", filter, got, whole)
			}
		}
		if got := listed(r.API, who, object{"email": "others@acme.test"}); len(got) > 0 {
			t.Errorf("%q", got)
		}
	}
	r.Post(r.Gateway, object{"query": `{ alertDeliveries { nodes { email } } }`}).Must("FORBIDDEN", "")
	answer := r.Post(r.tokens["MEMBER"], object{"query": `{ alertDeliveries(first: 1) { nodes { alert { id subject { id } } } } }`})
	answer.Equal(id.APIKey.Format(key.ID), "alertDeliveries", "nodes", 0, "alert", "subject", "id")
}
