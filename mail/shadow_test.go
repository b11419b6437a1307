package mail

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// Guarantee: mail about a budget in shadow mode does not say that requests are refused, or that they pass again; and a budget of requests is told in
// requests.
func TestShadowRefusesNothing(t *testing.T) {
	t.Parallel()
	requestsOf := func(a *Alert) {
		a.BudgetType, a.Amount, a.Used = "REQUESTS", decimal.NewFromInt(1000), decimal.NewFromInt(1000)
		a.Threshold = decimal.NewFromInt(800)
	}
	for name, change := range map[string]func(*Alert){
		"threshold": func(*Alert) {},
		"exhausted": func(a *Alert) { a.Kind, a.Threshold = "EXHAUSTED", decimal.Zero },
		"reset":     func(a *Alert) { resetAfter(a); a.EndedUsed, a.Used = decimal.NewFromInt(1000), decimal.NewFromInt(1) },
	} {
		message, err := keyAlert(requestsOf, change, func(a *Alert) { a.Shadow = true }).Message("from@acme.test", "to@acme.test")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, untrue := range []string{"are refused with HTTP 412", "are being refused", "lets requests through again", "tokens"} {
			if strings.Contains(message.Text, untrue) {
				t.Errorf("%s says %q:\n%s", name, untrue, message.Text)
			}
		}
		if !strings.Contains(message.Text, "shadow mode") || !strings.Contains(message.Text, "1,000 requests") {
			t.Errorf("%s:\n%s", name, message.Text)
		}
	}
}
