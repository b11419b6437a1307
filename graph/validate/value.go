// Package validate checks the values of a query's and a mutation's input, as far as that needs neither the database nor the caller. What is
// wrong is told as faults that name the field, all at once. Values are returned in the units of the database. What an id names and whether
// the caller may see it is package graph's.
package validate

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
)

const (
	maxName        = 200
	maxDescription = 2000
	maxRequestID   = 255
	maxLimits      = 50
	maxThresholds  = 20
	maxRequests    = 1_000_000_000
	maxTokens      = 1_000_000_000_000 // of one report, far beyond what a model reads or writes
	maxCost        = 9_000_000_000     // dollars, so that nano-dollars fit into 64 bits
	nanosPerDollar = 1_000_000_000
	maxTTLSeconds  = 86_400
	maxTransition  = 604_800
	maxReason      = 500
	maxVersion     = math.MaxInt32
	maxDomains     = 100

	defaultTTLSeconds = 600
)

// maxRecipients is how many addresses one input has at most.
const maxRecipients = 100

// DefaultTransition is how many seconds a secret works on after a rotation that does not say.
const DefaultTransition = 1800

// text refuses a text that is empty, has more than max characters, control characters, or a secret.
func text(field, s string, max int) error {
	if strings.TrimSpace(s) == "" {
		return fault.BadInput(field, "must not be empty")
	}
	return optionalText(field, s, max)
}

// optionalText is text for one that may be empty. It allows line breaks and tabs.
func optionalText(field, s string, max int) error {
	if n := utf8.RuneCountInString(s); n > max {
		return fault.BadInput(field, "at most %d characters, has %d", max, n)
	}
	if auth.HoldsSecret(s) {
		return fault.BadInput(field, "must not hold the secret of an API key or a token: it would be stored and shown")
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' {
			return fault.BadInput(field, "must not have control characters such as NUL")
		}
	}
	return nil
}

// textPointer is text for a value that may be omitted.
func textPointer(field string, s *string, max int) error {
	if s == nil {
		return nil
	}
	return text(field, *s, max)
}

// email refuses a text that is not one e-mail address.
func email(field, s string) error {
	if !auth.IsEmail(s) {
		return fault.BadInput(field, "must be one e-mail address such as finance@example.com, of at most %d characters", auth.MaxEmail)
	}
	return nil
}

// emails refuses a list with a malformed address, and one that is too short or too long.
func emails(field string, list []string, least int) error {
	if len(list) < least || len(list) > maxRecipients {
		return fault.BadInput(field, "%d to %d addresses, has %d", least, maxRecipients, len(list))
	}
	errs := make([]error, len(list))
	for i, s := range list {
		errs[i] = email(fmt.Sprintf("%s.%d", field, i), s)
	}
	return Together(errs...)
}

// domains refuses a list that is too long or has a malformed e-mail domain.
func domains(field string, list []string) error {
	if len(list) > maxDomains {
		return fault.BadInput(field, "at most %d domains, has %d", maxDomains, len(list))
	}
	errs := make([]error, len(list))
	for i, domain := range list {
		isOther := func(r rune) bool { return r != '.' && r != '-' && !unicode.In(r, unicode.L, unicode.M, unicode.N) }
		if !auth.IsEmail("a@"+domain) || strings.ContainsFunc(domain, isOther) {
			errs[i] = fault.BadInput(fmt.Sprintf("%s.%d", field, i), "must be the domain of e-mail addresses, such as acme.test")
		}
	}
	return Together(errs...)
}

// within refuses a number outside its bounds.
func within(field string, n, least, most int64) error {
	if n < least || n > most {
		return fault.BadInput(field, "must be %d to %d", least, most)
	}
	return nil
}

// units returns an amount in the unit of a limit's counter: nano-dollars, tokens or requests. Answers BAD_USER_INPUT when the unit
// cannot represent it exactly.
func units(field string, limitType db.LimitType, d decimal.Decimal) (int64, error) {
	if limitType == db.LimitTypeCOST {
		return nanos(field, d)
	}
	if !d.IsInteger() {
		return 0, fault.BadInput(field, "must be a whole number")
	}
	return bounded(field, d, decimal.NewFromInt(math.MaxInt64))
}

// nanos returns US dollars as nano-dollars.
func nanos(field string, d decimal.Decimal) (int64, error) {
	shifted := d.Shift(9)
	if !shifted.IsInteger() {
		return 0, fault.BadInput(field, "at most 9 decimal places")
	}
	return bounded(field, shifted, decimal.NewFromInt(math.MaxInt64))
}

func bounded(field string, d, most decimal.Decimal) (int64, error) {
	if d.IsNegative() {
		return 0, fault.BadInput(field, "must not be negative")
	}
	if d.GreaterThan(most) {
		return 0, fault.BadInput(field, "is too large")
	}
	return d.IntPart(), nil
}

// thresholds returns alert thresholds in the unit of a budget's counter.
func thresholds(field string, limitType db.LimitType, list []*decimal.Decimal) ([]int64, error) {
	if len(list) > maxThresholds {
		return nil, fault.BadInput(field, "at most %d", maxThresholds)
	}
	converted, seen, errs := make([]int64, len(list)), map[int64]bool{}, make([]error, len(list))
	for i, d := range list {
		if d == nil { // which was refused before: the others are checked with it
			continue
		}
		at := fmt.Sprintf("%s.%d", field, i)
		if converted[i], errs[i] = units(at, limitType, *d); errs[i] != nil {
			continue
		}
		if seen[converted[i]] {
			errs[i] = fault.BadInput(at, "is given twice")
		}
		seen[converted[i]] = true
	}
	return converted, Together(errs...)
}

// thresholdPercents returns thresholds in percent, ascending; nil for nil.
func thresholdPercents(list []int) ([]int16, error) {
	const field = "alertThresholdPercents"
	if list == nil {
		return nil, nil
	}
	if len(list) > maxThresholds {
		return nil, fault.BadInput(field, "at most %d", maxThresholds)
	}
	percents, errs := make([]int16, len(list)), make([]error, len(list))
	for i, percent := range list {
		at := fmt.Sprintf("%s.%d", field, i)
		if errs[i] = within(at, int64(percent), 1, 99); errs[i] == nil && slices.Contains(list[:i], percent) {
			errs[i] = fault.BadInput(at, "is given twice")
		}
		percents[i] = int16(percent) //nolint:gosec // 1 to 99, or refused
	}
	slices.Sort(percents)
	return percents, Together(errs...)
}

// slugForm is that of the database's constraints.
var slugForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// slug refuses a malformed slug.
func slug(field, s string) error {
	if err := text(field, s, maxName); err != nil {
		return err
	}
	if !slugForm.MatchString(s) {
		return fault.BadInput(field, "1 to 63 lower-case letters, digits and hyphens, no hyphen first or last")
	}
	return nil
}

var notInSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slugOf returns a slug made from a name; "" when the name has no Latin letter or digit.
func slugOf(name string) string {
	slug := strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
	return strings.TrimRight(slug[:min(len(slug), 63)], "-")
}
