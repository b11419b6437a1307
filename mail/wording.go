package mail

import "fmt"

// blocking: this budget refuses requests as of the alert.
func (a Alert) blocking() bool {
	return !a.PeriodClosed && a.Kind != kindReset && (a.Kind == kindExhausted || a.Used.GreaterThanOrEqual(a.Amount))
}

// facts are the budget's data, in the order in which they are asked for.
func facts(a Alert) []fact {
	amount := formatAmount(a.BudgetType, a.Amount)
	switch a.PeriodicReset {
	case resetWeekly:
		amount += " a week"
	case resetMonthly:
		amount += " a month"
	default:
		amount += " in total"
	}
	rows := []fact{{"Budget", amount}, left(a)}
	if a.Kind == kindReset {
		rows = append(rows, fact{"Used before", fmt.Sprintf("%s in the period that has ended", formatAmount(a.BudgetType, a.EndedUsed))})
	}
	if a.Kind == kindThreshold {
		rows = append(rows, fact{"Alert set at", fmt.Sprintf("%s (%s)",
			formatAmount(a.BudgetType, a.Threshold), formatPercent(a.Threshold, a.Amount))})
	}
	rows = append(rows, fact{"Counted since", formatTime(a.PeriodStart)})
	switch {
	case a.PeriodEnd == nil && a.PeriodClosed:
		rows = append(rows, fact{"Resets", "This period has ended"})
	case a.PeriodEnd == nil:
		rows = append(rows, fact{"Resets", "Never by itself"})
	case a.PeriodClosed:
		rows = append(rows, fact{"Ended", formatTime(*a.PeriodEnd)})
	default:
		rows = append(rows, fact{"Resets", formatTime(*a.PeriodEnd)})
	}
	if a.Kind == kindReset {
		return append(rows, fact{"Exhausted on", formatTime(a.RaisedAt)})
	}
	return append(rows, fact{"Alert raised", formatTime(a.RaisedAt)})
}

// left is what may still be used, or by how much more was: a report of a call
// that was let through is booked in full.
func left(a Alert) fact {
	rest := a.Amount.Sub(a.Used)
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

// maxOthers bounds how many other alerts a mail lists.
const maxOthers = 10

// others are the alerts that went out with this one, a line each.
func others(a Alert) []string {
	var lines []string
	for i, other := range a.Others {
		if i == maxOthers {
			return append(lines, fmt.Sprintf("and %d more", len(a.Others)-maxOthers))
		}
		what := "Exhausted: all of " + formatAmount(a.BudgetType, other.Amount)
		switch other.Kind {
		case kindThreshold:
			what = fmt.Sprintf("%s (%s)", formatAmount(a.BudgetType, other.Threshold), formatPercent(other.Threshold, other.Amount))
		case kindReset:
			what = "The budget had reset"
		}
		lines = append(lines, what+", "+formatTime(other.At))
	}
	return lines
}

// next says what the alert means for the requests to come.
func next(a Alert) []string {
	switch {
	case a.Kind == kindReset:
		return []string{
			"This budget lets requests through again.",
			fmt.Sprintf("A new period has begun, and %s count towards it. Nobody needs to do anything.", requests(a)),
		}
	case a.PeriodClosed:
		return []string{
			"This is about a period that has ended.",
			"Usage from that period was reported after its end. It counts there and blocks nothing in the current period.",
		}
	case !a.blocking():
		return []string{
			"Nothing is blocked yet.",
			fmt.Sprintf("Once all of it is used, %s are refused with HTTP 412 until %s.", requests(a), remedies(a)),
		}
	}
	sentences := []string{
		"Requests are being refused.",
		fmt.Sprintf("From now on %s are refused with HTTP 412 until %s.", requests(a), remedies(a)),
	}
	if a.Used.LessThan(a.Amount) {
		// The first denial raises the alert, whatever is settled by then.
		sentences = append(sentences,
			"What is left of the budget is held by requests in flight, or is less than the refused request asked for.")
	}
	return sentences
}

// requests names those that the budget refuses.
func requests(a Alert) string {
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
	return fmt.Sprintf("the budget resets on %s, or someone raises it, resets it by hand or deletes it", formatTime(*a.PeriodEnd))
}
