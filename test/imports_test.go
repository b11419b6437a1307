// Package test holds what is true of the repository as a whole.
package test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rule says which of Bursar's own packages a package may import, and why no others.
type rule struct {
	may    []string
	reason string
}

const leaf = "it is a leaf: everybody may import it, so it imports nothing of Bursar, or a cycle is one import away"

// rules has one entry for every package, by its path below the module. A package that is missing here fails the test: say
// what it may import before others depend on it. Imports of tests are their own affair.
func rules() map[string]rule {
	everything := []string{"..."}
	graph := []string{"auth", "auth/sso", "db", "enforce", "fault", "graph/exec", "graph/model", "graph/scalar", "id"}
	const request = "it answers requests as they come; what may wait is a row in the database that a worker finds, " +
		"and what starts programs or schemas is cmd's"
	return map[string]rule{
		"auth":       {nil, leaf},
		"httpserver": {nil, leaf + "; handlers, flags and the environment are its callers'"},
		"docs":       {nil, leaf},
		"fault":      {nil, leaf},
		"id":         {nil, leaf},
		"mail":       {nil, leaf},
		"pg":         {nil, leaf},
		"sql":        {nil, leaf},
		"web":        {nil, leaf},
		"worker/job": {nil, leaf + "; others enqueue a job by its arguments alone"},

		"auth/sso": {[]string{"fault"}, "it knows tokens and keys; who is a member of what, the database says"},

		"db":      {[]string{"fault", "id"}, "rows and queries know neither who asks nor how an answer travels"},
		"enforce": {[]string{"db", "fault", "id"}, "it carries requests to the database and decides nothing: no roles, no HTTP, no jobs"},

		"graph":        {graph, request},
		"graph/exec":   {graph, request},
		"graph/model":  {graph, request},
		"graph/matrix": {[]string{"graph/exec"}, "it writes a page of the manual out of the schema"},
		"graph/scalar": {[]string{"auth", "db", "fault"}, "a scalar is a value and its spelling"},

		"worker":  {[]string{"db", "fault", "id", "mail", "worker/job"}, "jobs run without a caller: they have no principal and no GraphQL"},
		"observe": {[]string{"auth", "db", "fault"}, "metrics and logs look on; nothing depends on what they see"},
		"demo":    {[]string{"auth", "db", "fault", "id"}, "it makes rows as an administrator would, and starts nothing"},
		"replay":  {[]string{"fault"}, "it is a client like any other: it speaks to a server through the API and knows its error codes"},
		"bench": {[]string{"auth", "db", "fault", "graph/exec", "graph/model", "id"},
			"it measures the program and the database from outside; what it imports of the server is a ceiling to compare with"},
		"bench/hostile": {[]string{"auth", "bench", "db", "id"},
			"it measures with what bench measures with; how the server answers it is to find out from outside"},
		"bench/compare": {[]string{"bench"}, "it knows two servers by their URLs; their schemas may differ from this one's"},
		"bench/testbed": {[]string{"bench", "db", "pg"}, "it starts a PostgreSQL and processes; migrations are the build's own command"},
		"gateway":       {nil, "other programs import it: it may bring nothing of the server along"},

		"cmd/bursar": {everything, ""},
		"cmd/bursar-bench": {[]string{"bench", "bench/compare", "bench/hostile", "bench/testbed"},
			"it runs the product as a process and is no second wiring of it"},
		"db/dbtest": {[]string{"auth", "db", "pg", "pg/scratch", "sql"}, "every package's tests import it"},
		"test":      {everything, ""},

		"pg/scratch":       {nil, leaf},
		"auth/sso/ssotest": {nil, "it is the provider, and shares nothing with what it tests"},
		"mail/resendtest":  {nil, "it stands in for the provider, and shares nothing with what it tests"},

		"httpserver/certtest": {nil, "it issues certificates, and shares nothing with what it tests"},
	}
}

// onlyFor names packages that few may import, whatever their rule says, and why.
func onlyFor() map[string]rule {
	return map[string]rule{
		"sql":        {[]string{"cmd/bursar", "db/dbtest"}, "only cmd decides when a schema is migrated"},
		"pg":         {[]string{"bench/testbed", "cmd/bursar", "db/dbtest"}, "everybody else is given a pool and does not ask where its server comes from"},
		"cmd/bursar": {nil, "a program is the end of the line"},

		"cmd/bursar-bench": {nil, "a program is the end of the line"},
		"bench/hostile":    {[]string{"cmd/bursar-bench"}, "the product contains no attacker"},
		"bench/compare":    {[]string{"cmd/bursar-bench"}, "comparing builds is for developers, and no part of the product"},

		"db/dbtest": {nil, "test code does not go into the program"},
		"test":      {nil, "test code does not go into the program"},

		"pg/scratch":       {[]string{"db/dbtest"}, "test code does not go into the program"},
		"auth/sso/ssotest": {nil, "test code does not go into the program"},
		"mail/resendtest":  {nil, "test code does not go into the program"},

		"httpserver/certtest": {nil, "test code does not go into the program"},
	}
}

// Imports point one way: cmd → graph, worker → enforce → db → fault. Each forbidden edge is named with its reason.
func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	packages := list(t)
	for importer, imports := range packages {
		own, known := rules()[importer]
		if !known {
			t.Errorf("%s has no rule: say in rules() what it may import and why nothing else", importer)
			continue
		}
		for _, imported := range imports {
			if !slices.Contains(own.may, imported) && !slices.Contains(own.may, "...") {
				t.Errorf("%s must not import %s: %s", importer, imported, own.reason)
			}
			if few, restricted := onlyFor()[imported]; restricted && !slices.Contains(few.may, importer) {
				t.Errorf("%s must not import %s: %s", importer, imported, few.reason)
			}
		}
	}
	if _, found := packages["db"]; !found {
		t.Errorf("go list found no package db among %d: the test has looked at nothing", len(packages))
	}
}

// list returns what each of Bursar's packages imports of Bursar, without what its tests import.
func list(t *testing.T) map[string][]string {
	t.Helper()
	const module = "bursar/"
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...")
	output, err := command.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	packages := map[string][]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read the answer of go list: %v", err)
		}
		importer := strings.TrimPrefix(p.ImportPath, module)
		packages[importer] = nil
		for _, imported := range p.Imports {
			if name, ours := strings.CutPrefix(imported, module); ours {
				packages[importer] = append(packages[importer], name)
			}
		}
	}
}
