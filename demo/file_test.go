package demo

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"bursar/auth"
	"bursar/db"
)

// What Save kept Load returns, and no other account can read it.
func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "not", "there", "yet")
	want := Demo{
		OrganizationID: "org_1",
		AdminToken:     auth.NewSecret(auth.AccessTokenPrefix).Text,
		GatewayToken:   auth.NewSecret(auth.AccessTokenPrefix).Text,
		KeySecrets:     []string{auth.NewSecret(auth.APIKeyPrefix).Text},
	}
	for range 2 { // the second replaces the first
		if err := Save(folder, &want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("Load returned %+v, want %+v", *got, want)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the folder has %v, error %v, want the one file", entries, err)
	}
	if info, err := entries[0].Info(); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, error %v, want 0600", info.Mode(), err)
	}
}

// A folder without tokens is told from one whose file is broken.
func TestLoadFails(t *testing.T) {
	t.Parallel()
	if _, err := Load(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v for an empty folder, want fs.ErrNotExist", err)
	}
	for name, text := range map[string]string{
		"empty": "", "no JSON": "{", "no tokens": "{}",
		"a shortened token": `{"organizationId": "org_1", "adminToken": "bst_1", "gatewayToken": "bst_2"}`,
	} {
		folder := t.TempDir()
		write(t, folder, text)
		if d, err := Load(folder); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), fileName) {
			t.Errorf("%s: %+v, error %v, want an error that names the file", name, d, err)
		}
	}
}

// Later runs have the first run's tokens.
func TestOpenKeepsTokens(t *testing.T) {
	t.Parallel()
	pool, folder := server.New(t), t.TempDir()
	first, err := Open(t.Context(), pool, folder)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), pool, folder)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Created || second.Created || second.AdminToken != first.AdminToken || second.GatewayToken != first.GatewayToken {
		t.Errorf("first %+v, second %+v", *first, *second)
	}
}

// Tokens that were lost, or that are another database's, are replaced by ones that work.
func TestOpenReplacesLostTokens(t *testing.T) {
	t.Parallel()
	pool, folder := server.New(t), t.TempDir()
	if _, err := Create(t.Context(), pool); err != nil { // killed before it saved them
		t.Fatal(err)
	}
	for range 2 {
		d, err := Open(t.Context(), pool, folder)
		if err != nil {
			t.Fatal(err)
		}
		expectToken(t, pool, d, d.AdminToken, db.TokenRoleADMIN)
		expectToken(t, pool, d, d.GatewayToken, db.TokenRoleGATEWAY)

		other := *d // the second time the file is of another database
		other.OrganizationID = "org_other"
		if err := Save(folder, &other); err != nil {
			t.Fatal(err)
		}
	}
	if tokens := count(t, pool, "access_tokens"); tokens != 6 {
		t.Errorf("%d tokens, want 2 lost ones and 4 new ones", tokens)
	}
}

// A broken file is left for its owner to look at.
func TestOpenRefusesBrokenFile(t *testing.T) {
	t.Parallel()
	pool, folder := server.New(t), t.TempDir()
	if _, err := Create(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	write(t, folder, "{")
	if d, err := Open(t.Context(), pool, folder); err == nil {
		t.Errorf("Open returned %+v", *d)
	}
	if tokens := count(t, pool, "access_tokens"); tokens != 2 {
		t.Errorf("%d tokens, want 2", tokens)
	}
}

func write(t *testing.T, folder, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, fileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The README's first command takes the key for first calls, and no other, out of the file that Save writes.
func TestReadmeFindsTheKey(t *testing.T) {
	t.Parallel()
	folder, secret := t.TempDir(), auth.NewSecret(auth.APIKeyPrefix).Text
	if err := Save(filepath.Join(folder, ".bursar"), &Demo{
		OrganizationID: "org_1", APIKey: secret, KeySecrets: []string{auth.NewSecret(auth.APIKeyPrefix).Text, auth.NewSecret(auth.APIKeyPrefix).Text},
	}); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "OPENAI_API_KEY=$(")
	command, _, found := strings.Cut(after, ".bursar/demo.json)")
	if !found {
		t.Fatal("the README takes the key out of .bursar/demo.json no more")
	}
	shell := exec.CommandContext(t.Context(), "sh", "-c", command+".bursar/demo.json") //nolint:gosec // the README's own words
	shell.Dir = folder
	if printed, err := shell.Output(); err != nil || strings.TrimSpace(string(printed)) != secret {
		t.Errorf("printed %q, %v", printed, err)
	}
}
