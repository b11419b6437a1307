package main

import (
	"os"
	"strings"
	"testing"

	"bursar/graph/exec"
)

// The manual's table is the schema's.
func TestPageIsCurrent(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	written, err := replace(string(page), table(exec.NewExecutableSchema(exec.Config{}).Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if written != string(page) {
		t.Error("docs/access.md is not current: run make generate")
	}
	for _, row := range []string{
		"| `createOrganization` | yes | – | – | – | – | – | – |",
		"| `createApiKey` | yes | yes | yes | own keys | – | – | – |",
		"| `reserveUsage` | yes | yes | yes | – | – | yes | – |",
		"| `accessTokens` | yes | yes | yes | – | yes | – | – |",
	} {
		if !strings.Contains(written, row) {
			t.Errorf("the table has no row %s", row)
		}
	}
}

// A page without the lines around the table is left alone.
func TestPageWithoutTable(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"", begin, end, end + begin} {
		if written, err := replace(page, "x"); err == nil {
			t.Errorf("%q became %q", page, written)
		}
	}
}
