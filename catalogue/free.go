package catalogue

import (
	"errors"
	"slices"
	"strings"

	"bursar/usage"
)

// errNoRates and errAllZero keep what a list does not know from becoming free. A price of 0 is set by hand, or by a line of a CSV file.
var (
	errNoRates = errors.New("it has no rates, and nothing says that it is free")
	errAllZero = errors.New("all its rates are 0, which lists write for what they do not know too, and its name does not say that it is free")
)

// free is the price of what costs nothing.
func free() []Rate {
	return []Rate{{Unit: InputTokens, ServiceTier: usage.Standard}, {Unit: OutputTokens, ServiceTier: usage.Standard}}
}

// freeByName says whether a model's name says that it is free, as gpt-oss-20b:free does.
func freeByName(model string) bool {
	return slices.Contains(strings.FieldsFunc(model, func(r rune) bool { return r < 'a' || r > 'z' }), "free")
}

// allZero says whether a price charges for nothing.
func allZero(rates []Rate) bool {
	return !slices.ContainsFunc(rates, func(r Rate) bool { return r.Picos > 0 })
}
