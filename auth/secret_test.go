package auth

import (
	"strings"
	"testing"
)

// A secret has its prefix, 256 random bits and a checksum by which scanners tell a real one from a look-alike.
func TestSecretForm(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		secret := NewSecret(APIKeyPrefix)
		if !IsSecret(secret.Text, APIKeyPrefix) || IsSecret(secret.Text, AccessTokenPrefix) {
			t.Fatalf("%q is not a secret of its kind", secret.Text)
		}
		if !strings.HasPrefix(secret.Text, secret.Prefix) || len(secret.Prefix) != len(APIKeyPrefix)+shownDigits {
			t.Fatalf("prefix %q of %q", secret.Prefix, secret.Text)
		}
		if seen[secret.Text] || string(secret.Hash) != string(Hash(secret.Text)) || len(secret.Hash) != 32 {
			t.Fatalf("%q came twice or has another hash", secret.Text)
		}
		seen[secret.Text] = true
	}
}

// Anything but a real secret is told apart: another character, length, prefix or alphabet.
func TestLookAlikes(t *testing.T) {
	t.Parallel()
	real := NewSecret(AccessTokenPrefix).Text
	for i := range real {
		changed := []byte(real)
		if changed[i] = 'x'; real[i] == 'x' {
			changed[i] = 'y'
		}
		if IsSecret(string(changed), AccessTokenPrefix) {
			t.Errorf("%q is taken for a secret", changed)
		}
	}
	for _, other := range []string{"", AccessTokenPrefix, real + "0", real[:len(real)-1], strings.Repeat("é", 30), "bst_" + strings.Repeat("-", 49)} {
		if IsSecret(other, AccessTokenPrefix) {
			t.Errorf("%q is taken for a secret", other)
		}
	}
}
