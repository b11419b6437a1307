package wire

import "slices"

// name is the name of a member, as far as it matters while an answer passes.
type name byte

// The names.
const (
	nameOther  name = iota
	nameText        // of generated text
	nameUsage       // usage, usageMetadata
	nameError       // error
	nameType        // type
	nameFinish      // finishReason, finish_reason
	nameSearch      // webSearchQueries
)

// named returns what a name means.
func (s *sieve) named(content []byte) name {
	switch string(content) {
	case "usage", "usageMetadata":
		return nameUsage
	case "error":
		return nameError
	case "type":
		return nameType
	case "finishReason", "finish_reason":
		return nameFinish
	case "webSearchQueries":
		return nameSearch
	}
	if slices.Contains(s.texts, string(content)) {
		return nameText
	}
	return nameOther
}
