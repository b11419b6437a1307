// Package scalar reads and writes the GraphQL scalars that gqlgen has no exact form of.
package scalar

import (
	"encoding/json"
	"io"
	"regexp"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/shopspring/decimal"

	"bursar/fault"
)

// decimalForm bounds what is parsed: an exponent of a billion would make a number that fills memory.
var decimalForm = regexp.MustCompile(`^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$`)

// MarshalDecimal writes a decimal as a string of plain digits.
func MarshalDecimal(d decimal.Decimal) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(d.String()))
	})
}

// UnmarshalDecimal reads a string or a number exactly: a variable digit by digit, and what stands in a document as the string that package
// coercion makes of it. A float, which may have been rounded, is refused.
func UnmarshalDecimal(v any) (decimal.Decimal, error) {
	switch v := v.(type) {
	case string:
		return parseDecimal(v)
	case json.Number:
		return parseDecimal(v.String())
	case int64:
		return decimal.NewFromInt(v), nil
	case int:
		return decimal.NewFromInt(int64(v)), nil
	}
	return decimal.Decimal{}, fault.New(fault.BadUserInput, "must be a decimal number, as a string or a number")
}

func parseDecimal(s string) (decimal.Decimal, error) {
	if !decimalForm.MatchString(s) {
		return decimal.Decimal{}, fault.New(fault.BadUserInput, "must be a decimal number such as \"12.5\", of at most 40 digits")
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, fault.New(fault.BadUserInput, "must be a decimal number such as \"12.5\"").Because(err)
	}
	return d, nil
}
