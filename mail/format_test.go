package mail

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// Guarantee: dollars read exactly, or a little less than they are, never more.
func TestFormatDollars(t *testing.T) {
	t.Parallel()
	for amount, want := range map[string]string{
		"0":                   "$0.00",
		"0.000000001":         "< $0.0001",
		"0.00009999":          "< $0.0001",
		"0.0001":              "$0.0001",
		"0.0123":              "$0.0123",
		"0.0120":              "$0.012",
		"0.5":                 "$0.50",
		"99.99999":            "$99.9999",
		"999":                 "$999.00",
		"1234.5":              "$1,234.50",
		"12345678901234.5678": "$12,345,678,901,234.5678",
		"1e6":                 "$1,000,000.00",
	} {
		if got := formatDollars(decimal.RequireFromString(amount)); got != want {
			t.Errorf("%s: got %s, want %s", amount, got, want)
		}
	}
}

// Guarantee: token counts of any size are grouped, and one token is singular.
func TestFormatTokens(t *testing.T) {
	t.Parallel()
	for amount, want := range map[string]string{
		"0": "0 tokens", "1": "1 token", "999": "999 tokens", "1000": "1,000 tokens",
		"5000000": "5,000,000 tokens", "92233720368547758080": "92,233,720,368,547,758,080 tokens",
	} {
		if got := formatCount(decimal.RequireFromString(amount), "token"); got != want {
			t.Errorf("%s: got %s, want %s", amount, got, want)
		}
	}
}

// Guarantee: percents are cut, so that 100 % is read only of what is full.
func TestFormatPercent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ part, whole, want string }{
		{"0", "100", "0 %"},
		{"0.000000001", "1000000000", "less than 1 %"},
		{"80", "100", "80 %"},
		{"1", "3", "33 %"},
		{"999999999999.999999999", "1000000000000", "99 %"},
		{"100", "100", "100 %"},
		{"2500", "200", "1,250 %"},
	} {
		if got := formatPercent(decimal.RequireFromString(test.part), decimal.RequireFromString(test.whole)); got != test.want {
			t.Errorf("%s of %s: got %s, want %s", test.part, test.whole, got, test.want)
		}
	}
}

// Guarantee: the bar, drawn or written, is empty only at nothing, full only at everything, and never overflows.
func TestBarWidth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		used := decimal.New(rapid.Int64Range(0, 1<<62).Draw(t, "used"), -9)
		amount := decimal.New(rapid.Int64Range(1, 1<<62).Draw(t, "amount"), -9)
		width := barWidth(used, amount)
		if width < 0 || width > 100 || (width == 0) != used.IsZero() || (width == 100) != used.GreaterThanOrEqual(amount) {
			t.Fatalf("%s of %s is drawn %d wide", used, amount, width)
		}
		written := textBar(width, 0)
		if len(written) != 27 || strings.Contains(written, "#") != (width > 0) || strings.Contains(written, ".") != (width < 100) {
			t.Fatalf("%d is written %s", width, written)
		}
		held := decimal.New(rapid.Int64Range(0, 1<<62).Draw(t, "held"), -9)
		behind := heldWidth(Alert{Amount: amount, Used: used, Held: held})
		written = textBar(width, behind)
		if behind < 0 || width+behind > 100 || (behind > 0) != (held.IsPositive() && width < 100) || len(written) != 27 {
			t.Fatalf("%s behind %s of %s is drawn %d wide and written %s", held, used, amount, behind, written)
		}
	})
}

// Guarantee: times are spelled out in UTC, wherever they come from.
func TestFormatTime(t *testing.T) {
	t.Parallel()
	eastern := time.FixedZone("EST", -5*60*60)
	if got := formatTime(time.Date(2026, time.November, 28, 19, 0, 0, 0, eastern)); got != "Sunday 29 November 2026, 00:00 UTC" {
		t.Errorf("got %s", got)
	}
}

// Guarantee: a name is shortened by runes, and only if it must be.
func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 3, ""},
		{"äöü", 3, "äöü"},
		{"äöüß", 3, "äö…"},
		{"a bcd", 3, "a…"},
		{"a👩\u200d💻", 4, "a👩\u200d💻"},
		{"a👩\u200d💻b", 4, "a👩…"},
	} {
		if got := truncate(test.text, test.limit); got != test.want {
			t.Errorf("%q to %d: got %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}
