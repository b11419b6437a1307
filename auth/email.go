package auth

import (
	"net/mail"
	"strings"
	"unicode"
)

// MaxEmail is how many bytes an e-mail address has at most.
const MaxEmail = 254

// IsEmail tells whether a text is one e-mail address, as finance@example.com, without a name, control characters or a secret.
func IsEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= MaxEmail && strings.Contains(text, "@") &&
		!strings.ContainsFunc(text, unicode.IsControl) && !HoldsSecret(text)
}
