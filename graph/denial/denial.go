// Package denial says of a denied request what a gateway should answer, and why, in a sentence.
package denial

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
)

// HTTPStatus returns the status with which a gateway should answer a request.
func HTTPStatus(denier db.Denier) int {
	switch denier {
	case db.DeniedByKey:
		return http.StatusUnauthorized
	case db.DeniedByReservation:
		return http.StatusConflict
	case db.DeniedByLease: // reserve one by one
		return http.StatusConflict
	case db.DeniedByBudget:
		return http.StatusPreconditionFailed
	case db.DeniedByRate:
		return http.StatusTooManyRequests
	default:
		return http.StatusOK
	}
}

// Message returns the reason of a denial in a sentence.
func Message(d *db.Denial) string {
	switch d.Reason {
	case db.DenialReasonKEYNOTFOUND:
		if d.OfRefusedID {
			return "There is no such API key. This access token takes no ids: send what the caller presented as secret. " +
				"A token with acceptsKeyIds takes ids."
		}
		return "There is no such API key."
	case db.DenialReasonKEYDISABLED:
		return "The API key is disabled."
	case db.DenialReasonKEYEXPIRED:
		return "The API key has expired."
	case db.DenialReasonKEYREVOKED:
		return "The API key was revoked."
	case db.DenialReasonPRICEUNKNOWN:
		return "There is no price of this model, so that nobody knows what to hold of the budgets of dollars. Set one, name the provider, or give the cost."
	case db.DenialReasonLEASESNOTALLOWED:
		return "The organization allows no leases; reserve each request."
	case db.DenialReasonRESERVATIONCLOSED:
		return "The reservation of this requestId was settled or released, or has expired; a new request needs a requestId of its own."
	case db.DenialReasonPOLICYGROUPSEXHAUSTED:
		return fmt.Sprintf("The policy %s has as many groups as it may have, and this request belongs to none of them yet.", d.Policy.Name)
	}
	return limitMessage(d) + groupText(d.Limit.Policy)
}

// groupText says of which policy and group a limit is; "" for another limit.
func groupText(policy *db.PolicyGroupName) string {
	if policy == nil {
		return ""
	}
	values := []string{}
	for _, v := range policy.GroupValues() {
		if v.Value == nil {
			values = append(values, "no "+v.Attribute)
		} else {
			values = append(values, fmt.Sprintf("%s %q", v.Attribute, *v.Value))
		}
	}
	if len(values) == 0 {
		return fmt.Sprintf(" It is of the policy %s.", policy.Name)
	}
	return fmt.Sprintf(" It is of the policy %s, for %s.", policy.Name, strings.Join(values, ", "))
}

// limitMessage is Message for what a limit denies.
func limitMessage(d *db.Denial) string {
	limit := d.Limit
	if d.Reason == db.DenialReasonLEASETOOSMALL {
		return fmt.Sprintf("Of the %s %s limit of %s too little is left to be divided; reserve each request.",
			periodName(limit), typeName(limit.Type), amountText(limit.Type, limit.Max()))
	}
	if limit.Type == db.LimitTypePARALLELREQUESTS {
		return fmt.Sprintf("As many requests are open at the same time as the limit of %s allows, until one of them is settled, released or expires.", limit.Max())
	}
	name := fmt.Sprintf("The %s %s limit of %s", periodName(limit), typeName(limit.Type), amountText(limit.Type, limit.Max()))
	if d.Reason == db.DenialReasonHOLDSEXCEEDED {
		return fmt.Sprintf("The API key may hold %s in requests that are not settled, a share of the %s %s limit of %s; the estimate of %s is more than that leaves.",
			amountText(limit.Type, d.Bound()), periodName(limit), typeName(limit.Type), amountText(limit.Type, limit.Max()),
			amountText(limit.Type, d.Estimate()))
	}
	if d.Reason == db.DenialReasonESTIMATEEXCEEDSLIMIT {
		return fmt.Sprintf("%s is smaller than the estimate of %s.", name, amountText(limit.Type, d.Estimate()))
	}
	until := "until the limit is raised or reset"
	if d.RetryAt != nil {
		until = "until " + d.RetryAt.UTC().Format(time.RFC3339)
		if local := limit.LocalPeriodEnd(); local != "" && limit.PeriodEnd != nil && limit.PeriodEnd.Equal(*d.RetryAt) {
			until = "until " + local
		}
	}
	return fmt.Sprintf("%s has %s left, %s.", name, amountText(limit.Type, limit.Remaining()), until)
}

func periodName(limit *db.LimitStatus) string {
	if days := limit.ResetDays(); days != nil {
		return fmt.Sprintf("%d-day", *days)
	}
	return map[db.LimitPeriod]string{
		db.LimitPeriodNONE: "total", db.LimitPeriodWEEKLY: "weekly", db.LimitPeriodMONTHLY: "monthly",
		db.LimitPeriodSECOND: "per-second", db.LimitPeriodMINUTE: "per-minute", db.LimitPeriodHOUR: "hourly", db.LimitPeriodDAY: "daily",
		db.LimitPeriodWEEK:  "weekly",
		db.LimitPeriodDAILY: "daily", db.LimitPeriodQUARTERLY: "quarterly", db.LimitPeriodYEARLY: "yearly",
	}[limit.Period]
}

func typeName(limitType db.LimitType) string {
	return map[db.LimitType]string{db.LimitTypeCOST: "cost", db.LimitTypeTOKENS: "token", db.LimitTypeREQUESTS: "request"}[limitType]
}

// amountText returns an amount with its currency, if it is money.
func amountText(limitType db.LimitType, amount decimal.Decimal) string {
	if limitType == db.LimitTypeCOST {
		return "$" + dollars(amount)
	}
	return amount.String()
}

// dollars writes an amount with its cents, and with all further places that it has: 10.00, 0.50, 0.6300035.
func dollars(amount decimal.Decimal) string {
	text := amount.String()
	if _, fraction, _ := strings.Cut(text, "."); len(fraction) > cents {
		return text
	}
	return amount.StringFixed(cents)
}

// cents are the places of a dollar that are always written.
const cents = 2
