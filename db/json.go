package db

import (
	"time"

	"github.com/shopspring/decimal"
)

// Denial is one reason for which a request was refused. Limit is null when no limit refuses it: see its reason. For HOLDS_EXCEEDED it is the
// budget of which the key may hold a share.
type Denial struct {
	Reason        DenialReason     `json:"reason"`
	RetryAt       *time.Time       `json:"retry_at"`       // the end of the limit's period or window; nil when only a change of the limit helps
	EstimateUnits int64            `json:"estimate_units"` // what the request asked of the limit, in its unit
	BoundUnits    int64            `json:"bound_units"`    // of HOLDS_EXCEEDED: what the key may hold, in the limit's unit
	Limit         *LimitStatus     `json:"limit"`
	Shadow        bool             `json:"shadow"` // the limit is in SHADOW: it would have refused
	Policy        *PolicyGroupName `json:"policy"` // of POLICY_GROUPS_EXHAUSTED: the policy; Limit has that of a limit
	OfRefusedID   bool             `json:"-"`      // the request named the key by an id, which its access token does not accept
}

// Metadata is a flat JSON object of strings: GraphQL's Metadata scalar and the columns of that name.
type Metadata map[string]string

// amount returns units of a limit in the API's form: dollars for COST, else the number itself.
func amount(limitType LimitType, units decimal.Decimal) decimal.Decimal {
	if limitType == LimitTypeCOST {
		return units.Shift(-9)
	}
	return units
}

// dollars returns nano-dollars as dollars.
func dollars(nanos int64) decimal.Decimal { return decimal.New(nanos, -9) }

func amounts(limitType LimitType, units []int64) []decimal.Decimal {
	result := make([]decimal.Decimal, len(units))
	for i, u := range units {
		result[i] = amount(limitType, decimal.NewFromInt(u))
	}
	return result
}
