package mail

import (
	"strings"

	"github.com/shopspring/decimal"
)

// dollarPlaces is the most decimal places a mail shows of a dollar amount.
const dollarPlaces = 4

// formatAmount writes an amount in the budget's own unit.
func formatAmount(budgetType string, amount decimal.Decimal) string {
	switch budgetType {
	case budgetTokens:
		return formatCount(amount, "token")
	case budgetRequests:
		return formatCount(amount, "request")
	}
	return formatDollars(amount)
}

// formatNumber writes an amount of which the unit follows later in the
// sentence: "5 of 10 tokens". A dollar sign stands before its number anyway.
func formatNumber(budgetType string, amount decimal.Decimal) string {
	if budgetType != budgetCost {
		return groupThousands(amount.Truncate(0).String())
	}
	return formatDollars(amount)
}

// formatDollars writes dollars with two to four places, cut, never rounded up:
// $99.99999 must not read as the $100.00 at which requests are refused. What is
// above zero never reads as zero.
func formatDollars(amount decimal.Decimal) string {
	smallest := decimal.New(1, -dollarPlaces)
	if amount.IsPositive() && amount.LessThan(smallest) {
		return "< $" + smallest.String()
	}
	whole, fraction, _ := strings.Cut(amount.Truncate(dollarPlaces).StringFixed(dollarPlaces), ".")
	fraction = fraction[:2] + strings.TrimRight(fraction[2:], "0")
	return "$" + groupThousands(whole) + "." + fraction
}

// formatCount writes a whole number of tokens or requests.
func formatCount(amount decimal.Decimal, unit string) string {
	number := amount.Truncate(0)
	if !number.Equal(decimal.NewFromInt(1)) {
		unit += "s"
	}
	return groupThousands(number.String()) + " " + unit
}

// percentOf is part as whole percents of whole, cut: 99 until all is there.
// whole must be above zero.
func percentOf(part, whole decimal.Decimal) decimal.Decimal {
	quotient, _ := part.Shift(2).QuoRem(whole, 0)
	return quotient
}

// formatPercent writes percents: "80 %", or "less than 1 %" for what is
// neither nothing nor a whole percent.
func formatPercent(part, whole decimal.Decimal) string {
	percent := percentOf(part, whole)
	if percent.IsZero() && part.IsPositive() {
		return "less than 1 %"
	}
	return groupThousands(percent.String()) + " %"
}

// barWidth is the filled part of the bar in percents, 0 to 100. It is full only
// if all is used and empty only if nothing is.
func barWidth(used, amount decimal.Decimal) int {
	switch percent := percentOf(used, amount); {
	case used.GreaterThanOrEqual(amount):
		return 100
	case percent.IsZero() && used.IsPositive():
		return 1
	default:
		return int(percent.IntPart())
	}
}

// heldWidth is the part of the bar, in percents, for what is held: behind what
// is used, at least 1 if anything is held, and never past the end.
func heldWidth(a Alert) int {
	if !a.Held.IsPositive() {
		return 0
	}
	used := barWidth(a.Used, a.Amount)
	return min(max(barWidth(a.Used.Add(a.Held), a.Amount)-used, 1), 100-used)
}

// groupThousands puts a comma before every third digit from the right.
func groupThousands(digits string) string {
	var grouped strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(digit)
	}
	return grouped.String()
}
