package test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// documents returns the operations of the contract by name, each with the fragments that it needs: what portals and
// gateways send, word for word.
func documents(t *testing.T) map[string]string {
	t.Helper()
	begins := regexp.MustCompile(`(?m)^(query|mutation|fragment) (\w+)`)
	operations, fragments := map[string]string{}, map[string]string{}
	for _, file := range []string{"operations-2.graphql", "operations.graphql"} { // a fragment that is in both is that of the latter
		source, err := os.ReadFile("../graph/testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		places := begins.FindAllStringSubmatchIndex(string(source), -1)
		for i, place := range places {
			end := len(source)
			if i+1 < len(places) {
				end = places[i+1][0]
			}
			definition, name := string(source[place[0]:end]), string(source[place[4]:place[5]])
			if string(source[place[2]:place[3]]) == "fragment" {
				fragments[name] = definition
			} else {
				operations[name] = definition
			}
		}
	}
	for name, document := range operations {
		operations[name] = withFragments(document, fragments)
	}
	return operations
}

// withFragments returns a document with all fragments that it spreads, and those that they do.
func withFragments(document string, fragments map[string]string) string {
	spread := regexp.MustCompile(`\.\.\.(\w+)`)
	added := map[string]bool{}
	for i := 0; i < len(document); {
		next := spread.FindStringSubmatchIndex(document[i:])
		if next == nil {
			break
		}
		name := document[i+next[2] : i+next[3]]
		if !added[name] {
			document += strings.TrimRight(fragments[name], "\n") + "\n"
			added[name] = true
		}
		i += next[1]
	}
	return document
}
