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

// What has the form of a secret is taken out of a text, whatever stands around it, and nothing else is.
func TestRedact(t *testing.T) {
	t.Parallel()
	key, token := NewSecret(APIKeyPrefix).Text, NewSecret(AccessTokenPrefix).Text
	for text, want := range map[string]string{
		"key " + key + " and \"" + token + "\"": `key bsr_[secret] and "bst_[secret]"`,
		key[:20]:                                "bsr_[secret]",
		"postgres://u:hunter2@h:5432/x?a=b":     "postgres://u:[secret]@h:5432/x?a=b",
		"Bearer eyJhbGciOiJI.eyJzdWIiOiIx.c2ln": "Bearer eyJ[secret]",
		"whsec_MfKQ9r8GKYqrTwjU":                "whsec_[secret]",
		"root_ABCDEFGHIJKLMNOPQRSTUVWXYZ":       "root_[secret]",
		"re_123456789_abcdefghij":               "re_[secret]",
		"bsr_abc1234":                           "bsr_abc1234",
		"http://127.0.0.1:8080/graphql":         "http://127.0.0.1:8080/graphql",
		"more_or_less, there_is root_cause":     "more_or_less, there_is root_cause",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}

// A whole secret is found in a text; look-alikes with a wrong checksum are none.
func TestHoldsSecret(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{APIKeyPrefix, AccessTokenPrefix} {
		secret := NewSecret(prefix).Text
		for text, want := range map[string]bool{
			"eyJhbGciOiJI.eyJzdWIiOiIx.c2ln": true, secret: true, "my key is " + secret + ".": true, "bsr_bst_" + secret: true,
			secret[:len(secret)-1]: false, secret[:len(secret)-1] + "!": false, secret[1:]: false, "": false, prefix: false,
		} {
			if HoldsSecret(text) != want {
				t.Errorf("%q holds a secret: %v", text, !want)
			}
		}
	}
}

// Of a secret, and of its beginning that is longer than its prefix, the prefix is known; of no other text.
func TestPrefixOf(t *testing.T) {
	t.Parallel()
	secret := NewSecret(APIKeyPrefix)
	for length := range len(secret.Text) + 1 {
		prefix, ok := PrefixOf(secret.Text[:length], APIKeyPrefix)
		if ok != (length > len(secret.Prefix)) || ok && prefix != secret.Prefix {
			t.Errorf("%d characters: %q, %t", length, prefix, ok)
		}
	}
	for _, other := range []string{secret.Text + "0", "bsr_abc def ghi", "bsr_abcdéfghij", NewSecret(AccessTokenPrefix).Text, " " + secret.Text} {
		if prefix, ok := PrefixOf(other, APIKeyPrefix); ok {
			t.Errorf("%q: %q", other, prefix)
		}
	}
}
