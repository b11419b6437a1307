package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"bursar/usage"
)

// The largest numbers that a request may have. No model writes a hundredth of maxTokens, and no provider makes more answers than maxAnswers.
const (
	maxTokens  = 100_000_000
	maxAnswers = 128
)

// number is an integer as text.
func number(n int64) string { return strconv.FormatInt(n, 10) }

// count reads a number of a body, which has to be whole and from least to most; nil when it is missing or null. Gemini takes numbers as texts, too.
func count(field string, raw json.RawMessage, least, most int64, quoted bool) (*int64, error) {
	text := string(raw)
	if text == "" || text == "null" {
		return nil, nil
	}
	if quoted && len(text) > 2 && text[0] == '"' {
		text = strings.Trim(text, `"`)
	}
	if !strings.ContainsAny(text[:1], "-0123456789") {
		return nil, wrong(field, "has to be a number.")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // such as 1e3, 100.0 or far too large
		f, err := strconv.ParseFloat(text, 64)
		switch {
		case err == nil && f != math.Trunc(f):
			return nil, wrong(field, "has to be a whole number.")
		case f < 0:
			n = -1
		case err != nil || f > usage.MaxQuantity:
			n = math.MaxInt64
		default:
			n = int64(f)
		}
	}
	switch {
	case n < 0 && least <= 0:
		return nil, wrong(field, "must not be negative.")
	case n < least:
		return nil, wrong(field, "has to be at least %d.", least)
	case n > most:
		return nil, wrong(field, "has to be at most %d.", most)
	}
	return &n, nil
}

// larger returns the larger of two numbers that may be missing.
func larger(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// bound sets the upper bound of the call's output: a number for each answer, which may be missing, and how many answers there are.
func (c *Call) bound(each *int64, answers int64) error {
	c.N = answers
	if each == nil {
		if answers > 1 {
			c.unbounded("several answers without a bound of their tokens")
		}
		return nil
	}
	most := *each * answers // at most maxTokens times the bytes of a body, below 2^63
	if answers > math.MaxInt64/maxTokens || most > usage.MaxQuantity {
		return wrong("n", "asks for more than %d tokens in all.", int64(usage.MaxQuantity))
	}
	c.MaxOutputTokens = &most
	return nil
}

// unbounded keeps the first reason for which no bound can be computed.
func (c *Call) unbounded(reason string) {
	if c.Unbounded == "" {
		c.Unbounded = reason
	}
}
