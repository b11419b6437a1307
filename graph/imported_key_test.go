package graph_test

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/id"
)

// An API key whose secret is known by its SHA-256 alone, as an import makes it, reserves and records with the secret that people have, and is marked;
// once rotated it is one of ours, with the old secret working for the transition. A secret that differs in one character is not found.
func TestImportedKey(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	const secret = "sk-0123456789abcdefghijkl"
	keyID := uuid.Must(uuid.NewV7())
	keys, err := json.Marshal([]any{object{"kind": "API_KEY", "id": keyID, "name": "From elsewhere", "prefix": "sk-...ijkl", "secret_hash": hex.EncodeToString(auth.Hash(secret)),
		"enabled": true, "email_notifications": true, "metadata": object{}, "external_id": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.New().ImportAPIKeys(t.Context(), a.Tenant.Pool, &db.ImportAPIKeysParams{OrganizationID: a.Tenant.Organization.ID, Source: "litellm", Keys: keys}); err != nil {
		t.Fatal(err)
	}
	ask := func(token, document string, variables object) *graphtest.Answer {
		return a.Post(token, object{"query": document, "variables": variables})
	}
	reserve := func(with string) *graphtest.Answer {
		return ask(a.Gateway, `mutation ($input: ReserveUsageInput!) { reserveUsage(input: $input) { decision { allowed denials { reason } } } }`,
			object{"input": object{"secret": with, "estimate": object{"tokens": 10, "cost": "0.01"}}})
	}
	reserve(secret).Equal(true, "reserveUsage", "decision", "allowed")
	reserve(secret[:len(secret)-1]+"m").Equal("KEY_NOT_FOUND", "reserveUsage", "decision", "denials", 0, "reason")
	external := object{"id": id.APIKey.Format(keyID)}
	const read = `query ($id: ID!) { apiKey(id: $id) { prefix foreignSecret } }`
	ask(a.Admin, read, external).Equal(true, "apiKey", "foreignSecret")
	ask(a.Admin, read, object{"id": a.KeyID()}).Equal(false, "apiKey", "foreignSecret")
	own := ask(a.Admin, `mutation ($id: ID!) { rotateApiKey(input: {id: $id}) { secret apiKey { foreignSecret } } }`, external)
	own.Equal(false, "rotateApiKey", "apiKey", "foreignSecret")
	reserve(own.Text("rotateApiKey", "secret")).Equal(true, "reserveUsage", "decision", "allowed")
	reserve(secret).Equal(true, "reserveUsage", "decision", "allowed")
}
