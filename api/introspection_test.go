package api_test

import (
	"context"
	"strings"
	"testing"

	"bursar/api"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// Who may ask for the schema: with a valid token as a rule; everybody or nobody where the operator says so. Without a token
// nothing else is answered, and where the schema is nobody's no error suggests names from it.
func TestIntrospection(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	pool := kit.New(t)
	const schema, misspelt = "{__schema{queryType{name}}}", "{viewer{rolle}}"
	for mode, want := range map[api.Introspection]struct{ anonymous, token string }{
		"":                      {"UNAUTHENTICATED", ""},
		api.IntrospectionTokens: {"UNAUTHENTICATED", ""},
		api.IntrospectionPublic: {"", ""},
		api.IntrospectionOff:    {"UNAUTHENTICATED", "FORBIDDEN"},
	} {
		a := kit.ServeWith(t, pool, api.Config{Introspection: mode})
		for _, query := range []string{schema, "{...f}fragment f on Query{...{__type(name:\"Query\"){name}}}"} {
			for token, code := range map[string]string{"": want.anonymous, "bst_wrong": want.anonymous, a.Admin: want.token, a.Gateway: want.token, graphtest.RootToken: want.token} {
				result := a.Post(token, object{"query": query})
				got := ""
				if len(result.Errors) > 0 {
					got = result.Errors[0].Extensions.Code
				}
				if got != code {
					t.Errorf("%q: %s: %v, want %q", mode, query, result.Errors, code)
				}
			}
		}
		for _, query := range []string{"{viewer{role}}", misspelt, "{"} {
			if result := a.Post("", object{"query": query}); mode != api.IntrospectionPublic && result.Errors[0].Extensions.Code != "UNAUTHENTICATED" {
				t.Errorf("%q: an anonymous caller is told of %s: %v", mode, query, result.Errors)
			}
		}
		message := a.Post(a.Admin, object{"query": misspelt}).Errors[0].Message
		if suggests := strings.Contains(message, `"role"`); suggests != (mode != api.IntrospectionOff) {
			t.Errorf("%q: %s", mode, message)
		}
		revoked := a.Tenant.AccessToken(a.Tenant.Organization.ID, "VIEWER")
		a.Run(revoked, "Viewer", nil)
		if _, err := pool.Exec(context.Background(), "update access_tokens set revoked_at = clock_timestamp() where prefix = $1", revoked[:10]); err != nil {
			t.Fatal(err)
		}
		if result := a.Post(revoked, object{"query": schema}); (len(result.Errors) == 0) != (mode == api.IntrospectionPublic) {
			t.Errorf("%q: to a token that was revoked: %v", mode, result.Errors)
		}
	}
}
