package graph_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/Khan/genqlient/graphql"

	"bursar/graph/testdata/genqlient/omitempty"
	"bursar/graph/testdata/genqlient/pointer"
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
