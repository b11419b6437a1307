package mail

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// The values of an [Alert]'s Kind, SubjectKind and BudgetType.
const (
	kindThreshold = "THRESHOLD"
	kindExhausted = "EXHAUSTED"
	kindRefused   = "REFUSED"
	kindReset     = "RESET"

	subjectAPIKey       = "API key"
	subjectWorkspace    = "workspace"
	subjectOrganization = "organization"

	budgetCost     = "COST"
	budgetTokens   = "TOKENS"
	budgetRequests = "REQUESTS"
)

// Alert is what the mail about one alert tells, as it stood when the alert was
// raised, or about the reset that ended an exhaustion, as it stands when the
// mail is written.
type Alert struct {
	Kind        string // THRESHOLD, EXHAUSTED, REFUSED or RESET
	SubjectKind string // "API key", "workspace" or "organization": what the budget stands on
	// The names may hold anything; they are escaped and shortened here.
	SubjectName, WorkspaceName, OrganizationName string // WorkspaceName is "" when there is none
	KeyPrefix                                    string // the secret's public beginning; "" unless an API key
	OfGroup                                      bool   // the budget is a policy's, for one of its groups, which SubjectName names
	BudgetType                                   string // COST, TOKENS or REQUESTS
	PeriodicReset                                string // NONE, DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY or EVERY_DAYS
	ResetDays                                    int    // of EVERY_DAYS; 0 when it is not known
	Shadow                                       bool   // the budget refuses nothing: it only says what it would refuse
	// Dollars, tokens or requests, as BudgetType says. Threshold is zero unless THRESHOLD.
	Threshold, Amount, Used decimal.Decimal
	EndedUsed               decimal.Decimal // used in the period that has ended; RESET only
	// What the refused request asked for, and what requests in flight held; REFUSED only. Both are zero when that is not known.
	Requested, Held decimal.Decimal
	PeriodStart     time.Time  // in the budget's time zone: see Local
	PeriodEnd       *time.Time // nil: never resets
	PeriodClosed    bool       // the period was over when the mail was written: nothing is refused because of it
	RaisedAt        time.Time
	Others          []Other // what else waited for the same recipient about the same budget, or about any in a digest
	Link            string  // http(s) URL of the subject in the portal; "" leaves the button out
	AlertID         string  // as clients know it
	MailID          string  // the mail's own id, which delivery events bring back
}

// Other is an alert that a mail tells of besides its own.
type Other struct {
	Kind              string          // THRESHOLD, EXHAUSTED, REFUSED or RESET
	Threshold, Amount decimal.Decimal // in the budget's unit; Threshold is zero unless THRESHOLD
	Requested         decimal.Decimal // in the budget's unit; REFUSED only, zero when it is not known
	At                time.Time       // when it was raised
	// The budget, when it is another one than the mail is about: then the mail is a digest. SubjectName may hold anything.
	SubjectKind, SubjectName, BudgetType, PeriodicReset string
	ResetDays                                           int
}

// isDigest tells whether a mail tells of several budgets.
func (a Alert) isDigest() bool {
	return slices.ContainsFunc(a.Others, func(o Other) bool { return o.SubjectKind != "" })
}

// Message writes the mail for one recipient. It fails on an alert that no
// budget can raise (an unknown kind, an amount of zero) or a link that is not
// http(s): nothing is sent rather than something misleading. That is for good,
// see [Permanent].
func (a Alert) Message(from, to string) (Message, error) {
	if err := a.validate(); err != nil {
		return Message{}, &InvalidMessageError{fmt.Sprintf("alert %q: %v", a.AlertID, err)}
	}
	view := newAlertView(a)
	html, err := renderAlertHTML(view)
	if err != nil {
		return Message{}, &InvalidMessageError{fmt.Sprintf("alert %q: render HTML: %v", a.AlertID, err)}
	}
	text, err := renderAlertText(view)
	if err != nil {
		return Message{}, &InvalidMessageError{fmt.Sprintf("alert %q: render text: %v", a.AlertID, err)}
	}
	return Message{
		From:    from,
		To:      to,
		Subject: view.Subject,
		HTML:    html,
		Text:    text,
		Tags:    map[string]string{IDTag: a.MailID, AlertTag: a.AlertID, organizationTag: a.OrganizationName},
	}, nil
}

func (a Alert) validate() error {
	if a.AlertID == "" {
		return errors.New("has no id")
	}
	for _, field := range []struct {
		name, value string
		allowed     []string
	}{
		{"kind", a.Kind, []string{kindThreshold, kindExhausted, kindRefused, kindReset}},
		{"subject kind", a.SubjectKind, []string{subjectAPIKey, subjectWorkspace, subjectOrganization}},
		{"budget type", a.BudgetType, []string{budgetCost, budgetTokens, budgetRequests}},
		{"periodic reset", a.PeriodicReset, []string{
			resetNone, resetDaily, resetWeekly, resetMonthly, resetQuarterly, resetYearly, resetEveryDays}},
	} {
		if !slices.Contains(field.allowed, field.value) {
			return fmt.Errorf("%s is %q, want one of %q", field.name, field.value, field.allowed)
		}
	}
	switch {
	case !a.Amount.IsPositive():
		return fmt.Errorf("amount is %s, want more than 0", a.Amount)
	case a.Used.IsNegative():
		return fmt.Errorf("used is %s, want at least 0", a.Used)
	case a.Held.IsNegative() || a.Requested.IsNegative():
		return fmt.Errorf("held is %s and requested %s, want at least 0", a.Held, a.Requested)
	case a.Kind == kindExhausted && a.Used.LessThan(a.Amount):
		return fmt.Errorf("a budget is exhausted of which %s of %s are used", a.Used, a.Amount)
	case a.Kind == kindRefused && a.Used.GreaterThanOrEqual(a.Amount):
		return fmt.Errorf("a request was refused by a budget that is used up: %s of %s", a.Used, a.Amount)
	case a.Kind == kindReset && a.PeriodicReset == resetNone:
		return errors.New("a budget that never resets has reset")
	case a.Kind == kindThreshold && !a.Threshold.IsPositive():
		return fmt.Errorf("threshold is %s, want more than 0", a.Threshold)
	}
	return a.validateLink()
}

func (a Alert) validateLink() error {
	if a.Link == "" {
		return nil
	}
	link, err := url.Parse(a.Link)
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	if (link.Scheme != "https" && link.Scheme != "http") || link.Host == "" {
		return fmt.Errorf("link is %q, want an http(s) URL", a.Link)
	}
	return nil
}
