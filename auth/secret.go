package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"math/big"
	"strings"
)

// Prefixes by which people and scanners know a secret.
const (
	APIKeyPrefix      = "bsr_"
	AccessTokenPrefix = "bst_"
)

const (
	alphabet       = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	randomBytes    = 32 // 256 bits
	randomDigits   = 43 // base 62 digits of 256 bits
	checksumDigits = 6  // base 62 digits of a CRC-32, as in GitHub's token format
	shownDigits    = 6  // of the random part, kept to tell secrets apart
)

// Secret is a new API key or access token.
type Secret struct {
	Text   string // what its owner is shown once
	Prefix string // its first characters, to tell it from others
	Hash   []byte // what is stored: SHA-256, enough for 256 random bits
}

// NewSecret returns a secret with the given prefix: 256 random bits and a checksum, so that scanners can tell a real one
// from a look-alike without asking.
func NewSecret(prefix string) Secret {
	var random [randomBytes]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand stops the program instead
	body := prefix + digits(new(big.Int).SetBytes(random[:]), randomDigits)
	text := body + checksum(body)
	return Secret{Text: text, Prefix: text[:len(prefix)+shownDigits], Hash: Hash(text)}
}

// PrefixOf returns the prefix that is kept of the secret that a text is, or of which it is the beginning; false for a text that is no longer than
// that, or that no secret with the given prefix begins with.
func PrefixOf(text, prefix string) (string, bool) {
	shown := len(prefix) + shownDigits
	if len(text) <= shown || len(text) > len(prefix)+randomDigits+checksumDigits || !strings.HasPrefix(text, prefix) {
		return "", false
	}
	return text[:shown], strings.Trim(text[len(prefix):], alphabet) == ""
}

// Hash returns what is stored of a secret.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// IsSecret tells whether a text has the form of a secret with the given prefix: its length, alphabet and checksum.
func IsSecret(text, prefix string) bool {
	if len(text) != len(prefix)+randomDigits+checksumDigits || !strings.HasPrefix(text, prefix) {
		return false
	}
	if strings.Trim(text[len(prefix):], alphabet) != "" {
		return false
	}
	body := text[:len(text)-checksumDigits]
	return text[len(body):] == checksum(body)
}

func checksum(body string) string {
	var sum [4]byte
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE([]byte(body)))
	return digits(new(big.Int).SetBytes(sum[:]), checksumDigits)
}

// digits writes a number in base 62, padded to a width.
func digits(n *big.Int, width int) string {
	text := make([]byte, width)
	base, digit := big.NewInt(int64(len(alphabet))), new(big.Int)
	for i := width - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		text[i] = alphabet[digit.Int64()]
	}
	return string(text)
}
