package mail

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// blocking: this budget refuses all requests as of the alert.
func (a Alert) blocking() bool {
	return !a.PeriodClosed && !a.Shadow && a.Kind != kindReset && a.Used.GreaterThanOrEqual(a.Amount)
}

// facts are the budget's data, in the order in which they are asked for.
func facts(a Alert) []fact {
	amount := formatAmount(a.BudgetType, a.Amount)
	rows := []fact{{"Budget", amount + perPeriod(a)}}
	if a.isExplained() {
		held := "Nothing"
		if a.Held.IsPositive() {
			held = formatAmount(a.BudgetType, a.Held) + " by requests in flight"
		}
		rows = append(rows, fact{"Asked for", formatAmount(a.BudgetType, a.Requested)}, fact{"Used", formatAmount(a.BudgetType, a.Used)},
			fact{"Held", held})
	}
	rows = append(rows, left(a))
	if a.Kind == kindReset {
		rows = append(rows, fact{"Used before", fmt.Sprintf("%s in the period that has ended", formatAmount(a.BudgetType, a.EndedUsed))})
	}
	if a.Kind == kindThreshold {
		rows = append(rows, fact{"Alert set at", fmt.Sprintf("%s (%s)",
			formatAmount(a.BudgetType, a.Threshold), formatPercent(a.Threshold, a.Amount))})
	}
	rows = append(rows, fact{"Counted since", formatLocal(a.PeriodStart)})
	switch {
	case a.PeriodEnd == nil && a.PeriodClosed:
		rows = append(rows, fact{"Resets", "This period has ended"})
	case a.PeriodEnd == nil:
		rows = append(rows, fact{"Resets", "Never by itself"})
	case a.PeriodClosed:
		rows = append(rows, fact{"Ended", formatLocal(*a.PeriodEnd)})
	default:
		rows = append(rows, fact{"Resets", formatLocal(*a.PeriodEnd)})
	}
	if a.Kind == kindReset {
		return append(rows, fact{"Exhausted on", formatTime(a.RaisedAt)})
	}
	return append(rows, fact{"Alert raised", formatTime(a.RaisedAt)})
}

// remaining is what may still be asked for: what is neither used nor held.
func (a Alert) remaining() decimal.Decimal {
	return decimal.Max(a.Amount.Sub(a.Used).Sub(a.Held), decimal.Zero)
}

// left is what may still be used, or by how much more was: a report of a call
// that was let through is booked in full.
func left(a Alert) fact {
	rest := a.Amount.Sub(a.Used)
	if a.Kind == kindRefused && !a.PeriodClosed {
		rest = a.remaining()
	}
	switch {
	case rest.IsNegative():
		return fact{"Over by", formatAmount(a.BudgetType, rest.Neg())}
	case rest.IsZero():
		return fact{"Left", "Nothing"}
	case a.PeriodClosed:
		return fact{"Not used", formatAmount(a.BudgetType, rest)}
	}
	return fact{"Left", formatAmount(a.BudgetType, rest)}
}

// How many other alerts a mail lists: about one budget, and a digest.
const (
	maxOthers       = 10
	maxDigestOthers = 200
)

// others are the alerts that went out with this one, a line each.
func others(a Alert) []string {
	most := maxOthers
	if a.isDigest() {
		most = maxDigestOthers
	}
	var lines []string
	for i, other := range a.Others {
		if i == most {
			return append(lines, fmt.Sprintf("and %d more", len(a.Others)-most))
		}
		lines = append(lines, other.line(a))
	}
	return lines
}

// line is one line about another alert of a mail.
func (o Other) line(a Alert) string {
	about := ""
	if o.SubjectKind != "" {
		a.SubjectKind, a.BudgetType, a.PeriodicReset, a.ResetDays = o.SubjectKind, o.BudgetType, o.PeriodicReset, o.ResetDays
		about = subjectWord(a) + ` "` + truncate(displayName(o.SubjectName), maxSubjectLineName) + `", ` + budgetNamed(a) + ": "
	}
	what := "Exhausted: all of " + formatAmount(a.BudgetType, o.Amount)
	switch o.Kind {
	case kindThreshold:
		what = fmt.Sprintf("%s (%s)", formatAmount(a.BudgetType, o.Threshold), formatPercent(o.Threshold, o.Amount))
	case kindRefused:
		what = "A request was refused"
		if o.Requested.IsPositive() {
			what = fmt.Sprintf("A request for %s was refused", formatAmount(a.BudgetType, o.Requested))
		}
	case kindReset:
		what = "The budget had reset"
	}
	return about + what + ", " + formatTime(o.At)
}

// digestNote says why a mail tells of several budgets.
const digestNote = "This mail also tells of other budgets, because the organization has had as many mails in an hour as it may."

// next says what the alert means for the requests to come.
func next(a Alert) []string {
	sentences := consequences(a)
	if a.isDigest() {
		sentences = append(sentences, digestNote)
	}
	return sentences
}

// consequences is next, but for a digest's note.
func consequences(a Alert) []string {
	switch {
	case a.Shadow && a.Kind == kindReset:
		return []string{
			"A new period has begun.",
			fmt.Sprintf("The budget is in shadow mode: it counts %s, and refuses none of them.", requests(a)),
		}
	case a.Shadow && !a.PeriodClosed:
		return []string{
			"Nothing is refused.",
			fmt.Sprintf("The budget is in shadow mode: it counts %s, and only says what it would refuse.", requests(a)),
		}
	case a.Kind == kindReset:
		return []string{
			"This budget lets requests through again.",
			fmt.Sprintf("A new period has begun, and %s count towards it. Nobody needs to do anything.", requests(a)),
		}
	case a.PeriodClosed && a.Kind == kindRefused:
		return []string{
			"This is about a period that has ended.",
			"A request was refused in that period. It blocks nothing in the current period.",
		}
	case a.PeriodClosed:
		return []string{
			"This is about a period that has ended.",
			"Usage from that period was reported after its end. It counts there and blocks nothing in the current period.",
		}
	case a.Kind == kindRefused:
		return []string{"The budget is not used up, but a request was refused.", shortage(a), prospect(a)}
	case !a.blocking():
		return []string{
			"Nothing is blocked yet.",
			fmt.Sprintf("Once all of it is used, %s are refused with HTTP 412 until %s.", requests(a), remedies(a)),
		}
	}
	return []string{
		"Requests are being refused.",
		fmt.Sprintf("From now on %s are refused with HTTP 412 until %s.", requests(a), remedies(a)),
	}
}

// isExplained tells whether it is known what a refused request asked for. Nothing
// is refused that asks for nothing while nothing is held.
func (a Alert) isExplained() bool {
	return a.Kind == kindRefused && (a.Requested.IsPositive() || a.Held.IsPositive())
}

// shortage says why a budget that is not used up refused a request.
func shortage(a Alert) string {
	if !a.isExplained() {
		return "What was left was held by requests in flight, or was less than the request asked for."
	}
	parts := []string{formatAmount(a.BudgetType, a.Used) + " used"}
	if a.Held.IsPositive() {
		parts = append(parts, formatAmount(a.BudgetType, a.Held)+" held by requests in flight")
	}
	left := "nothing"
	if a.remaining().IsPositive() {
		left = formatAmount(a.BudgetType, a.remaining())
	}
	parts = append(parts, left+" left")
	return fmt.Sprintf("It asked for %s. Of %s: %s.", formatAmount(a.BudgetType, a.Requested), formatAmount(a.BudgetType, a.Amount),
		strings.Join(parts, ", "))
}

// prospect says which requests may pass although one was refused.
func prospect(a Alert) string {
	most := formatAmount(a.BudgetType, a.remaining())
	told := "You are told again when the budget is used up, and of no other refusal"
	if a.PeriodEnd != nil {
		told += " before it resets"
	}
	told += "."
	switch {
	case !a.isExplained():
		return "Smaller requests may pass, and later ones, when those in flight end. " + told
	case !a.remaining().IsPositive():
		return "Later requests may pass: when those in flight end, they give back what they held and did not use. " + told
	case a.Held.IsPositive():
		return fmt.Sprintf("Smaller requests may pass, for %s at most, and so may later ones: when those in flight end, they give back what they held and did not use. %s", most, told)
	}
	return fmt.Sprintf("Smaller requests may pass, for %s at most; larger ones are refused until %s. %s", most, remedies(a), told)
}

// requests names those that the budget refuses.
func requests(a Alert) string {
	if a.OfGroup {
		return "requests of this group of the policy"
	}
	if a.SubjectKind == subjectAPIKey {
		return "requests with this API key"
	}
	return "requests with any API key of this " + a.SubjectKind
}

// remedies lists what lets requests through again; each works at once.
func remedies(a Alert) string {
	if a.PeriodEnd == nil {
		return "someone raises the budget, resets it by hand or deletes it"
	}
	return fmt.Sprintf("the budget resets on %s, or someone raises it, resets it by hand or deletes it", formatLocal(*a.PeriodEnd))
}
