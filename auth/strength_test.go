package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// Guarantee: a secret that was drawn at random, in any of the usual spellings, is said to have its bits, however it came out.
func TestStrengthOfRandomSecrets(t *testing.T) {
	t.Parallel()
	random := func(bytes int) []byte {
		b := make([]byte, bytes)
		_, _ = rand.Read(b)
		return b
	}
	for name, draw := range map[string]struct {
		draw        func() string
		least, most float64
	}{
		"bursar token root":       {func() string { return NewSecret(AccessTokenPrefix).Text }, 256, 360},
		"bursar dev's":            {func() string { return "root_" + rand.Text() }, 128, 210},
		"rand.Text":               {rand.Text, 122, 150},
		"openssl rand -hex 16":    {func() string { return hex.EncodeToString(random(16)) }, 128, 128},
		"openssl rand -hex 32":    {func() string { return hex.EncodeToString(random(32)) }, 240, 256},
		"openssl rand -base64 32": {func() string { return base64.StdEncoding.EncodeToString(random(32)) }, 230, 290},
		"base64url of 32 bytes":   {func() string { return base64.RawURLEncoding.EncodeToString(random(32)) }, 230, 290},
		"hex of 15 bytes":         {func() string { return hex.EncodeToString(random(15)) }, 110, 127},
		"a UUID":                  {uuid.NewString, 122, 122},
	} {
		failed := 0
		for range 2000 {
			secret := draw.draw()
			if bits := Strength(secret); bits < draw.least || bits > draw.most {
				// one in 10,000 repeats a part of itself by chance, so that more than two of 2,000 do in one run of 1,000
				if failed++; failed > 10 {
					t.Fatalf("%s: %q is said to have %.1f bits, want %v to %v", name, secret, bits, draw.least, draw.most)
				}
			}
		}
	}
}

// Guarantee: what people make up has less than 128 bits, however long it is: words, repetitions, rows of keys, few characters.
func TestStrengthOfMadeUpSecrets(t *testing.T) {
	t.Parallel()
	for secret, most := range map[string]float64{
		"":                                             0,
		"hunter2hunter2hunter2hunter2":                 60,
		strings.Repeat("a", 200):                       8,
		strings.Repeat("ab", 100):                      8,
		strings.Repeat("0123456789", 10):               40,
		"abcdefghijklmnopqrstuvwxyz012345":             80,
		"qwertyuiopasdfghjklzxcvbnm1234567890":         80,
		"QWERTYUIOPasdfghjklZXCVBNM1234567890":         80,
		"correct-horse-battery-staple":                 52,
		"the-token-of-our-operator-in-production":      91,
		"The_Token_Of_Our_Operator":                    65,
		"a-root-token-that-a-person-chose":             104,
		"root-token-of-the-tests":                      65,
		"4721 8823 1234 5678":                          127,
		"passwordpasswordpasswordpassword":             20,
		"550e8400-e29b-41d4-a716-446655440000":         122,
		"Tr0ub4dor&3":                                  80,
		"2026-11-28-production-root-token":             100,
		"aB3$aB3$aB3$aB3$aB3$aB3$aB3$aB3$aB3$aB3$aB3$": 60,
	} {
		bits := Strength(secret)
		if bits > most {
			t.Errorf("%q is said to have %.1f bits, want at most %v", secret, bits, most)
		}
	}
}
