package graph_test

import (
	"fmt"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const listUsageEvents = `query($filter: UsageEventFilter, $first: Int, $after: String) {
	usageEvents(filter: $filter, first: $first, after: $after) {
		totalCount pageInfo { hasNextPage endCursor }
		edges { cursor node { id tokens model provider recordedAt apiKey { id name } reservation { id status } } } } }`

// nodes returns a field of the nodes of a connection.
func nodes(answer *graphtest.Answer, connection, field string) (values []string) {
	for i := range answer.Get(connection, "edges").([]any) {
		values = append(values, fmt.Sprint(answer.Get(connection, "edges", i, "node", field)))
	}
	return values
}

// The ledger is listed newest first, in pages, of a key, of an organization's or a workspace's keys, of models, of providers and of a time, each
// event with its key and the reservation that it settled. A MEMBER sees what their own keys have used, and nobody another organization's.
func TestUsageEventsAreListed(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	a := r.API
	made, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	own := id.APIKey.Format(made.ID)
	record := func(input object) *graphtest.Answer { return a.Run(a.Gateway, "RecordUsage", object{"input": input}) }
	record(object{"key": a.KeyID(), "inputTokens": 1, "model": "small", "provider": "openai"})
	record(object{"key": own, "inputTokens": 2, "model": "large", "provider": "openai"})
	reservation := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}}).Text("reserveUsage", "reservation", "id")
	record(object{"reservationId": reservation, "inputTokens": 3, "model": "small", "provider": "anthropic"})
	between := record(object{"key": own, "inputTokens": 4}).Text("recordUsage", "usageEvent", "recordedAt")
	record(object{"key": a.KeyID(), "inputTokens": 5, "model": "large"})
	member := r.tokens["MEMBER"]
	for name, c := range map[string]struct {
		token  string
		filter object
		want   []string
	}{
		"all":                 {a.Viewer, nil, []string{"5", "4", "3", "2", "1"}},
		"a key's":             {a.Viewer, object{"apiKeyId": a.KeyID()}, []string{"5", "3", "1"}},
		"a workspace's":       {a.Viewer, object{"ownerId": a.WorkspaceID()}, []string{"5", "3", "1"}},
		"an organization's":   {a.Viewer, object{"ownerId": a.OrganizationID()}, []string{"5", "4", "3", "2", "1"}},
		"the operator's":      {graphtest.RootToken, object{"ownerId": a.OrganizationID(), "models": []any{"large"}}, []string{"5", "2"}},
		"of models":           {a.Viewer, object{"models": []any{"small", ""}}, []string{"4", "3", "1"}},
		"of providers":        {a.Viewer, object{"providers": []any{"openai"}, "apiKeyId": own}, []string{"2"}},
		"from":                {a.Viewer, object{"from": between}, []string{"5", "4"}},
		"to":                  {a.Viewer, object{"to": between, "apiKeyId": a.KeyID()}, []string{"3", "1"}},
		"another month":       {a.Viewer, object{"from": "2020-01-01T00:00:00Z", "to": "2020-02-01T00:00:00Z"}, nil},
		"a member's":          {member, nil, []string{"4", "2"}},
		"a member's key":      {member, object{"apiKeyId": own}, []string{"4", "2"}},
		"a member's, of all":  {member, object{"ownerId": a.OrganizationID()}, []string{"4", "2"}},
		"a member's, of none": {member, object{"ownerId": a.WorkspaceID()}, nil},
	} {
		answer := post(a, c.token, listUsageEvents, object{"filter": c.filter})
		if got := nodes(answer, "usageEvents", "tokens"); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: events of %v tokens, want %v: %+v", name, got, c.want, answer.Errors)
		}
		answer.Equal(len(c.want), "usageEvents", "totalCount")
	}
	answer := post(a, a.Viewer, listUsageEvents, object{"filter": object{"apiKeyId": a.KeyID()}})
	answer.Equal(a.KeyID(), "usageEvents", "edges", 1, "node", "apiKey", "id")
	answer.Equal(object{"id": reservation, "status": "SETTLED"}, "usageEvents", "edges", 1, "node", "reservation")
	answer.Equal(nil, "usageEvents", "edges", 0, "node", "reservation")

	var paged []string
	for page, after := 0, any(nil); page < 3; page++ {
		answer := post(a, a.Viewer, listUsageEvents, object{"first": 2, "after": after})
		paged = append(paged, nodes(answer, "usageEvents", "tokens")...)
		after = answer.Get("usageEvents", "pageInfo", "endCursor")
		answer.Equal(page < 2, "usageEvents", "pageInfo", "hasNextPage")
	}
	if fmt.Sprint(paged) != "[5 4 3 2 1]" {
		t.Errorf("pages have %v", paged)
	}

	other := dbtest.NewTenant(t, a.Pool)
	stranger := other.AccessToken(other.Organization.ID, db.TokenRoleADMIN)
	post(a, stranger, listUsageEvents, nil).Equal(0, "usageEvents", "totalCount")
	for _, c := range []struct {
		token  string
		filter object
		code   string
	}{
		{stranger, object{"apiKeyId": a.KeyID()}, "NOT_FOUND"},
		{stranger, object{"ownerId": a.WorkspaceID()}, "NOT_FOUND"},
		{member, object{"apiKeyId": a.KeyID()}, "FORBIDDEN"},
		{a.Gateway, nil, "FORBIDDEN"},
		{graphtest.RootToken, nil, "BAD_USER_INPUT"},
		{a.Viewer, object{"apiKeyId": a.KeyID(), "ownerId": a.WorkspaceID()}, "BAD_USER_INPUT"},
		{a.Viewer, object{"from": time.Now(), "to": time.Now().Add(-time.Hour)}, "BAD_USER_INPUT"},
	} {
		answer := post(a, c.token, listUsageEvents, object{"filter": c.filter})
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != c.code {
			t.Errorf("%v: %+v, want %s", c.filter, answer.Errors, c.code)
		}
	}
}

// Closed reservations are listed by their status now, one that is past its expiry or whose key may not be used as EXPIRED; without a status only
// those that are held. A MEMBER lists those of a key that they created.
func TestReservationsByStatus(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	a := r.API
	made, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	own := id.APIKey.Format(made.ID)
	reserve := func(key string) string {
		return a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": key, "estimate": object{"tokens": 1}}}).Text("reserveUsage", "reservation", "id")
	}
	first, held, released, expired, ended := reserve(a.KeyID()), reserve(a.KeyID()), reserve(a.KeyID()), reserve(a.KeyID()), reserve(own)
	second := reserve(a.KeyID())
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": first}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": second}})
	a.Run(a.Gateway, "ReleaseReservation", object{"input": object{"reservationId": released}})
	_, expiredID, _ := id.Parse(expired)
	if _, err := a.Pool.Exec(t.Context(), `update reservations set expires_at = clock_timestamp() where id = $1`, expiredID); err != nil {
		t.Fatal(err)
	}
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": own, "enabled": false}})
	for name, c := range map[string]struct {
		token  string
		filter object
		want   []string
	}{
		"held":              {a.Viewer, object{"status": "HELD"}, []string{held}},
		"null":              {a.Viewer, object{"status": nil}, []string{held}},
		"settled":           {a.Viewer, object{"status": "SETTLED"}, []string{second, first}},
		"a key's":           {a.Viewer, object{"status": "SETTLED", "apiKeyId": own}, nil},
		"a workspace's":     {a.Viewer, object{"status": "SETTLED", "ownerId": a.WorkspaceID()}, []string{second, first}},
		"released":          {a.Viewer, object{"status": "RELEASED", "apiKeyId": a.KeyID()}, []string{released}},
		"expired":           {a.Viewer, object{"status": "EXPIRED"}, []string{ended, expired}},
		"a member's":        {r.tokens["MEMBER"], object{"status": "EXPIRED", "apiKeyId": own}, []string{ended}},
		"a member's, held":  {r.tokens["MEMBER"], object{"apiKeyId": own}, nil},
		"the operator's":    {graphtest.RootToken, object{"status": "EXPIRED", "ownerId": a.WorkspaceID()}, []string{expired}},
		"an organization's": {graphtest.RootToken, object{"status": "RELEASED", "ownerId": a.OrganizationID()}, []string{released}},
	} {
		answer := post(a, c.token, listReservations, object{"filter": c.filter})
		if got := nodes(answer, "reservations", "id"); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v: %+v", name, got, c.want, answer.Errors)
		}
		answer.Equal(len(c.want), "reservations", "totalCount")
	}
	page := post(a, a.Viewer, listReservations, object{"filter": object{"status": "SETTLED"}, "first": 1})
	page.Equal(true, "reservations", "pageInfo", "hasNextPage")
	post(a, a.Viewer, listReservations, object{"filter": object{"status": "SETTLED"}, "first": 1, "after": page.Text("reservations", "pageInfo", "endCursor")}).
		Equal(first, "reservations", "edges", 0, "node", "id")
	refusedQuery(a, r.tokens["MEMBER"], listReservations, object{}, "FORBIDDEN")
	refusedQuery(a, r.tokens["MEMBER"], listReservations, object{"filter": object{"ownerId": a.WorkspaceID()}}, "FORBIDDEN")
	refusedQuery(a, r.tokens["MEMBER"], listReservations, object{"filter": object{"apiKeyId": a.KeyID()}}, "FORBIDDEN")
}

// What a call of enforcement answers has the API key for those who may see it, and not for GATEWAY, whose call takes effect all the same.
func TestGatewaysDoNotSeeKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const document = `mutation($key: String!) { recordUsage(input: {key: $key, inputTokens: 7}) { usageEvent { tokens apiKey { id name } reservation { id } } } }`
	post(a, a.Admin, document, object{"key": a.KeyID()}).Equal(a.KeyID(), "recordUsage", "usageEvent", "apiKey", "id")
	answer := post(a, a.Gateway, document, object{"key": a.KeyID()})
	answer.Equal(7, "recordUsage", "usageEvent", "tokens")
	answer.Equal(nil, "recordUsage", "usageEvent", "apiKey")
	if len(answer.Errors) != 2 || answer.Errors[0].Extensions.Code != "FORBIDDEN" || answer.Errors[1].Extensions.Code != "FORBIDDEN" {
		t.Errorf("%+v, want FORBIDDEN twice", answer.Errors)
	}
	a.Run(a.Viewer, "Usage", object{"interval": "DAY", "filter": object{"subjectId": a.KeyID(), "from": time.Now(), "to": time.Now().Add(time.Hour)}}).
		Equal(14, "usage", "total", "tokens")
}
