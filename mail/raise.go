package mail

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Raise is what was asked to be added to a budget's amount, or was added. The texts may hold anything; they are escaped and shortened here.
type Raise struct {
	By                        decimal.Decimal // above zero, in Unit
	Unit                      string          // a budget's type: what the budget counted when it was asked for
	Until                     *time.Time      // the first instant without it, as Local has it; nil: until the period ends, or the budget is reset by hand
	AskedBy, AskedBecause     string          // "" when nobody asked, or gave no reason
	DecidedBy, DecidedBecause string          // who granted, declined or raised; "" when nobody has yet, or gave no reason
}

// maxReason is how many runes of a reason a mail shows; the API takes no longer ones.
const maxReason = 500

// raiseWords are the words of mails about raises: see word.
var raiseWords = map[string]string{
	kindRaiseRequested: "Raise requested", kindRaiseGranted: "Raise granted", kindRaiseDeclined: "Raise declined", kindRaised: "Raised",
}

// aboutRaise tells whether a mail is about the amount, and not about usage.
func (a Alert) aboutRaise() bool { return raiseWords[a.Kind] != "" }

// toneOfRaise names the classes of the bar and note of a mail about a raise.
func toneOfRaise(kind string) string {
	switch kind {
	case kindRaiseRequested:
		return toneApproaching
	case kindRaiseDeclined:
		return toneRefused
	}
	return toneReset
}

// raiseHeadline is the headline of a mail about a raise.
func raiseHeadline(a Alert) string {
	by := formatAmount(a.Raise.Unit, a.Raise.By)
	switch a.Kind {
	case kindRaiseRequested:
		return cmp.Or(truncate(personName(a.Raise.AskedBy), maxSubjectLineName), "Somebody") + " asks to raise the " + budgetNamed(a) + " by " + by
	case kindRaiseGranted:
		return "The " + budgetNamed(a) + " was raised by " + by + ", as you asked"
	case kindRaiseDeclined:
		return "The " + budgetNamed(a) + " is not raised by " + by
	}
	return "The " + budgetNamed(a) + " was raised by " + by
}

// raiseFacts are the data of a mail about a raise, in the order in which they are asked for.
func raiseFacts(a Alert) []fact {
	amount := fact{"Budget", formatAmount(a.BudgetType, a.Amount) + perPeriod(a)}
	if a.Kind == kindRaiseGranted || a.Kind == kindRaised {
		amount = fact{"Budget now", formatAmount(a.BudgetType, a.Amount)}
	}
	decided := "Decided by"
	if a.Kind == kindRaised {
		decided = "Raised by"
	}
	rows := []fact{{"Raise", formatAmount(a.Raise.Unit, a.Raise.By)}, {"Until", raiseUntil(a)}}
	for _, row := range []fact{
		{"Asked for by", personName(a.Raise.AskedBy)}, {"Because", quoted(a.Raise.AskedBecause)},
		{decided, personName(a.Raise.DecidedBy)}, {"Their reason", quoted(a.Raise.DecidedBecause)},
	} {
		if row.Value != "" {
			rows = append(rows, row)
		}
	}
	rows = append(rows, amount, left(a), fact{"Counted since", formatLocal(a.PeriodStart)})
	if a.PeriodEnd != nil {
		rows = append(rows, fact{"Resets", formatLocal(*a.PeriodEnd)})
	}
	when := "Decided on"
	switch a.Kind {
	case kindRaiseRequested:
		when = "Asked for on"
	case kindRaised:
		when = "Raised on"
	}
	return append(rows, fact{when, formatTime(a.RaisedAt)})
}

// raiseUntil says when a raise ends.
func raiseUntil(a Alert) string {
	switch {
	case a.Raise.Until != nil:
		return formatLocal(*a.Raise.Until)
	case a.PeriodEnd == nil:
		return "The budget is reset by hand"
	}
	return "The end of the period in which it is granted"
}

// raiseConsequences say what a mail about a raise means.
func raiseConsequences(a Alert) []string {
	switch a.Kind {
	case kindRaiseRequested:
		return []string{
			"An owner or admin has to decide.",
			"Nothing changes until one of you grants or declines it, in the console under Raises, or with grantRaise or declineRaise.",
		}
	case kindRaiseDeclined:
		return []string{"The budget stays as it is.", "You can ask again, for less or with another reason."}
	}
	ends := "It ends by itself."
	if a.Raise.Until == nil {
		ends = "It lasts until somebody resets the budget by hand."
	}
	return []string{"The raise is in force.", ends + " The alerts' thresholds keep their amounts."}
}

// raiseReason says why somebody gets a mail about a raise; "" for one that the recipients of alerts get.
func raiseReason(a Alert) string {
	switch a.Kind {
	case kindRaiseRequested:
		return "You receive this as an owner or admin of " + truncate(displayName(a.OrganizationName), maxBodyName) + ", who may grant it."
	case kindRaiseGranted, kindRaiseDeclined:
		return "You receive this because you asked for the raise."
	}
	return ""
}

// raiseLine is the line about a raise in a mail about something else.
func (o Other) raiseLine(unit string) string {
	by := ""
	if o.Requested.IsPositive() {
		by = " by " + formatAmount(unit, o.Requested)
	}
	switch o.Kind {
	case kindRaiseRequested:
		return "A raise" + by + " was asked for"
	case kindRaiseGranted:
		return "The raise" + by + " was granted"
	case kindRaiseDeclined:
		return "The raise" + by + " was declined"
	}
	return "The budget was raised" + by
}

// personName is an address, or a token's name, on one line in which nothing becomes a link but the address.
func personName(name string) string {
	if strings.Contains(name, "@") {
		return truncate(OneLine(name), maxBodyName)
	}
	return truncate(defang(OneLine(name)), maxBodyName)
}

// quoted is what somebody gave as a reason, on one line in which nothing becomes a link; "" for none.
func quoted(reason string) string {
	if reason = defang(OneLine(reason)); reason == "" {
		return ""
	}
	return "“" + truncate(reason, maxReason) + "”"
}
