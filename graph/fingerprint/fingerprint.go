// Package fingerprint tells a repeated request from another one with the same request id.
package fingerprint

import (
	"crypto/sha256"
	"encoding/json"

	"bursar/enforce"
)

// OfReport returns the fingerprint of a report's contents. What it has had since the first release is in it by
// position; later fields of the usage are in it by name, unless they are zero (see db.ReportedUsage).
func OfReport(request *enforce.RecordRequest) []byte {
	usage := &request.Usage
	contents := []any{request.ReservationID, usage.Requests, usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens,
		usage.CostNanos, usage.Provider, usage.Model, usage.Metadata, usage.OccurredAt}
	if later := encoded(usage); string(later) != "{}" {
		contents = append(contents, json.RawMessage(later))
	}
	return Of(contents...)
}

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
