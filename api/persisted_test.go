package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"bursar/api"
)

// persisted is a request that names its document by the hash, with or without the document.
func persisted(document string, with bool) object {
	hash := sha256.Sum256([]byte(document))
	request := object{"extensions": object{"persistedQuery": object{"version": 1, "sha256Hash": hex.EncodeToString(hash[:])}}}
	if with {
		request["query"] = document
	}
	return request
}

// A document that was sent once with its hash can be asked for by the hash, by GET too. Nobody without a token makes the
// server remember anything, and a hash of another document is refused.
func TestAutomaticPersistedQueries(t *testing.T) {
	t.Parallel()
	for _, mode := range []api.Introspection{api.IntrospectionTokens, api.IntrospectionPublic} {
		a := kit.ServeWith(t, kit.New(t), api.Config{Introspection: mode})
		const query = "query P { viewer { role } }"
		a.Post(a.Admin, persisted(query, false)).Must("PERSISTED_QUERY_NOT_FOUND", "")
		for _, token := range []string{"", "bst_wrong"} {
			a.Post(token, persisted(query, true)).Must("UNAUTHENTICATED", "")
		}
		a.Post(a.Admin, persisted(query, false)).Must("PERSISTED_QUERY_NOT_FOUND", "")
		a.Post(a.Admin, persisted(query, true)).Equal("ADMIN", "viewer", "role")
		a.Post(a.Gateway, persisted(query, false)).Equal("GATEWAY", "viewer", "role")
		extensions, err := json.Marshal(persisted(query, false)["extensions"])
		if err != nil {
			t.Fatal(err)
		}
		a.Send(http.MethodGet, "?extensions="+url.QueryEscape(string(extensions)), a.Viewer, nil).Equal("VIEWER", "viewer", "role")
		wrong := persisted(query, true)
		wrong["query"] = "{viewer{organization{id}}}"
		a.Post(a.Admin, wrong).Must("BAD_USER_INPUT", "")
		wrong["extensions"] = object{"persistedQuery": object{"version": 2, "sha256Hash": "x"}}
		a.Post(a.Admin, wrong).Must("BAD_USER_INPUT", "")
		wrong["extensions"] = object{"persistedQuery": "x"}
		a.Post(a.Admin, wrong).Must("BAD_USER_INPUT", "")
	}
}
