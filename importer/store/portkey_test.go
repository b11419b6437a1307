package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/importer"
	"bursar/importer/portkey"
	"bursar/importer/store"
)

// Guarantee: Portkey's API keys get new secrets, which stand in a file that nobody else may read, and are those that are in force; secrets that are given stay; recipients
// and policies are made; another run changes nothing and needs no file.
func TestPortkey(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	source, err := portkey.Read([]string{"../portkey/testdata"})
	if err != nil {
		t.Fatal(err)
	}
	given := "portkey-secret-of-the-owner-0123456789"
	planned := func() *importer.Plan {
		return portkey.Plan(source, portkey.Options{Source: "portkey", Calendar: calendar(), Secrets: map[string]string{"k-1": given}})
	}
	plan := planned()
	if problems := resolve(t, pool, plan, store.Target{}); len(problems) > 0 {
		t.Fatal(problems)
	}
	name := filepath.Join(t.TempDir(), "secrets.csv")
	file, err := store.CreateSecretsFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.CreateSecretsFile(name); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file that exists is written over: %v", err)
	}
	a := applier(pool)
	a.Secrets = file
	if err := a.Apply(t.Context(), plan); err != nil {
		t.Fatal(cause(err))
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of secrets: %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	equal(t, "lines of the file", len(lines), 6)
	for _, line := range lines[1:] {
		secret := line[strings.LastIndex(line, ",")+1:]
		equal(t, "API keys with a secret of the file", query[int](t, pool, `select count(*) from find_api_key(null, sha256($1::text::bytea), null, now())`, secret), 1)
	}
	equal(t, "the secret that was given is of", query[string](t, pool, `select k.name || ' ' || k.prefix from find_api_key(null, sha256($1::text::bytea), null, now()) k`, given), "Production por...6789")
	equal(t, "recipients", query[string](t, pool, `select string_agg(email, ' ') from recipients`), "ada@acme.test")
	equal(t, "policies", query[string](t, pool, `select string_agg(name, ', ' order by name collate "C") from policies`), "Portkey p-3, each user")
	equal(t, "tokens of opening balances", query[int](t, pool, `select sum(input_tokens)::integer from usage_events`), 2500)
	verifyBooks(t, pool)
	before := everything(t, pool)
	again := planned()
	resolve(t, pool, again, store.Target{})
	if err := applier(pool).Apply(t.Context(), again); err != nil {
		t.Fatal(cause(err))
	}
	equal(t, "after a second run", everything(t, pool), before)
}

// Guarantee: secrets of an organization that was not made are taken out of the file, those before them stay.
func TestSecretsOfAFailureAreTakenAway(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "secrets.csv")
	file, err := store.CreateSecretsFile(name)
	if err != nil {
		t.Fatal(err)
	}
	o, key := &importer.Organization{Slug: "acme"}, &importer.Key{Name: "=cmd()"}
	for _, text := range []string{"first", "second"} {
		if err := file.Add(o, []store.Secret{{Key: key, Text: text}}); err != nil {
			t.Fatal(err)
		}
		if text == "first" {
			file.Keep()
		}
	}
	for range 2 {
		if err := file.Undo(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(text), "'=cmd(),first") || strings.Contains(string(text), "second") {
		t.Errorf("%v, %s", err, text)
	}
}
