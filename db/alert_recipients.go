package db

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// AlertRecipients says who hears of one of a budget's alerts instead of the subject's recipients. Its JSON is that of the database.
type AlertRecipients struct {
	Kind    AlertKind `json:"kind"`              // THRESHOLD, EXHAUSTED (also of the reset after it) or REFUSED
	Units   *int64    `json:"units,omitempty"`   // of THRESHOLD, set as an amount
	Percent *int16    `json:"percent,omitempty"` // of THRESHOLD, set in percent
	Emails  []string  `json:"emails"`
	// SubjectRecipients tells whether the subject's recipients hear of it, too.
	SubjectRecipients bool `json:"subject_recipients"`
}

// IsAbout tells whether it is about the same alert as another one.
func (r *AlertRecipients) IsAbout(other *AlertRecipients) bool {
	return r.Kind == other.Kind && same(r.Units, other.Units) && same(r.Percent, other.Percent)
}

func same[V comparable](x, y *V) bool { return x == y || x != nil && y != nil && *x == *y }

// Names tells whether it names an address, in whatever case.
func (r *AlertRecipients) Names(email string) bool {
	return slices.ContainsFunc(r.Emails, func(named string) bool { return strings.EqualFold(named, email) })
}

// BudgetAlertRecipients is AlertRecipients with the threshold in the budget's unit.
type BudgetAlertRecipients struct {
	*AlertRecipients
	Type LimitType // of the budget
}

// Threshold returns the amount as which the threshold was set; nil for another alert.
func (r *BudgetAlertRecipients) Threshold() *decimal.Decimal {
	if r.Units == nil {
		return nil
	}
	return new(amount(r.Type, decimal.NewFromInt(*r.Units)))
}

// ThresholdPercent returns the percent as which the threshold was set; nil for another alert.
func (r *BudgetAlertRecipients) ThresholdPercent() *int {
	if r.Percent == nil {
		return nil
	}
	return new(int(*r.Percent))
}

// NamedRecipients returns who hears of single alerts of a budget instead of the subject's recipients.
func (s *LimitStatus) NamedRecipients() []*BudgetAlertRecipients {
	named := make([]*BudgetAlertRecipients, len(s.AlertRecipients))
	for i, r := range s.AlertRecipients {
		named[i] = &BudgetAlertRecipients{r, s.Type}
	}
	return named
}

// RecipientsOf returns who hears of an alert instead of the subject's recipients, as alert_recipients_of does; nil: those do. units is the threshold's amount, of THRESHOLD.
func (s *LimitStatus) RecipientsOf(kind AlertKind, units int64) *AlertRecipients {
	var found *AlertRecipients
	for _, r := range s.AlertRecipients {
		switch {
		case r.Kind != kind:
		case kind != AlertKindTHRESHOLD || r.Units != nil && *r.Units == units:
			return r
		case r.Percent != nil && s.percentUnits(*r.Percent) == units && (found == nil || *r.Percent < *found.Percent):
			found = r
		}
	}
	return found
}

// percentUnits returns at which amount a threshold in percent is reached.
func (s *LimitStatus) percentUnits(percent int16) int64 {
	return decimal.NewFromInt(s.MaxUnits).Mul(decimal.New(int64(percent), -2)).Ceil().IntPart()
}

// KeptRecipients returns those of recipients of alerts that a budget with these thresholds keeps, as kept_alert_recipients does.
func KeptRecipients(recipients []*AlertRecipients, alertUnits []int64, alertPercents []int16) []*AlertRecipients {
	return slices.DeleteFunc(slices.Clone(recipients), func(r *AlertRecipients) bool {
		return r.Kind == AlertKindTHRESHOLD && (r.Units == nil || !slices.Contains(alertUnits, *r.Units)) &&
			(r.Percent == nil || !slices.Contains(alertPercents, *r.Percent))
	})
}
