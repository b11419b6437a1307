package db

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/id"
)

const (
	// SimulationRetention is how long after it was asked for a simulation is kept.
	SimulationRetention = 14 * 24 * time.Hour
	// hourlySimulation is the longest simulation that says by the hour what was refused; longer ones say it by the day.
	hourlySimulation = 93 * 24 * time.Hour
)

// SimulatedLimit is a limit that does not exist, as a simulation has it.
type SimulatedLimit struct {
	Kind         LimitKind   `json:"kind"`
	Type         LimitType   `json:"type"`
	Period       LimitPeriod `json:"period"`
	MaxUnits     int64       `json:"max_units"`
	AlertUnits   []int64     `json:"alert_units"`
	Enabled      bool        `json:"enabled"`
	Mode         LimitMode   `json:"mode"`
	TimeZone     string      `json:"time_zone"`
	WeekStartsOn int16       `json:"week_starts_on"` // 0 Sunday to 6 Saturday
	DayOfMonth   int16       `json:"day_of_month"`
	ResetDays    *int16      `json:"reset_days"`
	ResetAnchor  *string     `json:"reset_anchor"`

	Result *SimulatedRefusals `json:"-"` // nil unless the simulation is DONE
}

// SimulatedBucket is what was refused in an hour or a day.
type SimulatedBucket struct {
	Start     time.Time       `json:"start"`
	Events    int64           `json:"events"`
	Tokens    decimal.Decimal `json:"tokens"`
	CostNanos decimal.Decimal `json:"cost_nanos"`
}

// SimulatedKey is what was refused of an API key.
type SimulatedKey struct {
	APIKeyID  uuid.UUID       `json:"api_key_id"`
	Events    int64           `json:"events"`
	Tokens    decimal.Decimal `json:"tokens"`
	CostNanos decimal.Decimal `json:"cost_nanos"`
}

// SimulatedAlert is an alert that a budget would have raised.
type SimulatedAlert struct {
	Kind           AlertKind `json:"kind"`
	ThresholdUnits *int64    `json:"threshold_units"` // of THRESHOLD, else nil
	Periods        int64     `json:"periods"`         // in how many periods; once in each
	FirstAt        time.Time `json:"first_at"`
	limitType      LimitType
}

// IsNode marks a type of GraphQL's interface Node.
func (*Simulation) IsNode() {}

// ExternalID returns the simulation's external id.
func (s *Simulation) ExternalID() string { return id.Simulation.Format(s.ID) }

// ExternalSubjectID returns the external id of whose usage it is about.
func (s *Simulation) ExternalSubjectID() string {
	switch {
	case s.APIKeyID != nil:
		return id.APIKey.Format(*s.APIKeyID)
	case s.WorkspaceID != nil:
		return id.Workspace.Format(*s.WorkspaceID)
	}
	return id.Organization.Format(s.OrganizationID)
}

// Percent returns how much of the ledger has been read, 0 to 100.
func (s *Simulation) Percent() int {
	switch {
	case s.Status == SimulationStatusDONE:
		return 100
	case s.EventsTotal == nil || *s.EventsTotal == 0:
		return 0
	}
	return int(s.EventsDone * 100 / *s.EventsTotal)
}

// ForgottenAt returns when it is deleted.
func (s *Simulation) ForgottenAt() time.Time { return s.RequestedAt.Add(SimulationRetention) }

// Interval returns how long the buckets are in which it says what was refused: HOUR or DAY.
func (s *Simulation) Interval() UsageInterval {
	if s.ToTime.Sub(s.FromTime) <= hourlySimulation {
		return UsageIntervalHOUR
	}
	return UsageIntervalDAY
}

// Replayed returns what was decided on; nil unless it is DONE.
func (s *Simulation) Replayed() *SimulatedSum {
	if s.ReplayedEvents == nil {
		return nil
	}
	return &SimulatedSum{Events: *s.ReplayedEvents, Tokens: *s.ReplayedTokens, Cost: s.ReplayedCostNanos.Shift(-9)}
}

// SimulatedSum is what some usage events come to.
type SimulatedSum struct {
	Events int64
	Tokens decimal.Decimal
	Cost   decimal.Decimal // US dollars
}

// SimulatedRefusals is a result with its simulation.
type SimulatedRefusals struct {
	*SimulationResult
	Simulation *Simulation
}

// Cost returns what the refused usage had cost in US dollars.
func (r *SimulationResult) Cost() decimal.Decimal { return r.CostNanos.Shift(-9) }

// Cost returns what the refused usage had cost in US dollars.
func (b SimulatedBucket) Cost() decimal.Decimal { return b.CostNanos.Shift(-9) }

// Cost returns what the refused usage had cost in US dollars.
func (k *SimulatedKey) Cost() decimal.Decimal { return k.CostNanos.Shift(-9) }

// ExternalAPIKeyID returns the external id of the API key.
func (k *SimulatedKey) ExternalAPIKeyID() string { return id.APIKey.Format(k.APIKeyID) }

// Threshold returns the amount that raises the alert, in the budget's unit; nil unless the kind is THRESHOLD.
func (a *SimulatedAlert) Threshold() *decimal.Decimal {
	if a.ThresholdUnits == nil {
		return nil
	}
	threshold := amount(a.limitType, decimal.NewFromInt(*a.ThresholdUnits))
	return &threshold
}

// Amount returns the budget's amount: US dollars, tokens or requests.
func (l *SimulatedLimit) Amount() decimal.Decimal {
	return amount(l.Type, decimal.NewFromInt(l.MaxUnits))
}

// AlertThresholds returns the budget's thresholds in its unit.
func (l *SimulatedLimit) AlertThresholds() []decimal.Decimal { return amounts(l.Type, l.AlertUnits) }

// Weekday returns the day on which periods of a WEEKLY budget begin.
func (l *SimulatedLimit) Weekday() Weekday { return weekdays()[l.WeekStartsOn] }

// Day returns on which day of the month a period begins.
func (l *SimulatedLimit) Day() int { return int(l.DayOfMonth) }

// Days returns how many days a period of EVERY_DAYS has; nil for others.
func (l *SimulatedLimit) Days() *int {
	if l.ResetDays == nil {
		return nil
	}
	return new(int(*l.ResetDays))
}

// Alerts returns the alerts that the budget would have raised; none unless the simulation is DONE.
func (l *SimulatedLimit) Alerts() []*SimulatedAlert {
	if l.Result == nil {
		return []*SimulatedAlert{}
	}
	for _, alert := range l.Result.Alerts {
		alert.limitType = l.Type
	}
	return l.Result.Alerts
}
