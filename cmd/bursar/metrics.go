package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"bursar/auth"
	"bursar/cmd/bursar/value"
)

// metricsFlags say who may read /metrics.
type metricsFlags struct {
	MetricsToken metricsTokens `variable:"BURSAR_METRICS_TOKEN" placeholder:"TOKEN" help:"Bearer token that /metrics asks for; two of them, separated by a comma, while one replaces the other. Unset, /metrics answers everybody who can connect. Better set by the variable, for flags show in process lists."`
}

// metricsTokens are one token or two; the zero value is none.
type metricsTokens struct{ list []string }

func (m *metricsTokens) UnmarshalText(text []byte) error {
	m.list = strings.Split(string(text), ",")
	if len(m.list) > 2 {
		return fmt.Errorf("want a token, or two separated by a comma, got %d", len(m.list))
	}
	for _, token := range m.list {
		if strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' }) {
			return errors.New("a metrics token is printable ASCII without blanks, for it travels in a header")
		}
		if bits := auth.Strength(token); bits < value.MinimumBits {
			return fmt.Errorf("a metrics token that cannot be guessed has %d bits, this one by its form %.0f at most; bursar token root makes one",
				value.MinimumBits, math.Floor(bits))
		}
	}
	return nil
}
