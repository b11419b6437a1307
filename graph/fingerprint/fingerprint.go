// Package fingerprint tells a repeated request from another one with the same request id.
package fingerprint

import (
	"crypto/sha256"
	"encoding/json"

	"bursar/enforce"
)

// OfReport returns the fingerprint of a report's contents. What it has had since the first release is in it by
// position; later fields of the usage are in it by name, unless they are zero (see db.ReportedUsage).
//
// A cost that is not given and one of 0 have the same hash, as the first release makes no difference, and another byte behind it: the database
// compares fingerprints as far as both go (see decide_reports). So each matches what the first release has stored, and not the other.
func OfReport(request *enforce.RecordRequest) []byte {
	usage := &request.Usage
	contents := []any{request.ReservationID, usage.Requests, usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens,
		max(usage.CostNanos, 0), usage.Provider, usage.Model, usage.Metadata, usage.OccurredAt}
	if later := encoded(usage); string(later) != "{}" {
		contents = append(contents, json.RawMessage(later))
	}
	hash := Of(contents...)
	switch {
	case usage.CostNanos < 0:
		return append(hash, costNotGiven)
	case usage.CostNanos == 0:
		return append(hash, costOfZero)
	}
	return hash
}

// What is behind the hash of a report that costs nothing, or does not say what it costs.
const (
	costNotGiven byte = 1
	costOfZero   byte = 2
)

// Of returns a hash of a request's contents. The key is not among them: the function compares it by its id, so
// that a retry may present the key's secret before a rotation, the one after it, or its id.
func Of(contents ...any) []byte {
	sum := sha256.Sum256(encoded(contents))
	return sum[:]
}

// encoded returns contents as JSON.
func encoded(contents any) []byte {
	text, err := json.Marshal(contents)
	if err != nil {
		panic(err) // numbers, strings, times and arrays of bytes always encode
	}
	return text
}
