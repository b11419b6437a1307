package bench

import (
	"strconv"

	"github.com/google/uuid"
)

// Data is an organization that was loaded.
type Data struct {
	OrganizationID uuid.UUID // the zero UUID if unknown
	Keys           int       // its API keys, numbered from 0
	Token          string    // access token of role GATEWAY
	salt           string    // prefix of its keys' secrets, unique among organizations and runs
	secretAsKey    bool      // the server takes secrets as key alone; see FindKeyField
}

// secretDigits is the width of the number that ends a secret. Secrets are numbered and not random, so that a million of them
// need no memory.
const secretDigits = 8

// Secret returns the secret of a key.
func (d *Data) Secret(number int) string { return string(d.appendSecret(nil, number)) }

// appendSecret appends the secret of a key.
func (d *Data) appendSecret(to []byte, number int) []byte {
	to = append(to, d.salt...)
	for width := 10_000_000; width > number && width > 1; width /= 10 {
		to = append(to, '0')
	}
	return strconv.AppendInt(to, int64(number), 10)
}
