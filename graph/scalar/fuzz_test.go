package scalar

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"bursar/fault"
)

// written returns how a scalar is answered, which must be JSON.
func written(t *testing.T, m graphql.Marshaler) string {
	t.Helper()
	var out bytes.Buffer
	m.MarshalGQL(&out)
	if !json.Valid(out.Bytes()) {
		t.Fatalf("%q is no JSON", out.String())
	}
	return out.String()
}

// badInput fails the test unless an error is what a client is told of bad input.
func badInput(t *testing.T, in any, err error) {
	t.Helper()
	if fault.CodeOf(err) != fault.BadUserInput {
		t.Fatalf("%q is refused with %v", in, err)
	}
}

// A decimal that is read is exactly the number that was written, with or without an exponent, as a string or as a number,
// and is written as plain digits that read as the same number.
func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{"0", "-0", "12.5", "-1e9", "1e-30", "99999999999999999999.000000001", "1E+05", "0.1e1", "1e999999999",
		"NaN", "0x1p4", ".5", "5.", "1_000", "٣", " 1", "+1", "1e-99", "9223372036854775807", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		d, err := UnmarshalDecimal(in)
		number, numberErr := UnmarshalDecimal(json.Number(in))
		if (err == nil) != (numberErr == nil) || !d.Equal(number) {
			t.Fatalf("%q is %v (%v) as a string and %v (%v) as a number", in, d, err, number, numberErr)
		}
		if err != nil {
			badInput(t, in, err)
			return
		}
		if want, ok := new(big.Rat).SetString(in); !ok || want.Cmp(d.Rat()) != 0 {
			t.Fatalf("%q became %v, want %v", in, d, want)
		}
		plain := strings.Trim(written(t, MarshalDecimal(d)), `"`)
		if again, ok := new(big.Rat).SetString(plain); !ok || again.Cmp(d.Rat()) != 0 || strings.ContainsAny(plain, "eE") {
			t.Fatalf("%q is written as %s", in, plain)
		}
	})
}

// A whole number that is read is the number that was written, in whatever form; another one, and a string, is refused.
func FuzzWholeNumber(f *testing.F) {
	for _, seed := range []string{"0", "-0", "5", "1000.0", "6e1", "1.5e1", "1.5", "1e99", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
		"9223372036854775807.0", "1e-1", "10e-1", "1e999999999", "NaN", "0x1", "+1", "1_000", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if _, err := WholeNumber(in); err == nil {
			t.Fatalf("the string %q is taken for a number", in)
		}
		n, err := WholeNumber(json.Number(in))
		if err != nil {
			badInput(t, in, err)
		} else if want, ok := new(big.Rat).SetString(in); !ok || want.Cmp(new(big.Rat).SetInt64(n)) != 0 {
			t.Fatalf("%q became %d", in, n)
		}
	})
}

// An instant that is read lies in the years 1970 to 9999, and is written in UTC as what reads as the same instant.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{"2026-01-31T13:00:00.5+01:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z",
		"1969-12-31T23:59:59.999999999Z", "0000-01-01T00:00:00Z", "2026-01-01t00:00:00z", "2026-01-01T24:00:00Z", "2016-12-31T23:59:60Z", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		at, err := UnmarshalTime(in)
		if err != nil {
			badInput(t, in, err)
			return
		}
		text := strings.Trim(written(t, MarshalTime(at)), `"`)
		again, err := UnmarshalTime(text)
		if err != nil || !again.Equal(at) || !strings.HasSuffix(text, "Z") || at.Before(time.Unix(0, 0)) || at.Year() > 9999 {
			t.Fatalf("%q became %v, written as %s, then %v (%v)", in, at, text, again, err)
		}
	})
}

// Metadata that is read is what was given, entry by entry; anything but a flat object of strings is refused.
func FuzzMetadata(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a": "b"}`, `{"a": 1}`, `{"a": {"b": "c"}}`, `[]`, `"x"`, `null`, `{"": ""}`, `{"\u0000": "\ud800"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var given any
		if json.Unmarshal([]byte(in), &given) != nil {
			return
		}
		metadata, err := UnmarshalMetadata(given)
		if err != nil {
			badInput(t, in, err)
			return
		}
		var again map[string]any
		if err := json.Unmarshal([]byte(written(t, MarshalMetadata(metadata))), &again); err != nil {
			t.Fatal(err)
		}
		object, _ := given.(map[string]any)
		if len(again) != len(object) {
			t.Fatalf("%s became %v", in, again)
		}
		for key, value := range object {
			if again[key] != value {
				t.Fatalf("%s became %v", in, again)
			}
		}
	})
}
