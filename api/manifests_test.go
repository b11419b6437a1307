package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bursar/api"
	"bursar/db/dbtest"
)

// The manifests that tools write are trusted documents: what testdata/manifests has was written by @graphql-codegen/cli 7.4.3 with
// client-preset 6.2.0, @apollo/generate-persisted-query-manifest 1.4.0 and relay-compiler 21.0.1. Each document runs by its id, and by
// its text as another tool prints it: graphql-codegen sorts, Apollo adds __typename.
func TestManifestsOfTools(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	pool := kit.New(t)
	read := func(name string, into any) string {
		t.Helper()
		content, err := os.ReadFile(filepath.Join("testdata", "manifests", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(content, into); err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	apollo := struct{ Operations []struct{ ID, Body string } }{}
	relay, codegen := map[string]string{}, map[string]string{}
	manifests := map[string]string{"apollo.json": read("apollo.json", &apollo), "relay.json": read("relay.json", &relay),
		"graphql-codegen.json": read("graphql-codegen.json", &codegen)}
	ids := map[string][]string{"relay.json": slices.Collect(maps.Keys(relay)), "graphql-codegen.json": slices.Collect(maps.Keys(codegen))}
	printed := slices.Collect(maps.Values(codegen)) // as graphql-codegen and Apollo print the same documents
	for _, operation := range apollo.Operations {
		ids["apollo.json"] = append(ids["apollo.json"], operation.ID)
		printed = append(printed, operation.Body)
	}
	texts := map[string][]string{"relay.json": slices.Collect(maps.Values(relay)), "graphql-codegen.json": printed, "apollo.json": printed}
	for name, content := range manifests {
		a := kit.ServeWith(t, pool, api.Config{TrustedDocuments: trust(t, name, content)})
		input := object{"id": "key_" + strings.Repeat("0", 32)} // of revokeApiKey
		if name == "relay.json" {
			input = object{"ownerId": a.OrganizationID(), "name": "n"} // of createApiKey
		}
		var requests []object
		for _, documentID := range ids[name] {
			requests = append(requests, object{"documentId": documentID}, object{"documentId": "sha256:" + strings.TrimPrefix(documentID, "sha256:")},
				object{"extensions": object{"persistedQuery": object{"version": 1, "sha256Hash": documentID}}})
		}
		for _, text := range texts[name] {
			requests = append(requests, object{"query": text})
		}
		if len(requests) < 8 {
			t.Errorf("%s has only %d requests", name, len(requests))
		}
		for _, request := range requests {
			request["variables"] = object{"status": "ACTIVE", "input": input}
			if result := a.Post(a.Viewer, request); result.Status != http.StatusOK || result.Data == nil {
				t.Errorf("%s: %v: %s", name, request, result.Body)
			}
		}
		a.Post(a.Viewer, object{"query": "query Viewer { viewer { role organization { name } } }"}).Must("FORBIDDEN", "")
	}
}
