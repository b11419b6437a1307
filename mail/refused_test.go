package mail

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// refusedWithHolds is a $10 budget with a reservation of $6 in flight, which refused a second one.
func refusedWithHolds(a *Alert) {
	a.Kind, a.Threshold, a.Amount, a.Used = "REFUSED", decimal.Zero, decimal.NewFromInt(10), decimal.Zero
	a.Requested, a.Held = decimal.NewFromInt(6), decimal.NewFromInt(6)
}

// refusedWithoutHolds is a budget of which less is left than a request asked for.
func refusedWithoutHolds(a *Alert) {
	workspaceTokens(a)
	a.Kind, a.Used = "REFUSED", decimal.NewFromInt(4_950_000)
	a.Requested, a.Held = decimal.NewFromInt(128_000), decimal.Zero
}

// refusedFullOfHolds is a budget of which all that is not used is held.
func refusedFullOfHolds(a *Alert) {
	organizationWithoutReset(a)
	a.Kind, a.Used = "REFUSED", decimal.NewFromInt(1000)
	a.Requested, a.Held = decimal.RequireFromString("0.35"), decimal.NewFromInt(250)
}

// Guarantee: a mail about a refusal says what was asked for, used, held and left, which requests may pass, and not that all are refused.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Alert)
		want   []string
	}{
		"held by requests in flight": {refusedWithHolds, []string{
			"It asked for $6.00. Of $10.00: $0.00 used, $6.00 held by requests in flight, $4.00 left.",
			"Smaller requests may pass, for $4.00 at most, and so may later ones",
		}},
		"more than is left": {refusedWithoutHolds, []string{
			"It asked for 128,000 tokens. Of 5,000,000 tokens: 4,950,000 tokens used, 50,000 tokens left.",
			"Smaller requests may pass, for 50,000 tokens at most; larger ones are refused until the budget resets on",
		}},
		"full of holds": {refusedFullOfHolds, []string{
			"It asked for $0.35. Of $1,250.00: $1,000.00 used, $250.00 held by requests in flight, nothing left.",
			"Later requests may pass: when those in flight end",
		}},
		"raised by release 1, which did not note what was asked for": {func(a *Alert) {
			refusedWithHolds(a)
			a.Requested, a.Held = decimal.Zero, decimal.Zero
		}, []string{"What was left was held by requests in flight, or was less than the request asked for."}},
	} {
		message, err := keyAlert(test.change).Message("bursar@localhost", "ada@acme.test")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, part := range []string{message.HTML, message.Text} {
			for _, want := range test.want {
				if !strings.Contains(part, want) {
					t.Errorf("%s: %q is missing in\n%s", name, want, part)
				}
			}
			if strings.Contains(part, "Requests are being refused") || strings.Contains(part, "xhausted") && !strings.Contains(part, ".exhausted") {
				t.Errorf("%s: the mail says that all requests are refused:\n%s", name, part)
			}
		}
	}
}
