package scalar

import (
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
)

const (
	maxMetadataEntries = 50
	maxMetadataBytes   = 16 << 10
)

// MarshalMetadata writes a flat object of strings.
func MarshalMetadata(m db.Metadata) graphql.Marshaler {
	if m == nil {
		m = db.Metadata{}
	}
	return graphql.MarshalAny(m)
}

// UnmarshalMetadata reads a flat object of strings within its bounds.
func UnmarshalMetadata(v any) (db.Metadata, error) {
	object, isObject := v.(map[string]any)
	if !isObject {
		return nil, fault.New(fault.BadUserInput, "must be an object of strings")
	}
	if len(object) > maxMetadataEntries {
		return nil, fault.New(fault.BadUserInput, "at most %d entries", maxMetadataEntries)
	}
	metadata, size := make(db.Metadata, len(object)), 0
	for key, value := range object {
		text, isString := value.(string)
		if !isString {
			return nil, fault.New(fault.BadUserInput, "every value must be a string")
		}
		if size += len(key) + len(text); size > maxMetadataBytes {
			return nil, fault.New(fault.BadUserInput, "at most %d bytes in all", maxMetadataBytes)
		}
		if strings.ContainsRune(key+text, 0) || !utf8.ValidString(key+text) {
			return nil, fault.New(fault.BadUserInput, "must be text without NUL characters")
		}
		if auth.HoldsSecret(key) || auth.HoldsSecret(text) {
			return nil, fault.New(fault.BadUserInput, "must not hold the secret of an API key or a token: it would be stored and shown")
		}
		metadata[key] = text
	}
	return metadata, nil
}
