package bench

import (
	"strconv"

	"github.com/google/uuid"
)

// Data is an organization that was loaded.
type Data struct {
	OrganizationID uuid.UUID
	Keys           int    // its API keys, numbered from 0
	Token          string // of its gateway
	salt           string // begins its keys' secrets: no other organization's, and no other run's
}

// secretDigits is the width of the number that ends a secret. Secrets are counted, not drawn: a million of them need no memory.
const secretDigits = 8

// appendSecret appends the secret of a key.
func (d *Data) appendSecret(to []byte, number int) []byte {
	to = append(to, d.salt...)
	for width := 10_000_000; width > number && width > 1; width /= 10 {
		to = append(to, '0')
	}
	return strconv.AppendInt(to, int64(number), 10)
}
