package db

import "strings"

const (
	ownSecrets = "bsr_" // how our secrets begin
	// NoSecret is the prefix of an API key that never had a secret: see import_api_keys.
	NoSecret = "-"
)

// ForeignSecret tells whether the key's secret was made by another system, from which the key was imported. Its prefix is not that of our secrets: an
// import shows it as that system does, with its last characters.
func (k *APIKey) ForeignSecret() bool {
	return !strings.HasPrefix(k.Prefix, ownSecrets) && k.Prefix != NoSecret
}
