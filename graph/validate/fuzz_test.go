package validate

import (
	"math/big"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/scalar"
)

// badInput fails the test unless an error is BAD_USER_INPUT about the field.
func badInput(t *testing.T, in any, err error, field string) {
	t.Helper()
	known, ok := err.(*fault.Fault) //nolint:errorlint // the checks return faults themselves
	if !ok || known.Code != fault.BadUserInput || known.Field != field || !strings.HasPrefix(known.Message, field+": ") {
		t.Fatalf("%q is refused with %v", in, err)
	}
}

// An amount is the same number in its unit, nano-dollars or tokens, within 64 bits and not negative, or it is refused.
func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"0", "1", "-1", "0.000000001", "0.0000000001", "9223372036.854775807", "9223372036.854775808", "9223372036854775807",
		"9223372036854775808", "1e40", "1e-9", "100e-2", "-0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		d, err := scalar.UnmarshalDecimal(in)
		if err != nil {
			return
		}
		for limitType, scale := range map[db.LimitType]int64{db.LimitTypeCOST: nanosPerDollar, db.LimitTypeTOKENS: 1} {
			want := new(big.Rat).Mul(d.Rat(), new(big.Rat).SetInt64(scale))
			representable := want.IsInt() && want.Sign() >= 0 && want.Num().IsInt64()
			amount, err := units("amount", limitType, d)
			if err != nil {
				badInput(t, in, err, "amount")
			}
			if (err == nil) != representable || err == nil && new(big.Rat).SetInt64(amount).Cmp(want) != 0 {
				t.Fatalf("%q of %s became %d (%v), want %v", in, limitType, amount, err, want)
			}
		}
	})
}

// A name or an address that passes can be stored and shown: it is within its length, has no NUL and is valid; a slug that is made of a
// name is one that the database takes, or none.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"Data Science", "", " ", "a\x00b", "🚀 👩‍👩‍👧", strings.Repeat("é", 200), strings.Repeat("x", 201), "a@acme.test", "A <a@acme.test>",
		"\"a b\"@acme.test", "a@b@c", "é@acme.test", "a@[127.0.0.1]", "a@acme.test\n", "\xff", "--", "日本語", "\u202e", "a\u2028b", strings.Repeat("a-", 40)} {
		f.Add(seed)
	}
	slugForm := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) {
			return // JSON and GraphQL have none
		}
		if err := text("name", in, maxName); err != nil {
			badInput(t, in, err, "name")
		} else if n := utf8.RuneCountInString(in); n < 1 || n > maxName || strings.ContainsRune(in, 0) || strings.TrimSpace(in) == "" {
			t.Fatalf("%q passes for a name", in)
		}
		if err := email("email", in); err != nil {
			badInput(t, in, err, "email")
		} else if address, err := mail.ParseAddress(in); err != nil || address.Address != in || len(in) > auth.MaxEmail || strings.ContainsAny(in, "\r\n\x00") {
			t.Fatalf("%q passes for an address", in)
		}
		if slug := slugOf(in); slug != "" && !slugForm.MatchString(slug) {
			t.Fatalf("%q becomes the slug %q", in, slug)
		}
	})
}
