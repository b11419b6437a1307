package importer

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"bursar/auth"
	"bursar/db"
)

const (
	maxEntries = 50
	maxBytes   = 16 << 10
)

// Metadata returns an object of a record as a flat object of strings, without the names that are left out: what is no text is written as JSON.
// What is too much, or holds a secret, is left out, which the report says.
func (r *Record) Metadata(field string, object map[string]any, without ...string) db.Metadata {
	metadata, size := db.Metadata{}, 0
	for _, name := range slices.Sorted(maps.Keys(object)) {
		v := object[name]
		if v == nil || slices.Contains(without, name) {
			continue
		}
		text := show(v)
		switch {
		case strings.ContainsRune(name+text, 0) || !utf8.ValidString(name+text):
			r.Report.Add(Lost, r.Name, field+"."+strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""), "it has characters that cannot be stored, such as NUL: it is left out", "")
		case auth.HoldsSecret(name) || auth.HoldsSecret(text):
			r.Report.Add(Lost, r.Name, field, "an entry holds the secret of an API key or a token, which would be stored and shown: it is left out", "")
		case len(metadata) == maxEntries || size+len(name)+len(text) > maxBytes:
			r.Report.Add(Lost, r.Name, field, "it has more than 50 entries or 16 KiB: further ones are left out", name)
		default:
			metadata[name], size = text, size+len(name)+len(text)
		}
	}
	return metadata
}
