package apply

import (
	"slices"
	"strings"

	"bursar/apply/document"
)

// The organization as the API answers it.

type liveOrganization struct {
	ID, Slug, Name, Plan string
	GovernanceEnabled    bool
	RecipientDomains     []string
	UnpricedPolicy       string
	Version              int
	liveLimits

	workspaces []*liveWorkspace
	members    []*liveMember
	keys       []*liveKey // that are not revoked
	policies   []*livePolicy
	prices     []*livePrice // that are not over
}

type liveLimits struct {
	BudgetLimits []*liveBudget
	RateLimits   []*liveRate
	Recipients   []liveRecipient
}

type liveRecipient struct{ Email, Source string }

type liveBudget struct {
	ID, Type, PeriodicReset, TimeZone, WeekStartsOn, Mode string
	Amount                                                document.Decimal
	AlertThresholds                                       []document.Decimal
	AlertThresholdPercents                                []int64
	ResetDays                                             *int64
	ResetAnchor                                           *string
	DayOfMonth                                            int64
	Enabled                                               bool
}

type liveRate struct {
	ID, Type, Mode string
	Limit          int64
	Interval       *string
	Enabled        bool
}

type liveWorkspace struct {
	ID, Slug, Name string
	Version        int
	liveLimits
}

type liveMember struct {
	ID, Email, Role string
	Name            *string
}

type liveOwner struct{ ID string }

type liveKey struct {
	ID, Name, Prefix            string
	Description                 *string
	ExpiresAt, LastUsedAt       *document.Time
	Enabled, EmailNotifications bool
	Metadata                    map[string]string
	Owner                       liveOwner
	Version                     int
	liveLimits
}

type livePolicy struct {
	ID, Name, Mode string
	Owner          *liveOwner
	Conditions     []liveCondition
	GroupBy        []string
	MaxGroups      int64
	BudgetLimits   []*liveBudget
	RateLimits     []*liveRate
	Version        int
}

type liveCondition struct {
	Attribute string
	In, NotIn []string
}

type livePrice struct {
	managed bool // it is in a document

	ID, Provider, Model string
	EffectiveFrom       document.Time
	EffectiveTo         *document.Time
	Source              *string
	MaxOutputTokens     *int64
	Rates               []liveRateOfPrice
}

type liveRateOfPrice struct {
	Unit, ServiceTier string
	PerMillion        document.Decimal
	AboveInputTokens  int64
}

// ownerID returns the id of the organization (an empty slug) or of a workspace; empty: there is none.
func (o *liveOrganization) ownerID(slug string) string {
	if slug == "" {
		return o.ID
	}
	for _, w := range o.workspaces {
		if w.Slug == slug {
			return w.ID
		}
	}
	return ""
}

// slugOf returns the slug of a workspace; empty for the organization.
func (o *liveOrganization) slugOf(ownerID string) string {
	for _, w := range o.workspaces {
		if w.ID == ownerID {
			return w.Slug
		}
	}
	return ""
}

// added returns the addresses that were added to a subject.
func (l *liveLimits) added() []string {
	var emails []string
	for _, r := range l.Recipients {
		if r.Source == "ADDED" {
			emails = append(emails, r.Email)
		}
	}
	return emails
}

// tells says whether an address is told of a subject's alerts, for whatever reason.
func (l *liveLimits) tells(email string) bool {
	return slices.ContainsFunc(l.Recipients, func(r liveRecipient) bool { return strings.EqualFold(r.Email, email) })
}
