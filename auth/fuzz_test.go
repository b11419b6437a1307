package auth

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"testing"
)

// A text is a secret only in the one form that NewSecret gives it: its prefix, 256 bits in base 62 and their checksum; no other
// text passes for it, nor for a secret of another kind.
func FuzzSecret(f *testing.F) {
	for _, seed := range []string{NewSecret(APIKeyPrefix).Text, NewSecret(AccessTokenPrefix).Text, "bsr_", "", "bst_" + "é",
		"bsr_00000000000000000000000000000000000000000000000000", "Bearer bst_", NewSecret(APIKeyPrefix).Text + "\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, token := IsSecret(text, APIKeyPrefix), IsSecret(text, AccessTokenPrefix)
		if key && token {
			t.Fatalf("%q is of two kinds", text)
		}
		if len(Hash(text)) != 32 {
			t.Fatalf("the hash of %q has %d bytes", text, len(Hash(text)))
		}
		if !key && !token {
			return
		}
		body := text[:len(text)-checksumDigits]
		if body+checksum(body) != text {
			t.Fatalf("%q passes with a wrong checksum", text)
		}
		for i := range []byte(text) { // any single other character is noticed
			changed := []byte(text)
			changed[i] ^= 1
			if IsSecret(string(changed), text[:4]) {
				t.Fatalf("%q passes as well as %q", changed, text)
			}
		}
	})
}

// Whatever 256 bits are drawn, what is made of them is a secret of its kind, and different bits make a different one.
func FuzzDigits(f *testing.F) {
	for _, seed := range []string{"", "AA", "//////////////////////////////////////////8", "AQID"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, encoded string) {
		random, err := base64.RawStdEncoding.DecodeString(encoded)
		if err != nil || len(random) > randomBytes {
			return
		}
		number := new(big.Int).SetBytes(random)
		body := APIKeyPrefix + digits(new(big.Int).Set(number), randomDigits)
		if !IsSecret(body+checksum(body), APIKeyPrefix) {
			t.Fatalf("%x becomes %q, which is no secret", random, body)
		}
		back := new(big.Int)
		for _, digit := range []byte(body[len(APIKeyPrefix):]) {
			back.Mul(back, big.NewInt(int64(len(alphabet)))).Add(back, big.NewInt(int64(bytes.IndexByte([]byte(alphabet), digit))))
		}
		if back.Cmp(number) != 0 {
			t.Fatalf("%x becomes %q, which is %x", random, body, back)
		}
	})
}
