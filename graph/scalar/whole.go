package scalar

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/shopspring/decimal"

	"bursar/fault"
)

// WholeNumber reads a value of Int or Int64: a number of 64 bits that is whole, with or without a point and an exponent, as 1000, 1000.0
// and 1e3 are. A string is refused.
func WholeNumber(v any) (int64, error) {
	number, isNumber := v.(json.Number)
	if !isNumber {
		return 0, fault.New(fault.BadUserInput, "must be a whole number, without quotes")
	}
	if n, err := strconv.ParseInt(number.String(), 10, 64); err == nil {
		return n, nil
	}
	d, err := parseDecimal(number.String())
	switch {
	case err != nil:
		return 0, fault.New(fault.BadUserInput, "must be a whole number, of at most 19 digits")
	case !d.IsInteger():
		return 0, fault.New(fault.BadUserInput, "must be a whole number")
	case d.GreaterThan(decimal.NewFromInt(math.MaxInt64)) || d.LessThan(decimal.NewFromInt(math.MinInt64)):
		return 0, fault.New(fault.BadUserInput, "is too large: a whole number here has at most 64 bits")
	}
	return d.IntPart(), nil
}

// Check refuses a value that a scalar of this package does not read. Any value of another scalar is accepted.
func Check(name string, v any) error {
	var err error
	switch name {
	case "Decimal":
		_, err = UnmarshalDecimal(v)
	case "Time":
		_, err = UnmarshalTime(v)
	case "Date":
		_, err = UnmarshalDate(v)
	case "Metadata":
		_, err = UnmarshalMetadata(v)
	}
	return err
}
