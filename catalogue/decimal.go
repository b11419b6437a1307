package catalogue

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// errDamaged marks what no list has unless it was damaged on its way or written wrongly: such a list is not imported.
var errDamaged = errors.New("damaged")

// damaged returns an error that says so.
func damaged(format string, values ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, values...))
}

// picos returns how many pico-dollars one costs, when a number of them costs this many dollars. A number that is no whole pico-dollar because
// a list was written by a program that computes in floating point (0.18000000000000002) is the one that was meant; any other fraction of a
// pico-dollar is rounded up, and rounded says so.
func picos(dollars string, of int64) (n int64, rounded bool, err error) {
	exact, err := decimalOf(dollars)
	if err != nil {
		return 0, false, err
	}
	exact.Mul(exact, big.NewRat(picosPerDollar, of))
	if exact.Cmp(big.NewRat(MaxPicos, 1)) > 0 {
		return 0, false, damaged("%s dollars for %d is no price", dollars, of)
	}
	nearest := new(big.Rat).Add(exact, big.NewRat(1, 2))
	whole := new(big.Int).Quo(nearest.Num(), nearest.Denom())
	off := new(big.Rat).Sub(exact, new(big.Rat).SetInt(whole))
	// A double has 53 bits, so that what was written is within 1 of 10¹⁵ of what was meant.
	if off.Abs(off).Mul(off, big.NewRat(1_000_000_000_000_000, 1)).Cmp(exact) <= 0 {
		return whole.Int64(), false, nil
	}
	up := new(big.Int).Add(exact.Num(), new(big.Int).Sub(exact.Denom(), big.NewInt(1)))
	return up.Quo(up, exact.Denom()).Int64(), true, nil
}

// decimalOf reads a number of 0 or more. What would only make work, such as 1e999999999, is refused before it is computed.
func decimalOf(text string) (*big.Rat, error) {
	digits := strings.TrimLeft(text, "-+0123456789.")
	exponent := strings.TrimLeft(digits, "eE+-0")
	if len(text) > 40 || len(digits) == len(text) && text != "" || strings.Trim(exponent, "0123456789") != "" || len(exponent) > 2 {
		return nil, damaged("%.50q is no price", text)
	}
	exact, ok := new(big.Rat).SetString(text)
	switch {
	case !ok:
		return nil, damaged("%.50q is no price", text)
	case exact.Sign() < 0:
		return nil, damaged("%s is negative", text)
	}
	return exact, nil
}

// PerMillion writes the dollars that a million costs, exactly and without zeros at the end.
func (r Rate) PerMillion() string {
	const picosPerMicro = 1_000_000
	whole, part := r.Picos/picosPerMicro, r.Picos%picosPerMicro
	if part == 0 {
		return fmt.Sprint(whole)
	}
	return strings.TrimRight(fmt.Sprintf("%d.%06d", whole, part), "0")
}
