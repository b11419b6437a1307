// Package importer takes over what other systems govern: it reads their exports, says what becomes of them, and what does not map and why. Its sub
// packages know the systems and the database.
package importer

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// Plan is what an import makes.
type Plan struct {
	System        string         `json:"system"` // litellm or portkey
	Source        string         `json:"source"` // which installation of it: the ids are known by it
	Organizations []Organization `json:"organizations"`
	Report        Report         `json:"report"`
}

// State is whether an object is made.
type State string

// The states of an object.
const (
	New   State = "NEW"
	There State = "THERE" // it was imported before, and stays as it is
)

// Organization is an organization with everything that is made in it.
type Organization struct {
	ID         uuid.UUID   `json:"-"`
	ExternalID string      `json:"externalId"`
	Name       string      `json:"name"`
	Slug       string      `json:"slug"`
	State      State       `json:"state"`
	Limits     []Limit     `json:"limits,omitempty"`
	Opening    *Amounts    `json:"opening,omitempty"` // all that it had used, its API keys' among it; nil: nothing, or not known
	Workspaces []Workspace `json:"workspaces,omitempty"`
	Keys       []Key       `json:"apiKeys,omitempty"`
	Policies   []Policy    `json:"policies,omitempty"`

	RaisedQuotas map[db.QuotaName]int `json:"raisedQuotas,omitempty"`
}

// Workspace is a workspace.
type Workspace struct {
	ID         uuid.UUID `json:"-"`
	ExternalID string    `json:"externalId"`
	Name       string    `json:"name"`
	Slug       string    `json:"slug"`
	State      State     `json:"state"`
	Limits     []Limit   `json:"limits,omitempty"`
	Opening    *Amounts  `json:"opening,omitempty"` // as Organization.Opening
}

// Key is an API key.
type Key struct {
	ID          uuid.UUID   `json:"-"`
	ExternalID  string      `json:"externalId"`
	Workspace   string      `json:"workspace,omitempty"` // its external id; "" the organization's own
	Name        string      `json:"name"`
	Description string      `json:"description,omitempty"`
	Prefix      string      `json:"prefix"`
	SecretHash  []byte      `json:"-"`         // SHA-256; nil: it gets a new secret
	NewSecret   bool        `json:"newSecret"` // it gets a new secret
	State       State       `json:"state"`
	Enabled     bool        `json:"enabled"`
	ExpiresAt   *time.Time  `json:"expiresAt,omitempty"`
	Metadata    db.Metadata `json:"metadata,omitempty"`
	Recipients  []string    `json:"recipients,omitempty"`
	Limits      []Limit     `json:"limits,omitempty"`
	Opening     *Amounts    `json:"opening,omitempty"`
	LosesALimit bool        `json:"losesALimit,omitempty"` // a limit that it had there does not map
}

// Amounts is what was used.
type Amounts struct {
	CostNanos int64 // nano-dollars
	Tokens    int64
}

// MarshalJSON writes dollars and tokens.
func (a Amounts) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Cost   string `json:"cost,omitempty"`
		Tokens int64  `json:"tokens,omitempty"`
	}{amount(db.LimitTypeCOST, a.CostNanos), a.Tokens})
}

// Limit is a budget or a rate limit, in the database's units.
type Limit struct {
	Kind         db.LimitKind
	Type         db.LimitType
	Period       db.LimitPeriod
	MaxUnits     int64 // nano-dollars, tokens or requests
	AlertUnits   []int64
	TimeZone     string // "" is UTC
	WeekStartsOn *int   // 0 is Sunday
	DayOfMonth   *int
	ResetDays    *int
	ResetAnchor  *string // a day
}

// MarshalJSON writes amounts in dollars, tokens or requests.
func (l Limit) MarshalJSON() ([]byte, error) {
	alerts := make([]string, len(l.AlertUnits))
	for i, units := range l.AlertUnits {
		alerts[i] = amount(l.Type, units)
	}
	return json.Marshal(struct {
		Kind         db.LimitKind   `json:"kind"`
		Type         db.LimitType   `json:"type"`
		Period       db.LimitPeriod `json:"period"`
		Amount       string         `json:"amount"`
		Alerts       []string       `json:"alertThresholds,omitempty"`
		TimeZone     string         `json:"timeZone,omitempty"`
		WeekStartsOn *int           `json:"weekStartsOn,omitempty"`
		DayOfMonth   *int           `json:"dayOfMonth,omitempty"`
		ResetDays    *int           `json:"resetDays,omitempty"`
		ResetAnchor  *string        `json:"resetAnchor,omitempty"`
	}{l.Kind, l.Type, l.Period, amount(l.Type, l.MaxUnits), alerts, l.TimeZone, l.WeekStartsOn, l.DayOfMonth, l.ResetDays, l.ResetAnchor})
}

// amount writes units of a type: dollars, tokens or requests.
func amount(of db.LimitType, units int64) string {
	if of == db.LimitTypeCOST {
		return decimal.New(units, -nanoDigits).String()
	}
	return strconv.FormatInt(units, 10)
}

// Policy is a policy with its limits.
type Policy struct {
	ExternalID string      `json:"externalId"`
	Name       string      `json:"name"`
	Workspace  string      `json:"workspace,omitempty"`
	State      State       `json:"state"`
	ForNewKeys bool        `json:"-"` // it was made for API keys: those that were imported before have it already
	GroupBy    []string    `json:"groupBy,omitempty"`
	Conditions []Condition `json:"conditions,omitempty"`
	Limits     []Limit     `json:"limits"`
}

// Condition is one of a policy's. Values of the attributes apiKey and workspace are external ids.
type Condition struct {
	Attribute string   `json:"attribute"`
	In        []string `json:"in,omitempty"`
	NotIn     []string `json:"notIn,omitempty"`
}

// InOrder puts everything into an order that does not depend on that of the files.
func (p *Plan) InOrder() {
	slices.SortFunc(p.Organizations, func(a, b Organization) int { return cmp.Compare(a.ExternalID, b.ExternalID) })
	for i := range p.Organizations {
		o := &p.Organizations[i]
		slices.SortFunc(o.Workspaces, func(a, b Workspace) int { return cmp.Compare(a.ExternalID, b.ExternalID) })
		slices.SortFunc(o.Keys, func(a, b Key) int { return cmp.Compare(a.ExternalID, b.ExternalID) })
		slices.SortFunc(o.Policies, func(a, b Policy) int { return cmp.Compare(a.ExternalID, b.ExternalID) })
	}
}
