package wire

import "bursar/usage"

// What a token is taken to be where nobody has counted, in bytes of UTF-8. English has about 4, code and other languages 3. Input is
// estimated as it usually is; output is rather overestimated, because thoughts may not have passed.
const (
	inputBytes  = 4
	outputBytes = 3
)

// Estimate returns what a call has used as far as that is known: what the answer has said; and where it has not, input by the size of the
// request and output by the generated text that has passed, within the bounds of the request. Mark what is booked with it as estimated, unless
// the answer has usage that could be read, and has ended.
func (c *Call) Estimate(seen Seen) usage.Parts {
	if seen.HasUsage && seen.Ended && seen.Err == nil {
		return seen.Parts
	}
	parts := seen.Parts
	if !seen.HasUsage {
		parts = usage.Parts{Model: c.Model, ServiceTier: c.ServiceTier, Requests: 1}
	}
	if parts.InputTokens == 0 {
		parts.InputTokens = min((c.textBytes+inputBytes-1)/inputBytes+c.media, max(c.InputTokens, 0))
	}
	written := (seen.OutputBytes + outputBytes - 1) / outputBytes
	if c.Kind == Speech && seen.Bytes > 0 {
		written = c.textBytes * 3 / 2
		parts.AudioOutputTokens = max(parts.AudioOutputTokens, c.atMost(written))
	}
	parts.OutputTokens = max(parts.OutputTokens, c.atMost(written))
	return parts
}

// atMost bounds output tokens by what the request allows.
func (c *Call) atMost(tokens int64) int64 {
	if c.MaxOutputTokens != nil {
		return min(tokens, *c.MaxOutputTokens)
	}
	return tokens
}
