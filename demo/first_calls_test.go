package demo

import (
	"testing"

	"bursar/auth"
)

// The key for first calls is made once, and its secret is that of the first run in every later one; a folder without it gets a new secret of the
// same key.
func TestKeyForFirstCalls(t *testing.T) {
	t.Parallel()
	pool, folder := server.New(t), t.TempDir()
	secretOf := func(folder string) string {
		t.Helper()
		d, err := Open(t.Context(), pool, folder)
		if err != nil {
			t.Fatal(err)
		}
		if !auth.IsSecret(d.APIKey, auth.APIKeyPrefix) {
			t.Fatalf("%q is no secret of an API key", d.APIKey)
		}
		return d.APIKey
	}
	first := secretOf(folder)
	if secretOf(folder) != first {
		t.Error("a later run has another secret")
	}
	if secretOf(t.TempDir()) == first {
		t.Error("another folder has the first one's secret, which is not stored anywhere else")
	}
	kept, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept.APIKey = "" // as a folder of an earlier build has it
	if err := Save(folder, kept); err != nil {
		t.Fatal(err)
	}
	if secretOf(folder) == first {
		t.Error("a secret that is not known was found")
	}
	for table, want := range map[string]int{
		"api_keys where name = 'Your first calls'": 1, "api_keys": 22, "recipients where email = 'you@demo.test'": 1,
		"api_key_secrets s where transition_ends_at is null and exists (select from api_keys k where k.id = s.api_key_id and name = 'Your first calls')": 1,
	} {
		if got := count(t, pool, table); got != want {
			t.Errorf("%s: %d rows, want %d", table, got, want)
		}
	}
}
