package db_test

import (
	"testing"
	"time"

	"bursar/db"
)

// What denies, and retryAfterSeconds: a budget if one denies, else a rate limit; the latest retryAt, rounded up; null if any is null.
func TestDenierAndRetry(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	type limit struct {
		kind   db.LimitKind
		unit   db.LimitType
		period db.LimitPeriod
		units  int64
	}
	rate := func(period db.LimitPeriod, units int64) limit {
		return limit{db.LimitKindRATE, db.LimitTypeTOKENS, period, units}
	}
	budget := func(period db.LimitPeriod, units int64) limit {
		return limit{db.LimitKindBUDGET, db.LimitTypeTOKENS, period, units}
	}
	const never = -1
	week, month := int((3*24*time.Hour+12*time.Hour-30*time.Second)/time.Second), int((20*24*time.Hour+12*time.Hour-30*time.Second)/time.Second)
	for name, c := range map[string]struct {
		limits []limit
		denier db.Denier
		retry  int
	}{
		"a minute":                       {[]limit{rate("MINUTE", 10)}, db.DeniedByRate, 30},
		"an hour and a minute":           {[]limit{rate("MINUTE", 10), rate("HOUR", 10)}, db.DeniedByRate, 3570},
		"an estimate above a rate":       {[]limit{rate("MINUTE", 5)}, db.DeniedByRate, never},
		"a week":                         {[]limit{budget("WEEKLY", 10)}, db.DeniedByBudget, week},
		"a month":                        {[]limit{budget("MONTHLY", 10)}, db.DeniedByBudget, month},
		"a week and a month":             {[]limit{budget("WEEKLY", 10), budget("MONTHLY", 10)}, db.DeniedByBudget, month},
		"a week and a minute":            {[]limit{budget("WEEKLY", 10), rate("MINUTE", 10)}, db.DeniedByBudget, week},
		"a budget without a reset":       {[]limit{budget("NONE", 10)}, db.DeniedByBudget, never},
		"no reset and a minute":          {[]limit{budget("NONE", 10), rate("MINUTE", 10)}, db.DeniedByBudget, never},
		"an estimate above a budget":     {[]limit{budget("WEEKLY", 5)}, db.DeniedByBudget, never},
		"an estimate above and a minute": {[]limit{budget("WEEKLY", 5), rate("MINUTE", 10)}, db.DeniedByBudget, never},
		"nothing":                        {[]limit{budget("WEEKLY", 100), rate("MINUTE", 100)}, db.DeniedByNothing, never},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			for _, l := range c.limits {
				_, err := g.newLimit(onKey, l.kind, l.unit, l.period, l.units, []int64{})
				must(t, 0, err)
			}
			g.book(reportTokens(6))
			for _, answer := range []*db.UsageAnswer{g.check(estimateTokens(6)), g.reserve(estimateTokens(6))} {
				equal(t, "denied by", answer.DeniedBy(), c.denier)
				equal(t, "retry", deref(answer.RetryAfterSeconds()), c.retry)
			}
		})
	}
}

// retryAfterSeconds is rounded up: a client that waits it out is never early.
func TestRetryIsRoundedUp(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1)
	g.admit(estimateRequests(1))
	end := *g.limit(rate).PeriodEnd
	for before, seconds := range map[time.Duration]int{
		time.Microsecond: 1, time.Second: 1, time.Second + time.Microsecond: 2, 29*time.Second + time.Millisecond: 30,
	} {
		answer := g.at(end.Add(-before)).deny(estimateRequests(1), db.DenialReasonRATELIMITED)
		equal(t, "seconds "+before.String()+" before the end", deref(answer.RetryAfterSeconds()), seconds)
	}
}

// A denial says what the request asked of the limit, and the limit as it stood.
func TestDenialShowsTheLimit(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 10*dollar)
	g.book(reportCost(7 * dollar))
	g.admit(estimateCost(dollar))
	denial := g.deny(estimateCost(5*dollar), db.DenialReasonBUDGETEXHAUSTED).Denials[0]
	equal(t, "estimate", denial.EstimateUnits, 5*dollar)
	equal(t, "used", denial.Limit.Used().String(), "7")
	equal(t, "reserved", denial.Limit.Reserved().String(), "1")
	equal(t, "remaining", denial.Limit.Remaining().String(), "2")
	equal(t, "estimate in dollars", denial.Estimate().String(), "5")
	equalTime(t, "retry", *denial.RetryAt, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	denial = g.deny(estimateCost(11*dollar), db.DenialReasonESTIMATEEXCEEDSLIMIT).Denials[0]
	equal(t, "larger estimate in dollars", denial.Estimate().String(), "11")
}
