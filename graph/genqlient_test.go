package graph_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/Khan/genqlient/graphql"

	"bursar/graph/testdata/genqlient/omitempty"
	"bursar/graph/testdata/genqlient/pointer"
	"bursar/graph/testdata/genqlient/portal"
)

// bearer adds a token to each request.
type bearer string

// Do implements [graphql.Doer].
func (b bearer) Do(request *http.Request) (*http.Response, error) {
	request.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultClient.Do(request)
}

// A client that genqlient has generated with `optional: pointer` sends null for all that is not set. With an empty list in Clear it
// changes what it sets and nothing else; what it names there is taken away. Without Clear its nulls take away, as those of any client.
func TestGenqlientWithPointers(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	client := graphql.NewClient(a.URL+"/graphql", bearer(a.Admin))
	about, end := new("about"), new(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		clear       []pointer.ApiKeyField
		description *string
		expiresAt   *time.Time
	}{
		{[]pointer.ApiKeyField{}, about, end},
		{[]pointer.ApiKeyField{pointer.ApiKeyFieldDescription}, nil, end},
		{[]pointer.ApiKeyField{pointer.ApiKeyFieldExpiresAt}, about, nil},
		{nil, nil, nil},
	} {
		answer, err := pointer.UpdateApiKey(t.Context(), client, pointer.UpdateApiKeyInput{Id: described(a), Name: new("renamed"), Clear: c.clear})
		if err != nil {
			t.Fatal(err)
		}
		key := answer.UpdateApiKey.ApiKey
		if key.Name != "renamed" || !key.Enabled || key.Metadata["team"] != "a" {
			t.Errorf("clear %v: %+v", c.clear, key)
		}
		if (key.Description == nil) != (c.description == nil) || key.Description != nil && *key.Description != *c.description {
			t.Errorf("clear %v: description %v", c.clear, key.Description)
		}
		if (key.ExpiresAt == nil) != (c.expiresAt == nil) || key.ExpiresAt != nil && !key.ExpiresAt.Equal(*c.expiresAt) {
			t.Errorf("clear %v: expires at %v", c.clear, key.ExpiresAt)
		}
	}

	rotation := pointer.RotateApiKeyInput{Id: a.KeyID(), RequestId: new("r")}
	first, err := pointer.RotateApiKey(t.Context(), client, rotation)
	if err != nil || first.RotateApiKey.Secret == nil || first.RotateApiKey.Replayed {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := pointer.RotateApiKey(t.Context(), client, rotation)
	if err != nil || again.RotateApiKey.Secret != nil || again.RotateApiKey.Message == nil || !works(a, a.Tenant.Secret.Text) {
		t.Fatalf("%+v, %v", again, err)
	}
}

// A client that genqlient has generated with omitempty leaves out what is not set, and changes nothing else, without Clear.
func TestGenqlientWithOmitempty(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	client := graphql.NewClient(a.URL+"/graphql", bearer(a.Admin))
	update := func(input omitempty.UpdateApiKeyInput) omitempty.UpdateApiKeyUpdateApiKeyUpdateApiKeyPayloadApiKey {
		t.Helper()
		answer, err := omitempty.UpdateApiKey(t.Context(), client, input)
		if err != nil {
			t.Fatal(err)
		}
		return answer.UpdateApiKey.ApiKey
	}
	if key := update(omitempty.UpdateApiKeyInput{Id: described(a), Name: new("renamed")}); key.Description == nil || key.ExpiresAt == nil {
		t.Errorf("%+v", key)
	}
	if key := update(omitempty.UpdateApiKeyInput{Id: described(a), Clear: []omitempty.ApiKeyField{omitempty.ApiKeyFieldExpiresAt}}); key.Description == nil || key.ExpiresAt != nil {
		t.Errorf("%+v", key)
	}
}

// A portal in Go that genqlient has generated reads lists page by page, finds things of any type by their ids, and has what a deletion left of its
// subject; every scalar has its Go type. genqlient refuses interfaces that implement interfaces, so the schema has none.
func TestGenqlientPortal(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	client := graphql.NewClient(a.URL+"/graphql", bearer(a.Admin))
	for range 2 {
		a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, nil)
	}
	found := map[string]bool{}
	for after, more := (*string)(nil), true; more; {
		page, err := portal.Keys(t.Context(), client, new(2), after)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range page.ApiKeys.Nodes {
			found[key.Id] = true
		}
		after, more = page.ApiKeys.PageInfo.EndCursor, page.ApiKeys.PageInfo.HasNextPage
	}
	if len(found) != 3 || !found[a.KeyID()] {
		t.Errorf("%v", found)
	}

	created, err := portal.CreateBudget(t.Context(), client, portal.CreateBudgetLimitInput{SubjectId: a.KeyID(), Type: portal.BudgetTypeCost, Amount: "10.50"})
	if err != nil {
		t.Fatal(err)
	}
	budget := created.CreateBudgetLimit.BudgetLimit.Id
	answer, err := portal.Subject(t.Context(), client, a.KeyID())
	if err != nil {
		t.Fatal(err)
	}
	before := (*answer.Node).(portal.SubjectLimits)
	if limits := before.GetBudgetLimits(); len(limits) != 1 || limits[0].Id != budget || limits[0].Amount != "10.5" {
		t.Errorf("%+v", limits)
	}
	deleted, err := portal.DeleteBudget(t.Context(), client, portal.DeleteBudgetLimitInput{Id: budget})
	if err != nil {
		t.Fatal(err)
	}
	left := deleted.DeleteBudgetLimit.Subject.(portal.SubjectLimits)
	if deleted.DeleteBudgetLimit.DeletedId != budget || len(left.GetBudgetLimits()) != 0 || left.GetVersion() <= before.GetVersion() {
		t.Errorf("%+v", left)
	}
	changes, err := portal.Changes(t.Context(), client, budget)
	if err != nil {
		t.Fatal(err)
	}
	entry := changes.AuditLog.Nodes[0]
	if entry.Action != "deleteBudgetLimit" || entry.After != nil || entry.Before == nil || !json.Valid(*entry.Before) {
		t.Errorf("%+v", entry)
	}
}
