package scalar

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// A decimal is read exactly, as a string or a number, and written as plain digits.
func TestDecimalIsExact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in   any
		want string
	}{
		{"12.50", "12.5"}, {json.Number("0.1"), "0.1"}, {json.Number("1e-7"), "0.0000001"}, {"1E3", "1000"}, {int64(7), "7"},
		{json.Number("12345.6789"), "12345.6789"}, {"9223372036.854775807", "9223372036.854775807"}, {"-0", "0"},
		{json.Number("12345678901234567890.123456789"), "12345678901234567890.123456789"},
	} {
		d, err := UnmarshalDecimal(test.in)
		if err != nil {
			t.Errorf("%v: %v", test.in, err)
			continue
		}
		var out strings.Builder
		MarshalDecimal(d).MarshalGQL(&out)
		if out.String() != `"`+test.want+`"` {
			t.Errorf("%v is written as %s, want %q", test.in, out.String(), test.want)
		}
	}
}

// What is no decimal number, or would fill memory, or lost digits on its way, is refused.
func TestDecimalRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []any{"", " 1", "1 ", "NaN", "Infinity", "0x1", "1,5", "1e999999999", strings.Repeat("9", 41), "١", "1.", ".5",
		true, nil, []any{"1"}, map[string]any{}, 0.5, json.Number("1e-999")} {
		if d, err := UnmarshalDecimal(in); err == nil {
			t.Errorf("%v is taken for %v", in, d)
		}
	}
}

// Instants are RFC 3339 of the years 1970 to 9999.
func TestTime(t *testing.T) {
	t.Parallel()
	at, err := UnmarshalTime("2026-01-31T13:00:00.5+01:00")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	MarshalTime(at).MarshalGQL(&out)
	if out.String() != `"2026-01-31T12:00:00.5Z"` {
		t.Fatal(out.String())
	}
	for _, in := range []any{"", "2026-01-31", "0001-01-01T00:00:00Z", "tomorrow", 5, nil, "2026-13-01T00:00:00Z"} {
		if _, err := UnmarshalTime(in); err == nil {
			t.Errorf("%v is taken for an instant", in)
		}
	}
}

// A sum is answered with all its digits, as a JSON number, however many there are.
func TestCount(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"0", "9223372036854775807", "9600000000000000000", "123456789012345678901234567890"} {
		if got := written(t, MarshalCount(decimal.RequireFromString(want))); got != want {
			t.Errorf("%s is answered as %s", want, got)
		}
		if got := written(t, MarshalCount(decimal.RequireFromString(want+".000"))); got != want {
			t.Errorf("%s.000 is answered as %s", want, got)
		}
	}
	if _, err := UnmarshalCount("5"); err == nil {
		t.Error("a string is taken for a number")
	}
}
