package command_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/apply/command"
	"bursar/graph/graphtest"
)

var kit *graphtest.Kit

// asProgram has the test's binary be bursar apply, of the file that it names.
const asProgram = "BURSAR_TEST_APPLY"

func TestMain(m *testing.M) {
	if file := os.Getenv(asProgram); file != "" {
		a := &command.Apply{File: []string{file}, Yes: true, Parallel: 4, Secrets: file + ".secrets", Server: command.Server{Token: os.Getenv("BURSAR_TOKEN")}}
		if err := a.Server.URL.UnmarshalText([]byte(os.Getenv("BURSAR_URL"))); err != nil {
			panic(err)
		}
		if err := a.Run(context.Background(), command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}); err != nil {
			panic(err)
		}
		return
	}
	graphtest.Main(m, func(k *graphtest.Kit) { kit = k })
}

// terminal is what a command reads and what it printed.
type terminal struct {
	t        *testing.T
	api      *graphtest.API
	out, err strings.Builder
}

// run runs the command with a token of an ADMIN. The input is a terminal's where it is not empty.
func (x *terminal) run(input string, change func(*command.Apply)) error {
	x.t.Helper()
	x.out.Reset()
	x.err.Reset()
	a := &command.Apply{Parallel: 2, Server: command.Server{Token: x.api.Admin}}
	if err := a.Server.URL.UnmarshalText([]byte(x.api.URL + "/")); err != nil {
		x.t.Fatal(err)
	}
	change(a)
	return a.Run(x.t.Context(), command.Streams{In: strings.NewReader(input), Out: &x.out, Err: &x.err, Interactive: input != ""})
}

func (x *terminal) keys() (number int) {
	x.t.Helper()
	if err := x.api.Pool.QueryRow(x.t.Context(), "select count(*) from api_keys where revoked_at is null").Scan(&number); err != nil {
		x.t.Fatal(err)
	}
	return number
}

func code(err error) int {
	if coded, ok := errors.AsType[interface {
		error
		ExitCode() int
	}](err); ok {
		return coded.ExitCode()
	}
	return -1
}

// Guarantee: the examples are planned and applied as the manual says: a plan changes nothing and says by its exit code whether there are changes; nothing is done without a yes; a
// key that was used is named before it is revoked; what is exported is applied without a change; no secret is printed.
func TestCommand(t *testing.T) {
	t.Parallel()
	x := &terminal{t: t, api: kit.NewAPI(t)}
	folder := t.TempDir()
	for _, name := range []string{"acme.yaml", "search-keys.yaml"} {
		content, err := os.ReadFile(filepath.Join("..", "..", "examples", "apply", name))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(content), "slug: acme", "slug: "+x.api.Tenant.Organization.Slug)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	secrets := filepath.Join(t.TempDir(), "new-keys.jsonl")
	plan := func(a *command.Apply) { a.File, a.Plan, a.DetailedCode = []string{folder}, true, true }
	if err := x.run("", plan); code(err) != 2 || !strings.Contains(x.out.String(), "+ API key search/search-prod") || x.keys() != 1 {
		t.Fatalf("%v, %s", err, x.out.String())
	}
	create := func(a *command.Apply) { a.File, a.Secrets = []string{folder}, secrets }
	for input, want := range map[string]string{"": "no terminal", "no\n": "nothing was changed", "y\n": "nothing was changed"} {
		if err := x.run(input, create); err == nil || !strings.Contains(err.Error(), want) || x.keys() != 1 {
			t.Errorf("%q: %v", input, err)
		}
	}
	if err := x.run("yes\n", create); err != nil || !strings.Contains(x.err.String(), "8 changes were made") || x.keys() != 3 {
		t.Fatalf("%v, %s, %s", err, x.out.String(), x.err.String())
	}
	content, err := os.ReadFile(secrets)
	if err != nil || strings.Count(string(content), "bsr_") != 4 || strings.Contains(x.out.String()+x.err.String(), "bsr_") {
		t.Errorf("%s, %v", content, err)
	}
	if err := x.run("", plan); err != nil || !strings.Contains(x.out.String(), ": no changes") {
		t.Errorf("%v, %s", err, x.out.String())
	}
	if err := x.run("", func(a *command.Apply) { a.Export = true }); err != nil || !strings.Contains(x.out.String(), "externalId: search-prod") {
		t.Fatalf("%v, %s", err, x.out.String())
	}
	exported := x.out.String()
	if err := x.run(exported, func(a *command.Apply) { a.File, a.Plan, a.DetailedCode = []string{"-"}, true, true }); err != nil {
		t.Errorf("the export has changes: %v\n%s\n%s", err, x.out.String(), exported)
	}
	if err := x.run(exported, func(a *command.Apply) { a.File = []string{"-"} }); err != nil {
		t.Errorf("nothing to do needs a yes: %v", err)
	}

	_, rest, _ := strings.Cut(string(content), `"secret":"`)
	key, _, _ := strings.Cut(rest, `"`)
	x.api.Run(x.api.Gateway, "RecordUsage", map[string]any{"input": map[string]any{"secret": key, "cost": "0.01"}})
	slug := "organization: {slug: " + x.api.Tenant.Organization.Slug + "}\n"
	left := filepath.Join(t.TempDir(), "left.yaml")
	if err := os.WriteFile(left, []byte("owner: search-team\n"+slug), 0o600); err != nil {
		t.Fatal(err)
	}
	prune := func(a *command.Apply) { a.File, a.Prune = []string{left}, true }
	if err := x.run("no\n", prune); err == nil || !strings.Contains(x.err.String(), "1 API keys that were used will be revoked for good, search/search-") || x.keys() != 3 {
		t.Errorf("%v, %s", err, x.err.String())
	}
	if err := x.run("", func(a *command.Apply) { prune(a); a.Yes = true }); err != nil || x.keys() != 1 {
		t.Errorf("%v, %s", err, x.err.String())
	}
	if err := x.run("", func(a *command.Apply) { prune(a); a.JSON, a.Plan = true, true }); err != nil || !strings.HasPrefix(x.out.String(), "{") {
		t.Errorf("%v, %s", err, x.out.String())
	}
}

// Guarantee: flags that do not fit, files with mistakes and servers that refuse are errors with a reason, and nothing is changed.
func TestMisuse(t *testing.T) {
	t.Parallel()
	x := &terminal{t: t, api: kit.NewAPI(t)}
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(wrong, []byte("organization: {slug: a, x: 1}\nowner: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*command.Apply){
		"-f is not given":             func(*command.Apply) {},
		"give one of them":            func(a *command.Apply) { a.Export, a.File = true, []string{wrong} },
		"--parallel":                  func(a *command.Apply) { a.File, a.Parallel = []string{wrong}, 0 },
		"about --plan":                func(a *command.Apply) { a.File, a.DetailedCode = []string{wrong}, true },
		"--organization is about":     func(a *command.Apply) { a.File, a.Organization = []string{wrong}, "a" },
		"where do secrets go":         func(a *command.Apply) { a.File, a.Secrets, a.SecretsCommand = []string{wrong}, "a", "b" },
		"the files have 2 mistakes":   func(a *command.Apply) { a.File = []string{wrong} },
		"no such file":                func(a *command.Apply) { a.File = []string{wrong + ".none"} },
		"has no files":                func(a *command.Apply) { a.File = []string{t.TempDir()} },
		"UNAUTHENTICATED":             func(a *command.Apply) { a.Export, a.Server.Token = true, "bst_nobody" },
		"bursar dev has left none in": func(a *command.Apply) { a.Export, a.Server.Token, a.Server.DataDir = true, "", t.TempDir() },
		"there is no organization":    func(a *command.Apply) { a.Export, a.Server.Token, a.Organization = true, graphtest.RootToken, "none" },
	} {
		if err := x.run("", change); err == nil || !strings.Contains(err.Error(), want) || x.out.String() != "" {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if err := x.run("", func(a *command.Apply) { a.File = []string{wrong} }); err == nil || !strings.Contains(x.err.String(), wrong+":1: organization.x") || !strings.Contains(x.err.String(), wrong+":2: owner") {
		t.Errorf("the mistakes are %s", x.err.String())
	}
	if err := x.run("", func(a *command.Apply) { a.Schema = true }); err != nil || !strings.Contains(x.out.String(), `"$schema": "https://json-schema.org/draft/2020-12/schema"`) {
		t.Errorf("%v, %s", err, x.out.String())
	}
}
