package mail

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// raiseRequested is a wish for $250 more until an instant.
func raiseRequested(a *Alert) {
	until := time.Date(2026, time.November, 27, 18, 0, 0, 0, time.UTC)
	a.Kind, a.Threshold = "RAISE_REQUESTED", decimal.Zero
	a.Raise = &Raise{By: decimal.NewFromInt(250), Unit: "COST", Until: &until, AskedBy: "grace@acme.test", AskedBecause: "the demo on Friday"}
}

func raiseGranted(a *Alert) {
	raiseRequested(a)
	a.Kind, a.Amount = "RAISE_GRANTED", decimal.NewFromInt(1500)
	a.Raise.DecidedBy, a.Raise.DecidedBecause = "ada@acme.test", "enjoy"
}

func raiseDeclined(a *Alert) {
	raiseRequested(a)
	a.Kind, a.Raise.DecidedBy, a.Raise.Until = "RAISE_DECLINED", "operator", nil
}

// organizationRaised is a raise that nobody asked for, of a budget that never resets by itself.
func organizationRaised(a *Alert) {
	organizationWithoutReset(a)
	a.Kind, a.Amount = "RAISED", decimal.NewFromInt(1350)
	a.Raise = &Raise{By: decimal.NewFromInt(100), Unit: "COST", DecidedBy: "deploy token"}
}

// Guarantee: what people write as a reason adds no line, markup or link to a mail about a raise, and who asked, who decided and why are in it.
func TestRaiseTellsWhoAndWhy(t *testing.T) {
	t.Parallel()
	message, err := keyAlert(raiseGranted, func(a *Alert) {
		a.Raise.AskedBecause = "see http://evil.test/\r\nBcc: all@acme.test <b>now</b>" + strings.Repeat(" x", 400)
	}).Message("from@acme.test", "to@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{message.HTML, message.Text} {
		for _, want := range []string{"grace@acme.test", "ada@acme.test", "enjoy", "$250.00", "Friday 27 November 2026, 18:00 UTC", "It ends by itself."} {
			if !strings.Contains(part, want) {
				t.Errorf("%q is missing in\n%s", want, part)
			}
		}
		if strings.Contains(part, "http://evil.test") || strings.Contains(part, "\nBcc:") || strings.Contains(part, "x x x x x”") {
			t.Errorf("a reason is a link, a line, or not cut:\n%s", part)
		}
	}
	if strings.Contains(message.HTML, "<b>now") {
		t.Error("a reason is markup")
	}
}

// Guarantee: a mail about something else tells of raises that waited with it.
func TestRaisesBesideAnAlert(t *testing.T) {
	t.Parallel()
	message, err := keyAlert(workspaceTokens, func(a *Alert) {
		for _, kind := range []string{"RAISE_REQUESTED", "RAISE_GRANTED", "RAISE_DECLINED", "RAISED"} {
			a.Others = append(a.Others, Other{Kind: kind, Requested: decimal.NewFromInt(5000), Amount: a.Amount, At: a.RaisedAt})
		}
	}).Message("from@acme.test", "to@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"A raise by 5,000 tokens was asked for", "The raise by 5,000 tokens was granted",
		"The raise by 5,000 tokens was declined", "The budget was raised by 5,000 tokens"} {
		if !strings.Contains(message.Text, want) {
			t.Errorf("%q is missing in\n%s", want, message.Text)
		}
	}
}
