package scalar

import (
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/shopspring/decimal"
)

// MarshalCount writes a sum of requests or tokens as a JSON number of all its digits, of which there may be more than 64 bits hold.
func MarshalCount(d decimal.Decimal) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, d.Truncate(0).String())
	})
}

// UnmarshalCount reads a whole number of 64 bits.
func UnmarshalCount(v any) (decimal.Decimal, error) {
	n, err := WholeNumber(v)
	return decimal.NewFromInt(n), err
}
