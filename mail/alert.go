package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// The values of an [Alert]'s Kind, SubjectKind, BudgetType and PeriodicReset.
const (
	kindThreshold = "THRESHOLD"
	kindExhausted = "EXHAUSTED"

	subjectAPIKey       = "API key"
	subjectWorkspace    = "workspace"
	subjectOrganization = "organization"

	budgetCost   = "COST"
	budgetTokens = "TOKENS"

	resetNone    = "NONE"
	resetWeekly  = "WEEKLY"
	resetMonthly = "MONTHLY"
)

// Alert is what the mail about one alert tells, as it stood when the alert was
// raised. The same Alert always renders to the same mail: the provider refuses
// an idempotency key that comes with other contents.
type Alert struct {
	Kind        string // THRESHOLD or EXHAUSTED
	SubjectKind string // "API key", "workspace" or "organization": what the budget stands on
	// The names may hold anything; they are escaped and shortened here.
	SubjectName, WorkspaceName, OrganizationName string // WorkspaceName is "" when there is none
	KeyPrefix                                    string // the secret's public beginning; "" unless an API key
	BudgetType                                   string // COST or TOKENS
	PeriodicReset                                string // NONE, WEEKLY or MONTHLY
	// Dollars or tokens, as BudgetType says. Threshold is zero for EXHAUSTED.
	Threshold, Amount, Used decimal.Decimal
	PeriodStart             time.Time
	PeriodEnd               *time.Time // nil: never resets
	PeriodClosed            bool       // the period ended before the usage that raised the alert was reported
	RaisedAt                time.Time
	Link                    string // http(s) URL of the subject in the console; "" leaves the button out
	AlertID                 string // names the alert in the idempotency key
}

// Message renders the mail about the alert for one recipient. It fails on an
// alert that no budget can raise (an unknown kind, an amount of zero) or a link
// that is not http(s): nothing is sent rather than something misleading.
func (a Alert) Message(from, to string) (Message, error) {
	if err := a.validate(); err != nil {
		return Message{}, fmt.Errorf("mail: alert %q: %w", a.AlertID, err)
	}
	view := newAlertView(a)
	html, err := renderAlertHTML(view)
	if err != nil {
		return Message{}, fmt.Errorf("mail: alert %q: render HTML: %w", a.AlertID, err)
	}
	text, err := renderAlertText(view)
	if err != nil {
		return Message{}, fmt.Errorf("mail: alert %q: render text: %w", a.AlertID, err)
	}
	return Message{
		From:           from,
		To:             to,
		Subject:        view.Subject,
		HTML:           html,
		Text:           text,
		IdempotencyKey: a.idempotencyKey(to),
		Tags:           map[string]string{alertTag: a.AlertID, "organization": a.OrganizationName},
	}, nil
}

// idempotencyKey names the alert and the recipient, whatever the case of the
// address. The address is hashed: a header takes ASCII and 256 bytes only.
func (a Alert) idempotencyKey(to string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(to))))
	return a.AlertID + "/" + hex.EncodeToString(sum[:16])
}

func (a Alert) validate() error {
	if a.AlertID == "" {
		return errors.New("has no id")
	}
	for _, field := range []struct {
		name, value string
		allowed     []string
	}{
		{"kind", a.Kind, []string{kindThreshold, kindExhausted}},
		{"subject kind", a.SubjectKind, []string{subjectAPIKey, subjectWorkspace, subjectOrganization}},
		{"budget type", a.BudgetType, []string{budgetCost, budgetTokens}},
		{"periodic reset", a.PeriodicReset, []string{resetNone, resetWeekly, resetMonthly}},
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
